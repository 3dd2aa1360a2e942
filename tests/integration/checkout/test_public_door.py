"""The public door on a real socket: what it serves, what it refuses, and what an answer gives away."""

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkout.errors import PublicDoorError
from checkout.public.connection import MAX_FROM_ONE_ADDRESS
from checkout.public.listener import PublicListener
from checkout.public.settings import PublicSettings
from checkout.web import demo
from checkout.web.app import PAGES
from checkout.web.pages import status, status_choices
from loyalty.domain.consent import (
    ConsentChannel,
    ConsentEntry,
    ConsentPurpose,
    ConsentState,
    current_consents,
)
from loyalty.domain.message import MessageKind
from loyalty.services.queue_message import queue_message
from loyalty.services.status_link import revoke_status_links
from runtime.errors import ConfigurationError
from runtime.ids import new_id
from tests.fakes.tls import loopback_certificate
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.outside import HOST, Outside, opt_out_path, public_door, status_path

CAMILLE = "Camille"


@pytest.fixture
def door(counter: Counter, tmp_path: Path) -> Iterator[PublicListener]:
    limits = {"requests_a_minute": 5000, "link_requests_a_minute": 5000, "sms_a_minute": 5000}
    with public_door(counter, tmp_path, **limits) as opened:
        yield opened


@pytest.fixture
def phone(door: PublicListener) -> Iterator[Outside]:
    with Outside(door) as client:
        yield client


_PARAMS = {"points": 5, "balance": 39, "link": "https://a.example/s/x", "date": "2026-12-01"}


def number_of(counter: Counter, given_name: str = CAMILLE) -> str:
    with counter.database.reading() as unit:
        member = unit.customers.member(counter.customer_id(given_name))
    assert member is not None
    assert member.account is not None
    return str(member.account.phone_number)


def suppression(counter: Counter, number: str) -> str | None:
    with counter.database.reading() as unit:
        found = unit.suppressions.of(number)
    return found.reason.value if found is not None else None


def consents(counter: Counter, given_name: str = CAMILLE) -> dict[ConsentPurpose, ConsentState]:
    with counter.database.reading() as unit:
        return current_consents(unit.consents.of_customer(counter.customer_id(given_name)))


def grant_advertising(counter: Counter) -> None:
    with counter.database.unit_of_work() as unit:
        unit.consents.add(
            ConsentEntry(
                id=new_id(),
                customer_id=counter.customer_id(CAMILLE),
                purpose=ConsentPurpose.MARKETING_SMS,
                state=ConsentState.GRANTED,
                at=datetime(2026, 11, 1, tzinfo=UTC),
                wording_id="kiosk",
                wording_text="Oui",
                channel=ConsentChannel.KIOSK,
            )
        )
        unit.commit()


# --- what is there ----------------------------------------------------------------------------------


def test_a_member_s_page_is_there_with_all_that_it_loads(counter: Counter, phone: Outside) -> None:
    # rows 127, 196
    path = status_path(counter)
    page = phone.get(path)
    assert page.status_code == 200
    assert "Camille" in page.text
    loaded = [part.split('"')[0] for part in page.text.split('="/')[1:]]
    addresses = {
        "/" + one for one in loaded if one.startswith("static/") or one.endswith("/code?language=fr")
    }
    assert len(addresses) == 4
    for address in addresses:
        assert phone.get(address).status_code == 200, address


def test_staff_pages_demo_till_and_other_files_do_not_exist_outside(phone: Outside) -> None:
    # row 196
    allowed = {route.path for module in (status, status_choices) for route in module.router.routes}
    walked = 0
    for module in (*PAGES, demo):
        for route in module.router.routes:
            assert isinstance(route, APIRoute)
            if route.path in allowed:
                continue
            path = route.path.replace("{number}", "1").replace("{line_id}", str(new_id()))
            for method in route.methods:
                assert phone.request(method, path).status_code == 404, (method, path)
                walked += 1
    assert walked > 20
    for path in (
        "/static/till.js",
        "/static/demo.js",
        "/static/htmx-2.0.11.min.js",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static//etc/passwd",
        "/docs",
        "/openapi.json",
        "/sign-in?next=/s/x",
        "//sign-in",
        "/s",
        "/.well-known/security.txt",
    ):
        assert phone.get(path).status_code == 404, path


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "localhost", f"{HOST}.evil.example", f"evil.{HOST}", "", f"{HOST}."]
)
def test_another_host_name_is_refused(counter: Counter, phone: Outside, host: str) -> None:
    # rows 196, 211
    assert phone.get(status_path(counter), headers={"host": host}).status_code == 421


