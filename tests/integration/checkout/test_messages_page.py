"""Messages that wait for a person: seen and decided by whoever may, kept with who decided."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from uuid import UUID

import pytest

from checkout.messages.courier import Courier
from checkout.messages.settings import MemberMessagesSettings
from loyalty.adapters.file_gateway import FileMessageGateway
from loyalty.adapters.gateways.build import build_gateway
from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.domain.contact.delivery import Decision
from loyalty.domain.message import MessageKind, MessageState
from loyalty.domain.staff import Permission
from loyalty.services.preview_messages import preview_messages
from loyalty.services.queue_message import queue_message
from loyalty.services.receive_reply import InboundSms, receive_reply
from messaging.events.consent_given import ConsentGiven
from tests.fakes.http_provider import HttpProvider
from tests.integration.checkout.browser import Browser, add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk, plain
from tests.patience import PATIENCE_S


def unknown_message(counter: Counter, key: str) -> UUID:
    """A message that the station was handing over when its line broke."""
    counter.station.courier.stop()
    now = counter.clock.now()
    with counter.database.unit_of_work() as unit:
        member = unit.customers.member(counter.customer_id("Camille"))
        assert member is not None
        params = {"points": 5, "balance": 39}
        queue_message(unit, counter.station.ctx, member, MessageKind.POINTS_EARNED, key, params=params)
        unit.commit()
    with counter.database.unit_of_work() as unit:
        message = unit.messages.recent(1)[0]
        assert unit.deliveries.claim(message.id, "s0001.station", now, 0)
        unit.deliveries.settle(message.id, MessageState.UNKNOWN, now, "timeout")
        unit.commit()
    return message.id


def state(counter: Counter, message_id: UUID) -> MessageState:
    with counter.database.reading() as unit:
        found = unit.deliveries.get(message_id)
    assert found is not None
    return found.state


def test_a_person_decides_and_it_is_kept_who(counter: Counter) -> None:
    # row 193
    first, second = unknown_message(counter, "a"), unknown_message(counter, "b")

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            page = (await browser.get("/messages")).text
            assert str(first) in page
            assert "timeout" in page
            assert (await browser.send_form(f"/messages/{first}", decision="give_up")).status_code == 303
            assert (await browser.send_form(f"/messages/{second}", decision="send_again")).status_code == 303
            again = await browser.send_form(f"/messages/{first}", decision="send_again")
            assert again.headers["location"] == "/messages?refused=decided"
            assert (await browser.send_form(f"/messages/{first}", decision="shred")).status_code == 422
            assert str(first) not in (await browser.get("/messages")).text

    run(story())
    assert state(counter, first) is MessageState.DROPPED
    assert state(counter, second) is MessageState.QUEUED
    with counter.database.reading() as unit:
        kept = unit.deliveries.decisions_of(first)
    assert [(one.decision, one.staff_id) for one in kept] == [(Decision.GIVE_UP, counter.shop.staff.id)]


def test_who_may_not_decide_sees_nothing_and_numbers_are_masked(counter: Counter) -> None:
    # rows 9, 211
    waiting = unknown_message(counter, "a")
    add_staff(counter, "poste", Permission.MANAGE_MESSAGES)

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("caisse")
            assert (await browser.get("/messages")).status_code == 403
            answer = await browser.send_form(f"/messages/{waiting}", decision="send_again")
            assert answer.status_code == 403
            browser.sign_in("poste")
            page = (await browser.get("/messages")).text
            assert str(waiting) in page
            assert "12 00 00" not in page

    run(story())
    assert state(counter, waiting) is MessageState.UNKNOWN


def test_a_gateway_that_broke_off_leads_here_and_sent_again_goes_out(
    counter: Counter, tmp_path: Path
) -> None:
    # row 193
    waiting = unknown_message(counter, "a")

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            assert "/messages" in (await browser.get("/health")).text
            await browser.send_form(f"/messages/{waiting}", decision="send_again")

    run(story())
    sent = threading.Event()
    folder = tmp_path / "again"
    courier = Courier(
        counter.database.unit_of_work, counter.station.ctx, FileMessageGateway(folder), on_sent=sent.set
    )
    courier.start()
    assert sent.wait(PATIENCE_S)
    courier.stop()
    wait_until(lambda: state(counter, waiting) is MessageState.SENT)
    assert len((folder / "messages.jsonl").read_text().splitlines()) == 1


def test_an_enrolment_leaves_by_the_configured_provider_once_and_a_cut_line_waits_for_a_person(
    counter: Counter, tmp_path: Path
) -> None:
    # rows 117, 193
    counter.station.courier.stop()
    secret = tmp_path / "sms.key"
    secret.write_text("geheim geheim geheim")
    with HttpProvider() as provider:
        chosen = MemberMessagesSettings.model_validate(
            {"sms": "http", "http": {"url": provider.url, "secret_file": str(secret), "deadline_s": 5}}
        )
        gateway = build_gateway(chosen, subject=TemplateWording().subject, clock=counter.clock)
        courier = Courier(
            counter.database.unit_of_work,
            counter.station.ctx,
            gateway,
            name="s0001.station",
            rules_of=chosen.sending.rules_for,
        )
        courier.start()
        enrol_at_the_kiosk(counter, "+33612004455")
        courier.wake()
        assert provider.was_asked.wait(PATIENCE_S)
        wait_until(lambda: recent_state(counter) is MessageState.SENT)
        assert provider.asked[0].json["to"] == "+33612004455"
        assert "/s/" in str(provider.asked[0].json["text"])
        provider.status = 500
        enrol_at_the_kiosk(counter, "+33612004466")
        courier.wake()
        wait_until(lambda: recent_state(counter) is MessageState.UNKNOWN)
        courier.wake()
        courier.stop()
        assert len(provider.asked) == 2, "an outcome that nobody knows is not tried again"

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            assert "06 12 00 44 66" in (await browser.get("/messages")).text

    run(story())


def enrol_at_the_kiosk(counter: Counter, number: str) -> None:
    body = ConsentGiven(
        phone_number=number,
        programme=True,
        marketing_sms=False,
        given_name=None,
        language="fr",
        wording="kiosk-2026-11",
    )
    assert counter.send(counter.envelope(body)).outcome == "accepted"


def recent_state(counter: Counter) -> MessageState:
    with counter.database.reading() as unit:
        return unit.messages.recent(1)[0].state


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline, pause = time.monotonic() + PATIENCE_S, threading.Event()
    while not is_so():
        assert time.monotonic() < deadline
        pause.wait(0.02)


def test_what_waits_and_what_did_not_go_out_is_listed_with_the_reason(counter: Counter) -> None:
    # part of row 193
    waits, dropped, refused = (unknown_message(counter, key) for key in "abc")
    now = counter.clock.now()
    with counter.database.unit_of_work() as unit:
        unit.deliveries.put_back(waits, now + timedelta(hours=9), "quiet_hours")
        unit.deliveries.settle(dropped, MessageState.DROPPED, now, "sms_number_limit")
        unit.deliveries.settle(refused, MessageState.REFUSED, now, "no such <mailbox>")
        unit.commit()
    add_staff(counter, "poste", Permission.MANAGE_MESSAGES)

    async def story() -> None:
        async with desk(counter) as browser:
            page = await browser.page("/messages")
            assert "quiet hours" in page[page.index("Wait for their time") : page.index("Did not go out")]
            rest = page[page.index("Did not go out") :]
            assert "this number had enough" in rest
            assert "no such &lt;mailbox&gt;" in rest
            assert "06 12 00 00 01" in page
        async with desk(counter, "poste") as browser:
            assert "12 00 00" not in await browser.page("/messages")

    run(story())


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_every_text_is_shown_in_every_language_with_its_price(counter: Counter, language: str) -> None:
    with counter.database.reading() as unit:
        previews = preview_messages(unit, counter.station.ctx, language)

    async def story() -> None:
        async with desk(counter) as browser:
            page = unescape(await browser.page(f"/messages/texts?language={language}"))
            for preview in previews:
                assert plain(preview.body) in page
                assert plain(preview.letter) in page
            assert f'hreflang="{language}" aria-current="true"' in page
            assert page.count("0,08 €") >= len(previews) - 2
            assert (await browser.get("/messages/texts?language=%3Cx%3E")).status_code == 200

    run(story())


def test_who_opted_out_is_listed_masked_and_leads_to_what_they_said(counter: Counter) -> None:
    # part of rows 160, 199
    with counter.database.unit_of_work() as unit:
        for name, words in (("Camille", "STOP"), ("Idris", "pas moi")):
            member = unit.customers.member(counter.customer_id(name))
            assert member is not None
            assert member.account is not None
            sender = str(member.account.phone_number)
            said = InboundSms(f"sms-{name}", sender, words, counter.clock.now())
            receive_reply(unit, counter.station.ctx, said)
        unit.commit()
    add_staff(counter, "poste", Permission.MANAGE_MESSAGES)

    async def story() -> None:
        async with desk(counter) as browser:
            page = await browser.page("/messages/stopped")
            assert "Wants no messages" in page
            assert "“This is not me”" in page
            assert "06 12 00 00 01" in page
            assert f'href="/customers/{counter.customer_id("Camille")}"' in page
            assert f'href="/customers/{counter.customer_id("Idris")}"' not in page, (
                "the number is no longer theirs"
            )
            assert "by SMS" in page
        async with desk(counter, "poste") as browser:
            page = await browser.page("/messages/stopped")
            assert "12 00 00" not in page
            assert "/customers/" not in page

    run(story())


@pytest.mark.parametrize("path", ["/messages/texts", "/messages/stopped", "/messages"])
def test_the_pages_of_messages_ask_for_their_permission(counter: Counter, path: str) -> None:
    # row 211
    add_staff(counter, "others", *(set(Permission) - {Permission.MANAGE_MESSAGES}))

    async def story() -> None:
        async with desk(counter, "others") as browser:
            assert (await browser.get(path)).status_code == 403

    run(story())
