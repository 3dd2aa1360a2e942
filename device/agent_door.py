"""The socket on which the update agent asks how the device is: one JSON object a line each way.

For the agent's account alone (mode 0660, the group of the folder). It can ask and start a trial scan, nothing
else.
"""

import contextlib
import logging
import os
import socketserver
import threading
from collections.abc import Callable
from pathlib import Path

from device.errors import AgentDoorError
from messaging.codec import decode, encode
from messaging.errors import MessagingError
from messaging.local.for_agent import DeviceAnswered, DeviceAsked

_log = logging.getLogger(__name__)

_LONGEST_LINE = 4096
_QUIET_S = 20.0

Answer = Callable[[str], DeviceAnswered]


class _Handler(socketserver.StreamRequestHandler):
    timeout = _QUIET_S

    def handle(self) -> None:
        answer: Answer = self.server.answer  # type: ignore[attr-defined]
        with contextlib.suppress(OSError):
            try:
                question = decode(self.rfile.readline(_LONGEST_LINE).strip(), DeviceAsked)
            except MessagingError as error:
                self.wfile.write(encode(DeviceAnswered(state="failed", detail=error.code)) + b"\n")
                return
            self.wfile.write(encode(answer(question.ask)) + b"\n")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False


class AgentDoor:
    """Listens; each question has a thread of its own.

    Args:
        path: Of the socket.
        answer: Says how a part is.
    """

    def __init__(self, path: Path, answer: Answer) -> None:
        self._path = path
        self._answer = answer
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Listen.

        Raises:
            AgentDoorError: The path cannot be bound.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.unlink(missing_ok=True)
            before = os.umask(0o117)
            try:
                self._server = _Server(str(self._path), _Handler)
            finally:
                os.umask(before)
        except OSError as error:
            raise AgentDoorError(f"cannot listen on {self._path}: {error.strerror or error}") from error
        self._server.answer = self._answer  # type: ignore[attr-defined]
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.5,), name="agent door", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(5)
            self._path.unlink(missing_ok=True)
            self._server = None