def test_two_host_lines_are_refused(door: PublicListener) -> None:
    # row 211
    raw = f"GET /probe HTTP/1.1\r\nHost: {HOST}\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", door.port), timeout=10) as wire:
        wire.sendall(raw.encode())
        assert b" 4" in wire.recv(100)[:12]


def test_every_answer_has_strict_headers_and_no_cookie(counter: Counter, phone: Outside) -> None:
    # row 196
    paths = [
        status_path(counter),
        "/s/unknown",
        "/probe",
        "/sign-in",
        "/static/status.css",
        opt_out_path(counter),
    ]
    for path in paths:
        answer = phone.get(path, headers={"cookie": "comptoir_session=x; comptoir_language=en"})
        assert "set-cookie" not in answer.headers, path
        assert "default-src 'none'" in answer.headers["content-security-policy"], path
        assert "script-src" not in answer.headers["content-security-policy"], path
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert "server" not in answer.headers
        assert "<script" not in answer.text


def test_other_methods_and_long_bodies_are_refused(counter: Counter, phone: Outside) -> None:
    path = status_path(counter)
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert phone.request(method, path).status_code == 405
    assert phone.post(f"{path}/stop", content=b"x" * 20_000).status_code == 413
    assert phone.get(path, headers={"x-padding": "x" * 9000}).status_code == 431

    def endless() -> Iterator[bytes]:
        yield from (b"x" * 1000 for _ in range(40))

    answer = phone.post("/sms", content=endless())
    assert answer.status_code in {403, 413}


# --- floods -----------------------------------------------------------------------------------------


def test_a_flood_from_one_address_is_limited_and_others_are_served(counter: Counter, tmp_path: Path) -> None:
    # row 196
    with public_door(counter, tmp_path, requests_a_minute=15) as door:
        with Outside(door, "203.0.113.9") as flood:
            answers = [flood.get("/probe") for _ in range(30)]
        assert [answer.status_code for answer in answers[:15]] == [200] * 15
        assert {answer.status_code for answer in answers[17:]} == {429}
        assert int(answers[-1].headers["retry-after"]) >= 1
        with Outside(door, "203.0.113.10") as other:
            assert other.get(status_path(counter)).status_code == 200
        with Outside(door, "203.0.113.9, 198.51.100.99") as behind_the_proxy:
            assert behind_the_proxy.get("/probe").status_code == 200, "the last one is who asks"
        with Outside(door, "1.2.3.4, 203.0.113.9") as liar:
            assert liar.get("/probe").status_code == 429, "what a caller claims before it does not help"


def test_one_link_is_limited_wherever_the_requests_come_from(counter: Counter, tmp_path: Path) -> None:
    # row 196
    path, other = status_path(counter), status_path(counter)
    with public_door(counter, tmp_path, link_requests_a_minute=5) as door:
        found = []
        for number in range(10):
            with Outside(door, f"203.0.113.{number}") as client:
                found.append(client.get(path).status_code)
        assert (found[:5], set(found[6:])) == ([200] * 5, {429})
        with Outside(door, "203.0.113.77") as client:
            assert client.get(other).status_code == 200


def test_one_address_cannot_hold_all_connections(counter: Counter, tmp_path: Path) -> None:
    # row 196
    with public_door(counter, tmp_path, proxies=["192.0.2.1"]) as door:
        held = [socket.create_connection(("127.0.0.1", door.port), timeout=10) for _ in range(40)]
        deadline = time.monotonic() + 10
        ended: set[int] = set()
        while len(ended) < 40 - MAX_FROM_ONE_ADDRESS and time.monotonic() < deadline:
            for number, wire in enumerate(held):
                if number in ended:
                    continue
                wire.settimeout(0.05)
                try:
                    if wire.recv(1) == b"":
                        ended.add(number)
                except TimeoutError:
                    continue
                except OSError:
                    ended.add(number)
        assert len(ended) >= 40 - MAX_FROM_ONE_ADDRESS
        for wire in held:
            wire.close()


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
    deadline, pause = time.monotonic() + 10, threading.Event()
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


