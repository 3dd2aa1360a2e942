"""A small application of the station at a port of its own: door for devices, page for tablets, figures."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from starlette.applications import Starlette

from checkout.closed_config import closed_config
from checkout.errors import SideDoorError
from checkout.public.connection import short_lived
from checkout.side_server import GRACE_S, SideServer

_log = logging.getLogger(__name__)
_MAX_CONNECTIONS = 32


class Place(Protocol):
    """Where it listens; a section of the configuration."""

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...

    @property
    def port_file(self) -> Path | None: ...


class SideDoor:
    """The application from :meth:`start` to :meth:`stop`.

    Args:
        name: As in ``door for devices``; names the thread too.
        app: What answers.
        place: Where.
        certificate: Certificate and key, for TLS; None is plain.
        on_death: See :class:`runtime.lifecycle.Worker`.
    """

    def __init__(
        self,
        name: str,
        app: Starlette,
        place: Place,
        *,
        certificate: tuple[Path, Path] | None = None,
        on_death: Callable[[str], None] | None = None,
    ) -> None:
        config = closed_config(
            app,
            *(certificate or (None, None)),
            http=short_lived(frozenset()),
            timeout_graceful_shutdown=GRACE_S,
            timeout_keep_alive=5,
            limit_concurrency=_MAX_CONNECTIONS,
        )
        self.is_secure = certificate is not None
        self._name = name
        self._server = SideServer(
            name, config, host=place.host, port=place.port, port_file=place.port_file, on_death=on_death
        )

    @property
    def port(self) -> int:
        """The port that was taken; 0 before the start."""
        return self._server.port

    def start(self) -> "SideDoor":
        """Listen and serve.

        Raises:
            SideDoorError: The port cannot be had.
        """
        try:
            is_open = self._server.start()
        except OSError as error:
            raise SideDoorError(f"the {self._name} cannot open: {error}") from error
        if not is_open:
            raise SideDoorError(f"the {self._name} did not open in time")
        _log.info("side door open", extra={"door": self._name, "port": self._server.port})
        return self

    def stop(self) -> None:
        self._server.stop()
