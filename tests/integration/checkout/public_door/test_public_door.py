"""What phones outside reach, and what the door refuses."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.routing import APIRoute

from checkout.public.connection import MAX_FROM_ONE_ADDRESS
from checkout.public.listener import PublicListener
from checkout.web import demo
from checkout.web.app import PAGES
from checkout.web.pages import status, status_choices
from runtime.ids import new_id
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.outside import HOST, Outside, opt_out_path, public_door, status_path
from tests.patience import PATIENCE_S

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
        deadline = time.monotonic() + PATIENCE_S
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
