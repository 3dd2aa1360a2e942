"""The set-up check: each thing that can be wrong on the way from outside is said in plain words."""

import contextlib
import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from checkout.public import check as module
from checkout.public.check import Door, Finding, Level, check_public_door, local_door_id
from checkout.public.listener import PublicListener
from checkout.public.settings import PublicSettings
from tests.fakes.tls import loopback_certificate
from tests.integration.checkout.counter import Counter


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return loopback_certificate(tmp_path)


@pytest.fixture
def trusted(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


@contextlib.contextmanager
def tls_door(
    counter: Counter, certificate: tuple[Path, Path], url: str = "https://localhost"
) -> Iterator[PublicListener]:
    chosen = PublicSettings.model_validate(
        {"port": 0, "tls_certificate_file": str(certificate[0]), "tls_key_file": str(certificate[1])}
    )
    listener = PublicListener(chosen, url, counter.web).start()
    try:
        yield listener
    finally:
        listener.stop()


@contextlib.contextmanager
def another_server(certificate: tuple[Path, Path], status: int, body: bytes) -> Iterator[int]:
    """Something that is no public door."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join(5)


def wrong(findings: list[Finding]) -> str:
    return " | ".join(finding.text for finding in findings if finding.level is Level.BAD)


def test_a_door_as_it_should_be_is_found_good(
    counter: Counter, certificate: tuple[Path, Path], trusted: ssl.SSLContext
) -> None:
    # row 196
    with tls_door(counter, certificate) as door:
        own = local_door_id("127.0.0.1", door.port, "localhost", is_tls=True)
        assert own == door.door_id
        findings = check_public_door(Door(f"https://localhost:{door.port}", own, trusted))
    texts = [finding.text for finding in findings]
    assert wrong(findings) == ""
    assert "this station’s public door answers" in texts
    assert "staff pages do not exist outside" in texts
    assert any(
        "leads to 127.0.0.1" in text or "leads to ::1" in text or "127.0.0.1" in text for text in texts
    )


def test_an_address_in_clear_is_refused_at_once() -> None:
    assert "https://" in wrong(check_public_door(Door("http://points.lumen.example")))


def test_a_name_that_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> list[object]:
        raise OSError("no such name")

    monkeypatch.setattr(module.socket, "getaddrinfo", nowhere)
    assert "leads nowhere" in wrong(check_public_door(Door("https://points.lumen.example")))


def test_a_certificate_that_phones_do_not_trust(counter: Counter, certificate: tuple[Path, Path]) -> None:
    with tls_door(counter, certificate) as door:
        said = wrong(check_public_door(Door(f"https://localhost:{door.port}")))
    assert "phones will refuse the certificate" in said


def test_nothing_listens(certificate: tuple[Path, Path], trusted: ssl.SSLContext, counter: Counter) -> None:
    with tls_door(counter, certificate) as door:
        port = door.port
    assert "nothing listens there" in wrong(
        check_public_door(Door(f"https://localhost:{port}", None, trusted))
    )


def test_another_name_at_the_door(
    counter: Counter, certificate: tuple[Path, Path], trusted: ssl.SSLContext
) -> None:
    with tls_door(counter, certificate, url="https://points.lumen.example") as door:
        said = wrong(check_public_door(Door(f"https://localhost:{door.port}", None, trusted)))
    assert "knows another name" in said


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (502, b"", "it does not reach the station"),
        (429, b"", "too many ask"),
        (200, b"<h1>My router</h1>", "something else answers"),
        (200, b"[]", "something else answers"),
        (404, b"{}", "something else answers"),
        (200, b'{"what": "comptoir public door", "door": "another"}', "another station’s"),
    ],
)
def test_what_else_may_answer(
    certificate: tuple[Path, Path], trusted: ssl.SSLContext, status: int, body: bytes, expected: str
) -> None:
    # row 196
    with another_server(certificate, status, body) as port:
        said = wrong(check_public_door(Door(f"https://localhost:{port}", "ours", trusted)))
    assert expected in said


def test_staff_pages_that_answer_outside_are_called_wrong(
    certificate: tuple[Path, Path], trusted: ssl.SSLContext
) -> None:
    # row 196
    body = b'{"what": "comptoir public door", "door": "ours"}'
    with another_server(certificate, 200, body) as port:
        said = wrong(check_public_door(Door(f"https://localhost:{port}", "ours", trusted)))
    assert "staff pages answer outside" in said
    assert "/till/1" in said


def test_a_machine_without_a_door_has_no_name_to_compare() -> None:
    assert local_door_id("127.0.0.1", 9, "localhost", is_tls=False) is None
