"""Messages that wait for a person: seen and decided by whoever may, kept with who decided."""

import threading
import time
from pathlib import Path
from uuid import UUID

from loyalty.domain.contact.delivery import Decision
from loyalty.domain.message import MessageKind, MessageState
from loyalty.domain.staff import Permission
from loyalty.services.queue_message import queue_message
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.test_web_security import Browser, add_staff, run


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
    from checkout.messages.courier import Courier
    from loyalty.adapters.file_gateway import FileMessageGateway

    sent = threading.Event()
    folder = tmp_path / "again"
    courier = Courier(
        counter.database.unit_of_work, counter.station.ctx, FileMessageGateway(folder), on_sent=sent.set
    )
    courier.start()
    assert sent.wait(10)
    courier.stop()
    deadline = time.monotonic() + 5
    while state(counter, waiting) is not MessageState.SENT:
        assert time.monotonic() < deadline
    assert len((folder / "messages.jsonl").read_text().splitlines()) == 1
