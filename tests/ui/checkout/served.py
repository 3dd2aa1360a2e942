"""The station's pages served on a free loopback port, for a real browser."""

import socket
import threading
from collections.abc import Callable
from pathlib import Path

import uvicorn

from checkout.web.app import behind_door, create_app
from tests.integration.checkout.counter import Counter, make_counter


class ServedCounter:
    """A counter with its pages at ``address``.

    Args:
        folder: For the database and the messages.
        is_demo_page: Whether the demo's page is mounted.
        furnish: From the counter and its address to the counter as the pages shall have it.
    """

    def __init__(
        self,
        folder: Path,
        *,
        is_demo_page: bool = False,
        furnish: Callable[[Counter, str], Counter] = lambda counter, _: counter,
    ) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.counter: Counter = furnish(make_counter(folder, is_demo_page=is_demo_page), self.address)
        app = create_app(self.counter.web)
        config = uvicorn.Config(
            behind_door(app, self.counter.web),
            log_config=None,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=2,
        )
        self._server = uvicorn.Server(config)
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def start(self) -> "ServedCounter":
        self._thread.start()
        while not self._server.started:
            self._thread.join(0.01)
            assert self._thread.is_alive()
        return self

    def stop(self) -> None:
        self.counter.station.feeds.close_all()
        self._server.should_exit = True
        self._thread.join(10)
        self.counter.station.stop()
        self.counter.database.close()

    def session_cookie(self, login: str = "demo") -> str:
        """A session of one of the demo's staff: ``demo`` owns, ``caisse`` sells."""
        from loyalty.services.sign_in import start_session

        with self.counter.database.unit_of_work() as unit:
            found = unit.staff.by_login(login)
            assert found is not None
            token = start_session(unit, self.counter.station.ctx, found[0]).token
            unit.commit()
        return token

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])
