import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509

from checkout.trust.renewal import CertificateWatch
from comptoir.web_authority import WebAuthority
from tests.fakes.clock import FakeClock


class EchoServer:
    """TLS on a free port; says everything back, on one thread a connection."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def stop(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                made, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._echo, args=(made,), daemon=True).start()

    def _echo(self, made: socket.socket) -> None:
        with self._context.wrap_socket(made, server_side=True) as connection:
            while data := connection.recv(100):
                connection.sendall(data)


@pytest.fixture
def web(tmp_path: Path, clock: FakeClock) -> WebAuthority:
    authority = WebAuthority(tmp_path / "web", tmp_path / "handed", clock)
    authority.ensure(["localhost"])
    return authority


@pytest.fixture
def serving(web: WebAuthority, tmp_path: Path) -> Iterator[tuple[EchoServer, CertificateWatch]]:
    server_file = tmp_path / "handed" / "server.pem"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(server_file, server_file)
    server = EchoServer(context)
    yield server, CertificateWatch(context, server_file, server_file)
    server.stop()


def connect(port: int) -> ssl.SSLSocket:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context.wrap_socket(socket.create_connection(("127.0.0.1", port), 10))


def serial(connection: ssl.SSLSocket) -> int:
    shown = connection.getpeercert(binary_form=True)
    assert shown is not None
    return x509.load_der_x509_certificate(shown).serial_number


def test_new_connections_have_the_renewed_certificate_and_open_ones_go_on(
    serving: tuple[EchoServer, CertificateWatch], web: WebAuthority, clock: FakeClock
) -> None:
    # part of row 197: renewed by itself, without a restart
    server, watch = serving
    with connect(server.port) as before:
        assert not watch.look()
        clock.advance(61 * 86_400)
        assert web.ensure().is_new
        assert watch.look()
        with connect(server.port) as after:
            assert serial(after) != serial(before)
        before.sendall(b"still here")
        assert before.recv(100) == b"still here"
    assert not watch.look()


def test_a_damaged_or_missing_file_leaves_the_old_certificate_in_force(
    serving: tuple[EchoServer, CertificateWatch], tmp_path: Path
) -> None:
    server, watch = serving
    with connect(server.port) as before:
        (tmp_path / "handed" / "server.pem").write_text("nonsense")
        assert not watch.look()
        (tmp_path / "handed" / "server.pem").unlink()
        assert not watch.look()
        with connect(server.port) as after:
            assert serial(after) == serial(before)
