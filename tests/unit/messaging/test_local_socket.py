import queue
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from messaging.local.from_kiosk import FROM_KIOSK, KioskReady, PictureTaken
from messaging.local.to_kiosk import TO_KIOSK, LinkChanged
from messaging.local_socket import Connection, LocalClient, LocalServer

READY = KioskReady(width=800, height=480, driver="offscreen")


class Desk:
    """A server that remembers what happened to it."""

    def __init__(self, path: Path) -> None:
        self.frames: queue.Queue[bytes] = queue.Queue()
        self.connected: queue.Queue[Connection] = queue.Queue()
        self.gone = threading.Event()
        self.server = LocalServer(path, self.frames.put, self.connected.put, self.gone.set)
        self.server.start()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "kiosk.sock")
    yield made
    made.server.stop()


@pytest.fixture
def client_of(tmp_path: Path) -> Iterator[Callable[..., LocalClient]]:
    made: list[LocalClient] = []

    def make(on_frame: Callable[[bytes], None], on_link: Callable[[bool], None]) -> LocalClient:
        client = LocalClient(tmp_path / "kiosk.sock", on_frame, on_link)
        client.start()
        made.append(client)
        return client

    yield make
    for client in made:
        client.stop()


def test_both_sides_hear_each_other(desk: Desk, client_of: Callable[..., LocalClient]) -> None:
    heard: queue.Queue[bytes] = queue.Queue()
    links: queue.Queue[bool] = queue.Queue()
    client = client_of(heard.put, links.put)
    assert links.get(timeout=5) is True
    assert client.send(READY)
    assert FROM_KIOSK.validate_json(desk.frames.get(timeout=5)) == READY
    desk.connected.get(timeout=5)
    online = LinkChanged(online=True, waiting_events=0)
    assert desk.server.send(online)
    assert TO_KIOSK.validate_json(heard.get(timeout=5)) == online


def test_the_kiosk_comes_back_by_itself_when_the_device_process_restarts(
    tmp_path: Path, client_of: Callable[..., LocalClient]
) -> None:
    first = Desk(tmp_path / "kiosk.sock")
    links: queue.Queue[bool] = queue.Queue()
    client = client_of(lambda frame: None, links.put)
    assert links.get(timeout=5) is True
    first.server.stop()
    assert links.get(timeout=5) is False
    assert not client.send(READY)
    second = Desk(tmp_path / "kiosk.sock")
    try:
        assert links.get(timeout=5) is True
        client.send(READY)
        assert second.frames.get(timeout=5)
    finally:
        second.server.stop()


def test_a_frozen_kiosk_never_blocks_the_device(desk: Desk, tmp_path: Path) -> None:
    # row 167
    frozen = socket.socket(socket.AF_UNIX)
    frozen.connect(str(tmp_path / "kiosk.sock"))
    connection = desk.connected.get(timeout=5)
    big = LinkChanged(online=True, waiting_events=10**200)
    for _ in range(5000):
        connection.send(big)
    assert connection.dropped_frames > 0
    frozen.close()
    assert desk.gone.wait(5)


def test_frames_of_any_size_arrive_whole_and_in_order_whether_written_at_once_or_queued(
    desk: Desk, client_of: Callable[..., LocalClient]
) -> None:
    heard: queue.Queue[bytes] = queue.Queue()
    client_of(heard.put, lambda up: None)
    connection = desk.connected.get(timeout=5)
    sent = [
        PictureTaken(request=number, width=8, height=8, image_base64="x" * (300_000 if number % 3 else 20))
        for number in range(60)
    ]
    for message in sent:
        connection.send(message)
    assert [heard.get(timeout=10) for _ in sent] == [message.model_dump_json().encode() for message in sent]


def test_a_frame_over_the_limit_ends_the_connection_and_not_the_server(desk: Desk, tmp_path: Path) -> None:
    rude = socket.socket(socket.AF_UNIX)
    rude.connect(str(tmp_path / "kiosk.sock"))
    desk.connected.get(timeout=5)
    rude.sendall(struct.pack(">I", 2**31))
    assert desk.gone.wait(5)
    rude.close()
    polite = socket.socket(socket.AF_UNIX)
    polite.connect(str(tmp_path / "kiosk.sock"))
    assert desk.connected.get(timeout=5)
    polite.close()


def test_only_the_owner_and_group_may_open_the_socket(desk: Desk, tmp_path: Path) -> None:
    assert (tmp_path / "kiosk.sock").stat().st_mode & 0o777 == 0o660