# --- anything at all --------------------------------------------------------------------------------

tokens = st.one_of(
    st.text(min_size=1, max_size=120),
    st.sampled_from(["..", "%00", "%2e%2e%2f", "x" * 43, "\u202e", "' OR 1=1 --", "a/b/c/d"]),
)
bodies = st.one_of(st.binary(max_size=200), st.just(b"a=" + b"%" * 100), st.just(b"\x00" * 50))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(["/s/", "/o/", "/static/", "/"]),
    token=tokens,
    choice=st.sampled_from(["", "/stop", "/start", "/not-me", "/no-advertising", "/code", "/else"]),
    method=st.sampled_from(["GET", "POST"]),
    body=bodies,
)
def test_no_token_and_no_form_breaks_the_door_or_changes_anything(
    phone: Outside, start: str, token: str, choice: str, method: str, body: bytes
) -> None:
    # row 196
    path = start + quote(token.encode("utf-8", "replace"), safe="/%'") + choice
    answer = phone.request(method, path, content=body if method == "POST" else None)
    assert answer.status_code in {403, 404, 405, 422}, answer.status_code


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=bodies, choice=st.sampled_from(["stop", "start", "no-advertising"]), language=st.text(max_size=20)
)
def test_what_a_form_holds_does_not_matter(
    counter: Counter, phone: Outside, body: bytes, choice: str, language: str
) -> None:
    path = status_path(counter)
    wanted = language.encode("utf-8", "replace").decode()
    answer = phone.post(f"{path}/{choice}", content=body, params={"language": wanted})
    assert answer.status_code == 200
    assert counter.balance(CAMILLE) == 34


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    languages=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=80),
    query=st.binary(max_size=60),
    page=st.sampled_from(["", "/code", "/not-me"]),
)
def test_whatever_a_phone_says_of_itself_the_page_comes_and_changes_nothing(
    counter: Counter, phone: Outside, languages: str, query: bytes, page: str
) -> None:
    # part of row 127
    before = consents(counter)
    path = f"{status_path(counter)}{page}?language={quote(query)}"
    answer = phone.get(path, headers={"accept-language": languages.strip()})
    assert answer.status_code == 200
    assert "no-store" in answer.headers["cache-control"]
    assert consents(counter) == before


# --- start and stop ---------------------------------------------------------------------------------


def test_the_door_opens_and_closes_and_its_port_is_free_again(counter: Counter, tmp_path: Path) -> None:
    # row 196
    with public_door(counter, tmp_path, port_file=str(tmp_path / "port")) as door:
        port = door.port
        assert (tmp_path / "port").read_text() == f"{port}\n"
        assert door.is_alive
        with pytest.raises(PublicDoorError):
            PublicListener(
                PublicSettings.model_validate({"port": port, "proxies": ["127.0.0.1"]}),
                f"https://{HOST}",
                counter.web,
            ).start()
    assert not door.is_alive
    with public_door(counter, tmp_path, port=port) as again, Outside(again) as phone:
        assert phone.get("/probe").json()["door"] == again.door_id


def test_a_certificate_that_cannot_be_read_is_said_at_the_start(counter: Counter, tmp_path: Path) -> None:
    (tmp_path / "tls.pem").write_text("no certificate")
    chosen = PublicSettings.model_validate(
        {
            "port": 0,
            "tls_certificate_file": str(tmp_path / "tls.pem"),
            "tls_key_file": str(tmp_path / "tls.pem"),
        }
    )
    with pytest.raises(ConfigurationError):
        PublicListener(chosen, f"https://{HOST}", counter.web).start()


def test_the_address_of_a_tunnel_may_come_after_the_station(counter: Counter, tmp_path: Path) -> None:
    # row 196
    certificate, key = loopback_certificate(tmp_path)
    tls = {"tls_certificate_file": str(certificate), "tls_key_file": str(key)}
    with public_door(counter, tmp_path, host="192.0.2.55", **tls) as door:
        assert door.is_alive
