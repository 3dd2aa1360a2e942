"""The few things a link or an answer by SMS can do."""

import threading
import time

import pytest

from checkout.public.listener import PublicListener
from checkout.public.settings import PublicSettings
from loyalty.domain.consent import (
    ConsentPurpose,
    ConsentState,
)
from loyalty.domain.message import MessageKind
from loyalty.services.queue_message import queue_message
from loyalty.services.status_link import revoke_status_links
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.outside import HOST, Outside, opt_out_path, status_path
from tests.integration.checkout.public_door.members_outside import (
    _PARAMS,
    CAMILLE,
    consents,
    grant_advertising,
    number_of,
    suppression,
)
from tests.patience import PATIENCE_S

# --- the few things a link can do -------------------------------------------------------------------


def test_opening_a_page_changes_nothing(counter: Counter, phone: Outside) -> None:
    # row 160
    path, out = status_path(counter), opt_out_path(counter)
    before = consents(counter)
    for address in (path, f"{path}/code", f"{path}/not-me", out, f"{path}/stop", f"{out}/start"):
        phone.get(address)
    assert consents(counter) == before
    assert suppression(counter, number_of(counter)) is None


def test_one_tap_stops_all_messages_and_another_brings_them_back(counter: Counter, phone: Outside) -> None:
    # rows 160, X7
    path, number = status_path(counter), number_of(counter)
    grant_advertising(counter)
    stopped = phone.post(f"{path}/stop")
    assert stopped.status_code == 200
    assert "Les messages sont arrêtés" in stopped.text
    assert suppression(counter, number) == "opted_out"
    assert consents(counter)[ConsentPurpose.PROGRAMME_MESSAGES] is ConsentState.WITHDRAWN
    assert consents(counter)[ConsentPurpose.MARKETING_SMS] is ConsentState.WITHDRAWN
    with counter.database.unit_of_work() as unit:
        member = unit.customers.member_by_phone(number)
        assert member is not None
        for kind in (MessageKind.POINTS_EARNED, MessageKind.WELCOME, MessageKind.PROGRAMME_CHANGED):
            assert queue_message(unit, counter.station.ctx, member, kind, f"{kind.value}:1", params=_PARAMS)
        unit.commit()
    counter.station.courier.wake()
    _wait_until(lambda: not _queued(counter))
    assert not (counter.web.messages_folder / "messages.jsonl").exists()
    assert "M’écrire à nouveau" in phone.get(path).text
    assert phone.post(f"{path}/start").status_code == 200
    assert suppression(counter, number) is None
    assert consents(counter)[ConsentPurpose.MARKETING_SMS] is ConsentState.WITHDRAWN, "advertising stays off"


def _queued(counter: Counter) -> int:
    with counter.database.reading() as unit:
        return len(unit.messages.queued(10))


def _wait_until(is_so: object) -> None:
    deadline, pause = time.monotonic() + PATIENCE_S, threading.Event()
    while not is_so():  # type: ignore[operator]
        assert time.monotonic() < deadline
        pause.wait(0.02)


def test_advertising_alone_can_be_stopped(counter: Counter, phone: Outside) -> None:
    # row 161: the member's own settings stand on the status page, the nearest thing to a vendor's phone app
    # row 160
    path = status_path(counter)
    grant_advertising(counter)
    assert "Arrêter la publicité" in phone.get(path).text
    phone.post(f"{path}/no-advertising")
    assert consents(counter)[ConsentPurpose.MARKETING_SMS] is ConsentState.WITHDRAWN
    assert suppression(counter, number_of(counter)) is None
    assert "Arrêter la publicité" not in phone.get(path).text


def test_not_me_detaches_the_number_after_a_question_and_voids_link_and_card(
    counter: Counter, phone: Outside
) -> None:
    # row 199
    path, number, customer = status_path(counter), number_of(counter), counter.customer_id(CAMILLE)
    balance = counter.balance(CAMILLE)
    assert phone.get(f"{path}/not-me").status_code == 200
    done = phone.post(f"{path}/not-me")
    assert "Le numéro est détaché" in done.text
    assert path not in done.text
    assert suppression(counter, number) == "not_me"
    with counter.database.reading() as unit:
        assert unit.customers.member_by_phone(number) is None
        member = unit.customers.member(customer)
        assert member is not None
        assert member.account is not None
        assert (member.account.phone_number, member.account.balance) == (None, balance)
        assert all(card.revoked_at is not None for card in unit.cards.of_customer(customer))
    assert phone.get(path).status_code == 404
    assert phone.post(f"{path}/start").status_code == 404


