"""Web servers as they are: slow, cut, without ranges, with pages instead of files. Bytes come whole or not at all."""

import contextlib
import gzip
import hashlib
import socket
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from comptoir.certs import Authority
from fleet.agent.blobs import BlobStore
from fleet.agent.disk import PosixDisk
from fleet.agent.http import Patience, WebServer
from fleet.agent.layout import Layout
from fleet.documents.release import Wheel
from fleet.errors import FetchError
from runtime.clock import SystemClock
from tests.fakes.raw_server import RawServer, closed_port

DATA = bytes(range(256)) * 4000  # 1 MB
WHEEL = Wheel(name="app-1-py3-none-any.whl", sha256=hashlib.sha256(DATA).hexdigest(), length=len(DATA))
PATIENCE = Patience(connect_s=2, gap_s=1, whole_s=3, least_bytes_s=50_000, rate_after_s=0.5)


class Script:
    """Answers each connection as the test says; notes what was asked."""

    def __init__(self, *answers: Callable[[socket.socket, int], None]) -> None:
        self.answers = list(answers)
        self.asked: list[bytes] = []

    def __call__(self, connection: socket.socket, _closing: threading.Event) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            request += connection.recv(4096)
        self.asked.append(request)
        start = 0
        for line in request.split(b"\r\n"):
            if line.lower().startswith(b"range: bytes="):
                start = int(line.partition(b"=")[2].rstrip(b"-"))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        with contextlib.suppress(OSError):
            answer(connection, start)
        connection.close()


def whole(connection: socket.socket, start: int) -> None:
    rest = DATA[start:]
    head = f"HTTP/1.1 206 P\r\nContent-Range: bytes {start}-{len(DATA) - 1}/{len(DATA)}\r\n"
    if start == 0:
        head = "HTTP/1.1 200 OK\r\n"
    connection.sendall(f"{head}Content-Length: {len(rest)}\r\n\r\n".encode() + rest)


def cut_in_the_middle(connection: socket.socket, start: int) -> None:
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(DATA)}\r\n\r\n".encode() + DATA[:400_000])


def no_ranges(connection: socket.socket, start: int) -> None:
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(DATA)}\r\n\r\n".encode() + DATA)


def other_range(connection: socket.socket, start: int) -> None:
    connection.sendall(
        f"HTTP/1.1 206 P\r\nContent-Range: bytes 0-9/{len(DATA)}\r\nContent-Length: 10\r\n\r\n".encode()
        + DATA[:10]
    )


def page(connection: socket.socket, start: int) -> None:
    text = b"<html>Welcome to the hotel's network</html>"
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(text) + text)


def status(code: int, extra: str = "") -> Callable[[socket.socket, int], None]:
    def answer(connection: socket.socket, start: int) -> None:
        connection.sendall(f"HTTP/1.1 {code} X\r\n{extra}Content-Length: 0\r\n\r\n".encode())

    return answer


def drip(connection: socket.socket, start: int) -> None:
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(DATA)}\r\n\r\n".encode())
    for index in range(200):
        connection.sendall(DATA[index : index + 1])
        time.sleep(0.1)


def silent(connection: socket.socket, start: int) -> None:
    connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(DATA)}\r\n\r\n".encode())
    time.sleep(3)


def endless(connection: socket.socket, start: int) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        connection.sendall(DATA)


def portal(connection: socket.socket, start: int) -> None:
    text = b"<html>" + b"Welcome to the hotel's network. " * 40_000 + b"</html>"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(text)}\r\n\r\n"
    connection.sendall(head.encode() + text)


def packed(connection: socket.socket, start: int) -> None:
    body = gzip.compress(DATA)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body)


def cut_packed(connection: socket.socket, start: int) -> None:
    body = gzip.compress(DATA)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body[: len(body) // 2])


def packed_range(connection: socket.socket, start: int) -> None:
    body = gzip.compress(DATA[start:])
    head = (
        f"HTTP/1.1 206 P\r\nContent-Range: bytes {start}-{len(DATA) - 1}/{len(DATA)}\r\n"
        f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    connection.sendall(head.encode() + body)


def in_chunks(connection: socket.socket, start: int) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    for at in range(0, len(DATA), 100_000):
        piece = DATA[at : at + 100_000]
        connection.sendall(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
    connection.sendall(b"0\r\n\r\n")


def cut_chunks(connection: socket.socket, start: int) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    connection.sendall(f"{100_000:x}\r\n".encode() + DATA[:70_000])


def old_protocol(connection: socket.socket, start: int) -> None:
    connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + DATA)


def short_old_protocol(connection: socket.socket, start: int) -> None:
    connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n" + DATA[:-1])


def junk(connection: socket.socket, start: int) -> None:
    connection.sendall(b"\x16\x03\x01 this is no HTTP\r\n\r\n")


def store(tmp_path: Path, port: int) -> BlobStore:
    layout = Layout(tmp_path / "data")
    return BlobStore(PosixDisk(), layout, WebServer(f"http://127.0.0.1:{port}", SystemClock(), PATIENCE))


def blob(tmp_path: Path) -> Path:
    return tmp_path / "data" / "blobs" / WHEEL.sha256


def test_a_cut_transfer_goes_on_where_it_ended(tmp_path: Path) -> None:
    script = Script(cut_in_the_middle, whole)
    with RawServer(script) as server:
        blobs = store(tmp_path, server.port)
        with pytest.raises(FetchError, match=r"broke off|too early"):
            blobs.fetch(WHEEL)
        have = WHEEL.length - blobs.bytes_left([WHEEL])
        blobs.fetch(WHEEL)

    assert have > 0
    assert f"range: bytes={have}-".encode() in script.asked[1].lower()
    assert blob(tmp_path).read_bytes() == DATA


def test_a_server_without_ranges_sends_it_all_again(tmp_path: Path) -> None:
    with RawServer(Script(cut_in_the_middle, no_ranges)) as server:
        blobs = store(tmp_path, server.port)
        with pytest.raises(FetchError):
            blobs.fetch(WHEEL)
        blobs.fetch(WHEEL)

    assert blob(tmp_path).read_bytes() == DATA


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (page, "too early"),
        (portal, "a web page instead of the file; a sign-in page"),
        (cut_chunks, "the connection breaks|ends too early"),
        (cut_packed, "broke off|not what was signed|too early"),
        (short_old_protocol, "too early"),
        (junk, "cannot be reached: the connection breaks"),
        (status(500), "answered 500"),
        (status(302, "Location: http://127.0.0.1:9/\r\n"), "sends elsewhere"),
        (status(404), "answered 404"),
        (drip, "too slowly"),
        (silent, "broke off"),
        (endless, "longer than was signed"),
    ],
    ids=[
        "page",
        "portal",
        "cut chunks",
        "cut gzip",
        "short HTTP/1.0",
        "junk",
        "500",
        "redirect",
        "404",
        "drip",
        "silence",
        "endless",
    ],
)
def test_what_is_no_file_is_an_error_in_good_time(
    tmp_path: Path, answer: Callable[[socket.socket, int], None], why: str
) -> None:
    began_s = time.monotonic()
    with RawServer(Script(answer)) as server:
        with pytest.raises(FetchError, match=why):
            store(tmp_path, server.port).fetch(WHEEL)
        spent_s = time.monotonic() - began_s

    assert spent_s < 6
    assert not blob(tmp_path).exists()


