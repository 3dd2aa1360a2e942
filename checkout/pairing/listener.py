"""The door for devices: three calls of a new one, one of an old one for its next certificate, no more."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkout.errors import PairingDoorError, SignerError
from checkout.pairing.desk import PairingDesk
from checkout.pairing.settings import PairingSettings
from checkout.public.connection import short_lived
from checkout.side_server import GRACE_S, SideServer
from messaging.station.pairing import (
    PairingLookedAt,
    PairingRequested,
    PairingRevealed,
)
from messaging.station.renewal import RenewalAnswered, RenewalRequested

_log = logging.getLogger(__name__)
_MAX_CONNECTIONS = 32
_MAX_BODY_BYTES = 8 * 1024
_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


Renew = Callable[[RenewalRequested], RenewalAnswered]
"""Gets a device its next certificate; raises ``SignerError``."""


def create_door(desk: PairingDesk, renew: Renew) -> Starlette:
    """The application of the pairing listener."""

    def call(model: type[BaseModel], answer: Callable[[Any], BaseModel | None]) -> Any:
        async def handle(request: Request) -> Response:
            body = await _body(request)
            if body is None:
                return _refused(413, "too_long")
            try:
                asked = model.model_validate_json(body)
            except ValidationError:
                return _refused(422, "malformed")
            try:
                told = await run_in_threadpool(answer, asked)
            except SignerError:
                return _refused(503, "nobody_signs")
            if told is None:
                return _refused(409, "not_possible")
            return Response(told.model_dump_json(), media_type="application/json", headers=_HEADERS)

        return handle

    return Starlette(
        routes=[
            Route("/pairing", call(PairingRequested, desk.knock), methods=["POST"]),
            Route("/pairing/reveal", call(PairingRevealed, desk.reveal), methods=["POST"]),
            Route("/pairing/look", call(PairingLookedAt, desk.look), methods=["POST"]),
            Route("/pairing/renew", call(RenewalRequested, renew), methods=["POST"]),
        ]
    )


async def _body(request: Request) -> bytes | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _MAX_BODY_BYTES:
            return None
    return body


def _refused(status: int, reason: str) -> JSONResponse:
    return JSONResponse({"error": reason}, status, headers=_HEADERS)


class PairingListener:
    """The door from :meth:`start` to :meth:`stop`.

    Args:
        settings: Where to listen.
        desk: Who answers new devices.
        renew: Who answers those that were here before.
        certificate: Certificate and key of the station's own pages, for TLS; None is plain.
        on_death: See :class:`runtime.lifecycle.Worker`.
    """

    def __init__(
        self,
        settings: PairingSettings,
        desk: PairingDesk,
        renew: Renew,
        certificate: tuple[Path, Path] | None,
        *,
        on_death: Callable[[str], None] | None = None,
    ) -> None:
        config = uvicorn.Config(
            create_door(desk, renew),
            http=short_lived(frozenset()),
            ssl_certfile=certificate[0] if certificate is not None else None,
            ssl_keyfile=str(certificate[1]) if certificate is not None else None,
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
        self.is_secure = certificate is not None
        self._server = SideServer(
            "pairing-door",
            config,
            host=settings.host,
            port=settings.port,
            port_file=settings.port_file,
            on_death=on_death,
        )

    @property
    def port(self) -> int:
        return self._server.port

    def start(self) -> "PairingListener":
        """Listen and serve.

        Raises:
            PairingDoorError: The port cannot be had.
        """
        try:
            is_open = self._server.start()
        except OSError as error:
            raise PairingDoorError(f"the door for new devices cannot open: {error}") from error
        if not is_open:
            raise PairingDoorError("the door for new devices did not open in time")
        _log.info("new devices may knock", extra={"port": self._server.port})
        return self

    def stop(self) -> None:
        self._server.stop()
