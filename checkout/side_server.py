"""A second web server in the station's process, on a thread and a loop of its own."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import uvicorn

from runtime.lifecycle import Worker

GRACE_S = 2
_STARTS_WITHIN_S = 15.0
_IP_FREEBIND = (socket.IPPROTO_IP, 15)
_IPV6_FREEBIND = (socket.IPPROTO_IPV6, 78)


class SideServer:
    """Serves an application from :meth:`start` to :meth:`stop`.

    Args:
        name: Of the thread.
        config: Of the server; host and port in it are not looked at.
        host: An address, which may come later than the station.
        port: 0 takes a free one.
        port_file: Names the port that was taken.
        on_death: See :class:`runtime.lifecycle.Worker`.
    """

    def __init__(
        self,
        name: str,
        config: uvicorn.Config,
        *,
        host: str,
        port: int,
        port_file: Path | None = None,
        on_death: Callable[[str], None] | None = None,
    ) -> None:
        self._name = name
        self._server = _Server(config)
        self._at = (host, port)
        self._port_file = port_file
        self._on_death = on_death
        self._socket: socket.socket | None = None
        self._worker: Worker | None = None

    @property
    def port(self) -> int:
        """The port that was taken; 0 before the start."""
        return int(self._socket.getsockname()[1]) if self._socket is not None else 0

    @property
    def is_alive(self) -> bool:
        return self._worker is not None and self._worker.is_alive

    def start(self) -> bool:
        """Listen and serve; False where the server did not begin in time.

        Raises:
            OSError: The port cannot be had.
        """
        listening = self._socket = _listen(*self._at)
        if self._port_file is not None:
            self._port_file.write_text(f"{self.port}\n", encoding="ascii")
        self._worker = Worker(
            self._name, lambda _stopping: self._server.run(sockets=[listening]), self._on_death
        ).start()
        return self._server.serves.wait(_STARTS_WITHIN_S)

    def stop(self) -> None:
        self._server.should_exit = True
        if self._worker is not None:
            self._worker.stop(GRACE_S + 5.0)
        if self._socket is not None:
            self._socket.close()


class _Server(uvicorn.Server):
    """Says when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serves = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.serves.set()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # The address of a tunnel may come later than the station: sales do not wait for it (ip(7), ipv6(7)).
        made.setsockopt(*(_IPV6_FREEBIND if ":" in host else _IP_FREEBIND), 1)
        made.bind((host, port))
        made.listen(128)
    except OSError:
        made.close()
        raise
    return made
