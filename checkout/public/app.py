"""The application behind the public door: the members' pages and nothing of the staff's."""

import logging
from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from checkout.public import opt_out
from checkout.public.inbound import inbound_router
from checkout.web.context import WebContext
from checkout.web.pages import status, status_choices
from checkout.web.rendering import STATIC_FOLDER
from loyalty.adapters.gateways.inbound_sms import SignedSmsReader
from runtime.errors import ComptoirError

STATIC_FILES = frozenset({"comptoir.css", "status.css", "icon.svg"})
"""All that a member's page loads."""
PROBE = "comptoir public door"

_log = logging.getLogger(__name__)


def create_public_app(context: WebContext, reader: SignedSmsReader | None, door_id: str) -> FastAPI:
    """The routes, without the door (see :class:`checkout.public.door.PublicDoor`).

    Args:
        context: The station behind the pages; its demo is left aside.
        reader: Reads inbound SMS; None has no route for them.
        door_id: Random name of this run, by which the set-up check knows its own door again.
    """
    app = FastAPI(title="Comptoir", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.state.context = context
    for router in (status.router, status_choices.router, opt_out.router, _plain_routes(door_id)):
        app.include_router(router)
    if reader is not None:
        app.include_router(inbound_router(reader))
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ComptoirError, _busy)
    app.add_exception_handler(Exception, _broken)
    return app


def _plain_routes(door_id: str) -> APIRouter:
    router = APIRouter()

    @router.get("/probe")
    async def probe() -> JSONResponse:
        return JSONResponse({"what": PROBE, "door": door_id})

    @router.get("/robots.txt")
    async def robots() -> PlainTextResponse:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")

    @router.get("/static/{name}")
    async def static(name: str) -> Response:
        if name not in STATIC_FILES:
            raise HTTPException(404)
        kept = {"cache-control": "public, max-age=31536000, immutable"}
        return FileResponse(Path(STATIC_FOLDER) / name, headers=kept)

    return router


async def _http(_request: Request, error: Exception) -> Response:
    code = error.status_code if isinstance(error, HTTPException) else 500
    return PlainTextResponse("Not found" if code == 404 else "Refused", code)


async def _invalid(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("Refused", 422)


async def _busy(_request: Request, error: Exception) -> Response:
    _log.error("a request from outside failed", exc_info=error)
    return PlainTextResponse("One moment, please", 503, headers={"retry-after": "5"})


async def _broken(_request: Request, error: Exception) -> Response:
    _log.error("a request from outside broke", exc_info=error)
    return PlainTextResponse("Something went wrong", 500)
