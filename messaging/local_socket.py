"""The Unix socket between kiosk and device process: length-prefixed JSON, both ways, any time.

A frame is a 4-byte big-endian length and that many bytes of JSON. Nobody waits for the other side: each
connection has its own bounded queue for what is to be sent, so a frozen kiosk never holds up a scan.
When the queue is full the oldest frame is dropped and counted: the kiosk gets the state again when it
reconnects.
"""

import logging
import os
import random
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel

from messaging.codec import MAX_LOCAL_BYTES, encode
from messaging.errors import LinkError, MessagingError
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)
_LENGTH = struct.Struct(">I")
_QUEUE_FRAMES = 256

OnFrame = Callable[[bytes], None]
"""Called on the connection's reader thread with the bytes of one message."""


class Connection:
    """One connected peer. ``send`` may be called from any thread and never blocks."""

    def __init__(self, peer: socket.socket, on_frame: OnFrame, on_closed: Callable[[], None]) -> None:
        self.dropped_frames = 0
        self._socket = peer
        self._on_frame = on_frame
        self._on_closed = on_closed
        self._changed = threading.Condition()
        self._frames: deque[bytes] = deque()
        self._rest = b""
        """What of a frame the peer's buffer did not take: goes before all frames and is never dropped."""
        self._is_writing = False
        self._closed = threading.Event()
        self._writer = threading.Thread(target=self._write, name="local-writer", daemon=True)
        self._reader = threading.Thread(target=self._read, name="local-reader", daemon=True)

    def start(self) -> None:
        self._writer.start()
        self._reader.start()

    def send(self, message: BaseModel) -> None:
        """Send a message, or queue it; the oldest queued one gives way when the peer does not read.

        Raises:
            OversizedMessageError: It is longer than the local socket allows.
        """
        body = encode(message, MAX_LOCAL_BYTES)
        frame = _LENGTH.pack(len(body)) + body
        with self._changed:
            if self._closed.is_set():
                return
            # Written here where the peer's buffer takes it: waking the writer costs 0.1 ms of each result.
            is_waiting = self._rest or self._frames or self._is_writing
            taken = 0 if is_waiting else self._taken_at_once(frame)
            if taken == len(frame):
                return
            if taken:
                self._rest = frame[taken:]
            else:
                self._queue(frame)
            self._changed.notify()

    def close(self) -> None:
        """Hang up; both threads end by themselves."""
        with self._changed:
            if self._closed.is_set():
                return
            self._closed.set()
            self._changed.notify()
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            _log.debug("peer was gone already")
        self._socket.close()

    def _taken_at_once(self, frame: bytes) -> int:
        try:
            return self._socket.send(frame, socket.MSG_DONTWAIT)
        except OSError:  # its buffer is full, or it is gone: the writer finds out which
            return 0

    def _queue(self, frame: bytes) -> None:
        if len(self._frames) >= _QUEUE_FRAMES:
            self._frames.popleft()
            self.dropped_frames += 1
        self._frames.append(frame)

    def _write(self) -> None:
        while (piece := self._next_piece()) is not None:
            try:
                self._socket.sendall(piece)
            except OSError:
                self.close()

    def _next_piece(self) -> bytes | None:
        """What is to be written next, once there is something; None when the connection is closed."""
        with self._changed:
            self._is_writing = False
            while not (self._closed.is_set() or self._rest or self._frames):
                self._changed.wait()
            if self._closed.is_set():
                return None
            self._is_writing = True
            piece, self._rest = self._rest or self._frames.popleft(), b""
            return piece

    def _read(self) -> None:
        try:
            while not self._closed.is_set():
                self._on_frame(self._frame())
        except (OSError, EOFError):
            _log.debug("local peer hung up")
        except MessagingError as error:
            _log.warning("local peer broke the protocol", extra={"code": error.code})
        finally:
            self.close()
            self._on_closed()

    def _frame(self) -> bytes:
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        if length > MAX_LOCAL_BYTES:
            raise LinkError(f"a local frame of {length} bytes is over the limit")
        return self._exactly(length)

    def _exactly(self, count: int) -> bytes:
        chunks = bytearray()
        while len(chunks) < count:
            chunk = self._socket.recv(count - len(chunks))
            if not chunk:
                raise EOFError
            chunks += chunk
        return bytes(chunks)


