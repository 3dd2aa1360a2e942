"""A device process as the update agent sees it: a socket that answers as the test says."""

import socketserver
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from messaging.codec import decode, encode
from messaging.local.for_agent import DeviceAnswered, DeviceAsked


class FakeDevice:
    """Answers ``ok`` to everything but what stands in ``states``; remembers what was asked.

    ``release`` tells what this process runs.
    """

    def __init__(self, path: Path, release: Callable[[], str] | None = None) -> None:
        self.states: dict[str, DeviceAnswered] = {}
        self.asked: list[str] = []
        self.release = release or (lambda: "")
        path.unlink(missing_ok=True)
        owner = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                question = decode(self.rfile.readline(4096).strip(), DeviceAsked)
                owner.asked.append(question.ask)
                answer = owner.states.get(question.ask, DeviceAnswered(state="ok"))
                self.wfile.write(encode(answer.model_copy(update={"release": owner.release()})) + b"\n")

        class Server(socketserver.ThreadingUnixStreamServer):
            daemon_threads = True

        self._server = Server(str(path), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def fail(self, name: str, detail: str = "broken for the test") -> None:
        self.states[name] = DeviceAnswered(state="failed", detail=detail)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)