def test_a_page_of_another_site_cannot_press_the_buttons(counter: Counter, phone: Outside) -> None:
    # row 211
    path = status_path(counter)
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site", "origin": "null"}):
        assert phone.post(f"{path}/stop", headers=headers).status_code == 403
    assert suppression(counter, number_of(counter)) is None
    own = {"origin": f"https://{HOST}", "sec-fetch-site": "same-origin"}
    assert phone.post(f"{path}/stop", headers=own).status_code == 200


def test_unknown_and_revoked_links_answer_the_same(counter: Counter, phone: Outside) -> None:
    # row 127
    path = status_path(counter)
    with counter.database.unit_of_work() as unit:
        revoke_status_links(unit, counter.station.ctx, counter.customer_id(CAMILLE))
        unit.commit()
    unknown = "/s/" + "x" * 43
    for suffix in ("", "/code", "/not-me"):
        revoked, never = phone.get(path + suffix), phone.get(unknown + suffix)
        assert revoked.status_code == never.status_code == 404
        assert revoked.text == never.text
    for choice in ("stop", "start", "not-me", "no-advertising"):
        revoked, never = phone.post(f"{path}/{choice}"), phone.post(f"{unknown}/{choice}")
        assert (revoked.status_code, revoked.text) == (never.status_code, never.text) == (404, never.text)


def test_the_button_of_a_mail_program_stops_messages(counter: Counter, phone: Outside) -> None:
    # rows 160, 193
    path, number = opt_out_path(counter), number_of(counter)
    assert "Arrêter tous les messages" in phone.get(path).text
    answer = phone.post(path, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert suppression(counter, number) == "opted_out"
    assert phone.post(f"{path}/start").status_code == 200
    assert suppression(counter, number) is None
    assert "détaché" in phone.post(f"{path}/not-me").text
    assert suppression(counter, number) == "not_me"
    phone.post(f"{path}/start")
    assert suppression(counter, number) == "not_me"
    assert phone.post("/o/" + "x" * 43).status_code == 404


# --- answers by SMS ---------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["STOP", "arret", "ARRÊT", " Stop. "])
def test_a_signed_stop_stops_and_start_brings_back(counter: Counter, phone: Outside, word: str) -> None:
    # rows 160, 196
    number = number_of(counter)
    assert phone.sms(counter, number, word, "m1") == 204
    assert suppression(counter, number) == "opted_out"
    assert phone.sms(counter, number, "START", "m2") == 204
    assert suppression(counter, number) is None


def test_an_answer_does_not_say_who_is_a_member(counter: Counter, phone: Outside) -> None:
    # rows 170, 196
    for place, sender in enumerate([number_of(counter), "+33600000000"]):
        for text in ("STOP", "bonjour", "not me"):
            assert phone.sms(counter, sender, text, f"{place}{text}") == 204


def test_the_same_message_again_has_no_second_effect(counter: Counter, phone: Outside) -> None:
    number = number_of(counter)
    assert phone.sms(counter, number, "STOP", "m1") == 204
    assert phone.sms(counter, number, "START", "m2") == 204
    assert phone.sms(counter, number, "STOP", "m1") == 204
    assert suppression(counter, number) is None


@pytest.mark.parametrize(
    "forged",
    [
        {"secret": "ein anderes Geheimnis ganz"},
        {"signature": ""},
        {"signature": "00" * 32},
        {"signature": "é"},
        {"late_s": -301},
        {"late_s": 301},
        {"body": b"{"},
        {"body": b"[" * 5000},
    ],
)
def test_a_forged_or_late_post_is_refused_and_changes_nothing(
    counter: Counter, phone: Outside, forged: dict[str, object]
) -> None:
    # row 196
    number = number_of(counter)
    try:
        assert phone.sms(counter, number, "STOP", **forged) == 403
    except UnicodeEncodeError:
        assert not str(forged["signature"]).isascii()
    assert suppression(counter, number) is None


def test_without_a_secret_there_is_no_route_for_sms(counter: Counter) -> None:
    chosen = PublicSettings.model_validate({"port": 0, "proxies": ["127.0.0.1"]})
    listener = PublicListener(chosen, f"https://{HOST}", counter.web).start()
    try:
        with Outside(listener) as phone:
            assert phone.sms(counter, "+33600000000", "STOP") == 404
    finally:
        listener.stop()
