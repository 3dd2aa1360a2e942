"""The door for devices: three calls of a new one, two of one that joined: certificates."""

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from checkout.errors import SignerError
from checkout.pairing.desk import PairingDesk
from messaging.station.pairing import (
    PairingLookedAt,
    PairingRequested,
    PairingRevealed,
)
from messaging.station.renewal import AgentCertificateRequested, RenewalAnswered, RenewalRequested

_MAX_BODY_BYTES = 8 * 1024
_HEADERS = {"cache-control": "no-store", "x-content-type-options": "nosniff"}


Renew = Callable[[RenewalRequested], RenewalAnswered]
"""Gets a device its next certificate; raises ``SignerError``."""


def create_door(desk: PairingDesk, renew: Renew) -> Starlette:
    """The application of the door for devices."""

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
            Route("/pairing/agent", call(AgentCertificateRequested, renew), methods=["POST"]),
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
