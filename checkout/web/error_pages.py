"""Errors as pages that say what happened and what to do; as JSON for whoever asked for no page."""

import logging
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from checkout.errors import CheckoutError
from checkout.web.context import web_context
from checkout.web.rendering import page
from checkout.web.session import words_of
from loyalty.errors import LoyaltyError, PermissionDeniedError, StorageError
from runtime.errors import ComptoirError

_log = logging.getLogger(__name__)

_TEXTS = {
    401: ("Please sign in.", "Your session is over, or you have not signed in yet."),
    403: ("This is not for you.", "Your role does not allow this, or this browser works at another lane."),
    404: ("There is nothing here.", "The address is wrong, or the page has moved."),
    405: ("There is nothing to look at here.", "This address takes a form. Go back and fill it in again."),
    422: (
        "This could not be understood.",
        "Something in the form is missing or wrong. Go back and try again.",
    ),
    503: ("One moment, please.", "The station is busy or starting. Try again in a few seconds."),
}
_OTHER = ("Something went wrong.", "It is written in the station’s log. Try again; nothing was booked twice.")


def install(app: FastAPI) -> None:
    """Have the application answer errors this way."""
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ComptoirError, _ours)
    app.add_exception_handler(Exception, _unexpected)


async def _http(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = str(error.detail) if isinstance(error, HTTPException) else "internal"
    if status == 401 and request.method == "GET" and _wants_page(request):
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?next={quote(asked)}", 303)
    return await _answer(request, status, detail.lower().replace(" ", "_")[:40])


async def _invalid(request: Request, _error: Exception) -> Response:
    return await _answer(request, 422, "invalid_request")


async def _ours(request: Request, error: Exception) -> Response:
    code = error.code if isinstance(error, ComptoirError) else "error"
    if isinstance(error, PermissionDeniedError):
        return await _answer(request, 403, "not_allowed")
    _log.error("a request failed", exc_info=error, extra={"path": request.url.path.split("/s/")[0]})
    status = 503 if isinstance(error, CheckoutError | StorageError) else 500
    if isinstance(error, LoyaltyError) and status == 500:
        status = 404
    return await _answer(request, status, code)


async def _unexpected(request: Request, error: Exception) -> Response:
    _log.error("a request broke", exc_info=error)
    return await _answer(request, 500, "internal")


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and "hx-request" not in request.headers


async def _answer(request: Request, status: int, code: str) -> Response:
    if not _wants_page(request):
        return JSONResponse({"error": code}, status)
    try:
        shop = await run_in_threadpool(web_context(request).settings)
    except ComptoirError:
        return JSONResponse({"error": code}, status)
    words = words_of(request, shop)
    heading, explanation = _TEXTS.get(status, _OTHER)
    return page(
        "error.html",
        words,
        status=status,
        shop_name=shop.name,
        is_demo=shop.is_demo,
        here="/",
        heading=words.text(heading),
        explanation=words.text(explanation),
        code=code,
        number=status,
    )
