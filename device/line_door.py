"""A Unix socket at which local programs ask: one JSON object a line each way."""

import contextlib
import os
import socketserver
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from device.errors import DeviceError

Answer = Callable[[bytes], bytes]
"""From a line to a line, without their ends; must not raise for what a line may hold."""


@dataclass(frozen=True)
class Manners:
    """How a door behaves.

    Attributes:
        umask: What the socket's mode leaves out, as in ``0o177`` for this account alone.
        longest_line: In bytes; who sends more is hung up on.
        quiet_s: So long may a peer say nothing.
        error: Raised where the path cannot be bound.
    """

    umask: int
    longest_line: int
    quiet_s: float
    error: type[DeviceError]


class _Handler(socketserver.StreamRequestHandler):
    def setup(self) -> None:
        super().setup()
        server: _Server = self.server  # type: ignore[assignment]
        self.connection.settimeout(server.manners.quiet_s)

    def handle(self) -> None:
        server: _Server = self.server  # type: ignore[assignment]
        longest = server.manners.longest_line
        with contextlib.suppress(OSError):
            while line := self.rfile.readline(longest + 1):
                if len(line) > longest:
                    self.wfile.write(server.too_long + b"\n")
                    return
                self.wfile.write(server.answer(line.strip()) + b"\n")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 16
    manners: Manners
    answer: Answer
    too_long: bytes


class LineDoor:
    """Listens from :meth:`start` to :meth:`stop`; each peer has a thread of its own.

    Args:
        name: Of the thread.
        path: Of the socket.
        answer: Says what to answer.
        manners: See :class:`Manners`.
        too_long: What is answered to a line that is too long.
    """

    def __init__(self, name: str, path: Path, answer: Answer, manners: Manners, too_long: bytes) -> None:
        self._name = name
        self._path = path
        self._answer = answer
        self._manners = manners
        self._too_long = too_long
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen.

        Raises:
            DeviceError: The path cannot be bound; of the kind that ``manners`` names.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.unlink(missing_ok=True)
            before = os.umask(self._manners.umask)
            try:
                server = _Server(str(self._path), _Handler)
            finally:
                os.umask(before)
        except OSError as error:
            raise self._manners.error(f"cannot listen on {self._path}: {error.strerror or error}") from error
        server.manners, server.answer, server.too_long = self._manners, self._answer, self._too_long
        self._server = server
        self._thread = threading.Thread(
            target=server.serve_forever, kwargs={"poll_interval": 0.5}, name=self._name, daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(5)
            self._path.unlink(missing_ok=True)
            self._server = None
