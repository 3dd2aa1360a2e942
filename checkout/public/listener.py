"""The second server of the station's process, on a thread and a loop of its own.

So a flood from outside delays no till: it fills its own queue, and is cut off there.
"""

import logging
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit

import uvicorn

from checkout.closed_config import closed_config
from checkout.errors import PublicDoorError
from checkout.public.app import create_public_app
from checkout.public.connection import short_lived
from checkout.public.door import PublicDoor, PublicRules
from checkout.public.settings import PublicSettings
from checkout.side_server import GRACE_S, SideServer
from checkout.web.context import WebContext
from loyalty.adapters.gateways.inbound_sms import SignedSmsReader
from runtime.errors import ConfigurationError

_log = logging.getLogger(__name__)
_MAX_CONNECTIONS = 256


class PublicListener:
    """Serves the public door from :meth:`start` to :meth:`stop`.

    Args:
        settings: Where to listen.
        public_url: The address outside, which decides the host name that is ours.
        context: The station behind the pages.
        reader: See :func:`create_public_app`.
        on_death: See :class:`runtime.lifecycle.Worker`.
    """

    def __init__(
        self,
        settings: PublicSettings,
        public_url: str,
        context: WebContext,
        *,
        reader: SignedSmsReader | None = None,
        on_death: Callable[[str], None] | None = None,
    ) -> None:
        self.door_id = secrets.token_hex(8)
        proxies = frozenset(settings.proxies)
        app = create_public_app(context, reader, self.door_id)
        self._config = _uvicorn_config(PublicDoor(app, _rules(settings, public_url)), settings, proxies)
        self._server = SideServer(
            "public-door",
            self._config,
            host=settings.host,
            port=settings.port,
            port_file=settings.port_file,
            on_death=on_death,
        )

    @property
    def port(self) -> int:
        """The port that was taken; 0 before the start."""
        return self._server.port

    @property
    def is_alive(self) -> bool:
        return self._server.is_alive

    def start(self) -> "PublicListener":
        """Listen and serve.

        Raises:
            ConfigurationError: Certificate or key cannot be used.
            PublicDoorError: The port cannot be had.
        """
        try:
            self._config.load()
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
            raise ConfigurationError(f"certificate or key of the public door: {error}") from error
        try:
            is_open = self._server.start()
        except OSError as error:
            raise PublicDoorError(f"the public door cannot open: {error}") from error
        if not is_open:
            raise PublicDoorError("the public door did not open in time")
        _log.info("the public door is open", extra={"port": self.port})
        return self

    def stop(self) -> None:
        self._server.stop()


def _rules(settings: PublicSettings, public_url: str) -> PublicRules:
    outside = urlsplit(public_url)
    host = (outside.hostname or "").lower()
    return PublicRules(
        hosts=frozenset({f"[{host}]" if ":" in host else host}),
        proxies=frozenset(settings.proxies),
        is_secure=outside.scheme == "https",
        requests_a_minute=settings.requests_a_minute,
        link_requests_a_minute=settings.link_requests_a_minute,
        sms_a_minute=settings.sms_a_minute,
    )


def _uvicorn_config(app: PublicDoor, settings: PublicSettings, proxies: frozenset[str]) -> uvicorn.Config:
    return closed_config(
        app,
        settings.tls_certificate_file,
        settings.tls_key_file,
        http=short_lived(proxies),
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=5,
        limit_concurrency=_MAX_CONNECTIONS,
        h11_max_incomplete_event_size=16 * 1024,
    )
