"""Serves the hand-out page on plain HTTP, beside the station's own pages."""

import logging
from collections.abc import Callable

import uvicorn

from checkout.errors import TrustPageError
from checkout.public.connection import short_lived
from checkout.side_server import GRACE_S, SideServer
from checkout.trust.facts import TrustFiles
from checkout.trust.hand_out import create_hand_out
from checkout.trust.settings import TrustSettings
from loyalty.domain.shop import ShopSettings

_log = logging.getLogger(__name__)
_MAX_CONNECTIONS = 32


class TrustListener:
    """The hand-out page from :meth:`start` to :meth:`stop`.

    Args:
        settings: Where to listen.
        files: What it gives out.
        shop: Reads the shop's settings; blocks on the database.
        on_death: See :class:`runtime.lifecycle.Worker`.
    """

    def __init__(
        self,
        settings: TrustSettings,
        files: TrustFiles,
        shop: Callable[[], ShopSettings],
        *,
        on_death: Callable[[str], None] | None = None,
    ) -> None:
        config = uvicorn.Config(
            create_hand_out(files, shop),
            http=short_lived(frozenset()),
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="off",
            timeout_graceful_shutdown=GRACE_S,
            timeout_keep_alive=5,
            limit_concurrency=_MAX_CONNECTIONS,
        )
        self._server = SideServer(
            "trust-page",
            config,
            host=settings.host,
            port=settings.port,
            port_file=settings.port_file,
            on_death=on_death,
        )

    def start(self) -> "TrustListener":
        """Listen and serve.

        Raises:
            TrustPageError: The port cannot be had.
        """
        try:
            is_open = self._server.start()
        except OSError as error:
            raise TrustPageError(f"the page for tablets cannot open: {error}") from error
        if not is_open:
            raise TrustPageError("the page for tablets did not open in time")
        _log.info("the page for tablets is open", extra={"port": self._server.port})
        return self

    def stop(self) -> None:
        self._server.stop()