class LocalServer:
    """The device's end: listens, and talks to one kiosk at a time (a new one replaces the old).

    Args:
        path: Of the socket; made with mode 0660 for the group the kiosk shares.
        on_frame: See :data:`OnFrame`.
        on_connected: Called when a kiosk connected, with its connection: the place to send it the state.
        on_gone: Called when the current kiosk hung up.
    """

    def __init__(
        self,
        path: Path,
        on_frame: OnFrame,
        on_connected: Callable[[Connection], None],
        on_gone: Callable[[], None],
    ) -> None:
        self._path = path
        self._on_frame = on_frame
        self._on_connected = on_connected
        self._on_gone = on_gone
        self._current: Connection | None = None
        self._lock = threading.Lock()
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._worker = Worker("local-server", self._accept)

    def start(self) -> None:
        """Listen.

        Raises:
            LinkError: The path cannot be bound.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.unlink(missing_ok=True)
            old = os.umask(0o117)
            try:
                self._listener.bind(str(self._path))
            finally:
                os.umask(old)
            self._listener.listen(2)
            self._listener.settimeout(0.5)
        except OSError as error:
            raise LinkError(f"cannot listen on {self._path}: {error.strerror}") from error
        self._worker.start()

    def stop(self) -> None:
        self._worker.stop()
        # First the door, then the guest: a kiosk that is let go must not knock on a door that still stands.
        self._path.unlink(missing_ok=True)
        self._listener.close()
        with self._lock:
            current = self._current
        if current is not None:
            current.close()

    @property
    def is_connected(self) -> bool:
        return self._current is not None

    def send(self, message: BaseModel) -> bool:
        """Queue a message for the kiosk; False where none is connected. Any thread."""
        with self._lock:
            current = self._current
        if current is None:
            return False
        current.send(message)
        return True

    def _accept(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            try:
                peer, _ = self._listener.accept()
            except TimeoutError:
                continue
            peer.settimeout(None)
            self._adopt(peer)

    def _adopt(self, peer: socket.socket) -> None:
        def gone() -> None:
            with self._lock:
                was_current = self._current is connection
                if was_current:
                    self._current = None
            if was_current:
                self._on_gone()

        connection = Connection(peer, self._on_frame, gone)
        with self._lock:
            previous, self._current = self._current, connection
        if previous is not None:
            previous.close()
        connection.start()
        self._on_connected(connection)


class LocalClient:
    """The kiosk's end: connects, and connects again for as long as it runs.

    Args:
        path: Of the device's socket.
        on_frame: See :data:`OnFrame`.
        on_link: Called with True when connected and with False when the device process is gone;
            on one of the link's threads.
    """

    def __init__(self, path: Path, on_frame: OnFrame, on_link: Callable[[bool], None]) -> None:
        self._path = path
        self._on_frame = on_frame
        self._on_link = on_link
        self._connection: Connection | None = None
        self._lost = threading.Event()
        self._worker = Worker("local-client", self._keep_connected)

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        self._worker.stopping.set()
        self._lost.set()
        connection = self._connection
        if connection is not None:
            connection.close()
        self._worker.stop()

    def send(self, message: BaseModel) -> bool:
        """Queue a message for the device process; False while it is gone. Any thread."""
        connection = self._connection
        if connection is None:
            return False
        connection.send(message)
        return True

    def _keep_connected(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            peer = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                peer.connect(str(self._path))
            except OSError:
                peer.close()
                stopping.wait(random.uniform(0.2, 0.5))  # noqa: S311 - spreads retries, guards nothing
                continue
            self._lost.clear()
            connection = Connection(peer, self._on_frame, self._lost.set)
            self._connection = connection
            connection.start()
            self._on_link(True)
            self._lost.wait()
            self._connection = None
            connection.close()
            self._on_link(False)