@pytest.mark.parametrize("wrong", [other_range, packed_range, status(416)], ids=["other", "gzip", "416"])
def test_a_server_that_gets_ranges_wrong_is_asked_for_the_whole(
    tmp_path: Path, wrong: Callable[[socket.socket, int], None]
) -> None:
    script = Script(cut_in_the_middle, wrong, no_ranges)
    with RawServer(script) as server:
        blobs = store(tmp_path, server.port)
        with pytest.raises(FetchError):
            blobs.fetch(WHEEL)
        blobs.fetch(WHEEL)

    assert blob(tmp_path).read_bytes() == DATA
    assert [b"range:" in each.lower() for each in script.asked] == [False, True, False]


def test_a_server_that_sends_ranges_unasked_gives_nothing(tmp_path: Path) -> None:
    with RawServer(Script(other_range)) as server, pytest.raises(FetchError, match="answered 206"):
        store(tmp_path, server.port).fetch(WHEEL)


@pytest.mark.parametrize(
    "answer", [packed, in_chunks, old_protocol], ids=["gzip unasked", "chunked", "HTTP/1.0"]
)
def test_other_ways_to_send_the_same_bytes_are_taken(
    tmp_path: Path, answer: Callable[[socket.socket, int], None]
) -> None:
    with RawServer(Script(answer)) as server:
        store(tmp_path, server.port).fetch(WHEEL)

    assert blob(tmp_path).read_bytes() == DATA


def test_where_nobody_is_found_the_reason_is_in_words(tmp_path: Path) -> None:
    server = WebServer(f"http://127.0.0.1:{closed_port()}", SystemClock(), PATIENCE)
    with pytest.raises(FetchError, match="nobody answers at that address"):
        b"".join(server.read("x"))
    nowhere = WebServer("http://updates.invalid", SystemClock(), PATIENCE)
    with pytest.raises(FetchError, match="its name is not known in this network"):
        b"".join(nowhere.read("x"))


def test_another_servers_certificate_is_not_believed(tmp_path: Path) -> None:
    """A sign-in page that answers for everybody, or a clock at 1970: which of the two cannot be seen here."""
    authority = Authority(tmp_path / "certificates")
    authority.create("Hotel")
    folder = authority.issue_broker(["127.0.0.1"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")

    def greet(connection: socket.socket, _closing: threading.Event) -> None:
        with contextlib.suppress(OSError):
            context.wrap_socket(connection, server_side=True).close()

    with RawServer(greet) as server:
        stranger = WebServer(f"https://127.0.0.1:{server.port}", SystemClock(), PATIENCE)
        with pytest.raises(FetchError, match="certificate is not to be believed: the clock is wrong, or"):
            b"".join(stranger.read("x"))


def test_wrong_bytes_of_the_right_length_are_dropped_and_fetched_again(tmp_path: Path) -> None:
    def wrong(connection: socket.socket, start: int) -> None:
        connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: {len(DATA)}\r\n\r\n".encode() + DATA[::-1])

    with RawServer(Script(wrong, whole)) as server:
        blobs = store(tmp_path, server.port)
        with pytest.raises(FetchError, match="not what was signed"):
            blobs.fetch(WHEEL)
        blobs.fetch(WHEEL)

    assert blob(tmp_path).read_bytes() == DATA


def test_a_file_that_a_power_cut_filled_with_nothing_is_fetched_again(tmp_path: Path) -> None:
    part = tmp_path / "data" / "blobs" / f"{WHEEL.sha256}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(DATA[:1000] + b"\0" * 5000)
    with RawServer(Script(whole)) as server:
        blobs = store(tmp_path, server.port)
        with pytest.raises(FetchError, match="not what was signed"):
            blobs.fetch(WHEEL)
        blobs.fetch(WHEEL)

    assert blob(tmp_path).read_bytes() == DATA
