"""Errors as problem documents (RFC 9457): a stable ``code``, its parameters, a sentence for people."""

import json
import logging
from collections.abc import Mapping

from fastapi import FastAPI
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from checkout.errors import CheckoutError
from checkout.words import best_language, words_for
from checkout.words.reasons import reason_text
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import ConflictError, PermissionDeniedError, StorageError
from runtime.errors import ComptoirError

_log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
Params = Mapping[str, int | str | bool | None]

_FORBIDDEN = frozenset(
    {Refusal.LANE_NOT_BOUND, Refusal.OWN_ACCOUNT, Refusal.PERMISSION_NOT_HELD, Refusal.TRUST_TOO_LOW}
)
_UNKNOWN = frozenset({Refusal.LANE_UNKNOWN, Refusal.SALE_UNKNOWN})
_CONFLICTS = frozenset(
    {
        Refusal.REFERENCE_USED,
        Refusal.LANE_SELLS_ITSELF,
        Refusal.SALE_CHANGED,
        Refusal.SALE_CLOSED,
        Refusal.SALE_HELD,
        Refusal.SALE_ALREADY_OPEN,
        Refusal.SALE_ALREADY_REFUNDED,
        Refusal.SALE_NOT_COMPLETED,
        Refusal.ANOTHER_MEMBER,
        Refusal.NOT_ENOUGH_POINTS,
        Refusal.VOID_TOO_LATE,
    }
)
_TITLES = {
    "key_missing": "A key is needed: Authorization: Bearer …",
    "key_wrong": "This key opens nothing",
    "too_many_requests": "Too many requests; wait a little",
    "not_json": "The body must be JSON, with Content-Type: application/json",
    "invalid_request": "Something in the request is missing or wrong",
    "not_found": "There is nothing here",
    "method_not_allowed": "This address takes another method",
    "not_allowed": "The register may not do this",
    "conflict": "Something else changed the same sale; ask again",
    "busy": "The station is busy; ask again",
    "internal": "Something went wrong; it is in the station's log",
}
OWN_CODES = tuple(_TITLES)
"""Codes besides those of refusals."""


def install(api: FastAPI) -> None:
    """Have the application answer errors this way."""
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(ComptoirError, _of_station)
    api.add_exception_handler(Exception, _unexpected)


def refusal_problem(request: Request, refused: Refused, currency: str, language: str) -> Response:
    """What a use case would not do."""
    words = words_for(best_language(request.headers.get("accept-language", ""), ("fr", "en"), language))
    title = reason_text(words, refused.reason.value, refused.params, currency)
    return problem(status_of(refused.reason), refused.reason.value, title=title, params=refused.params)


def invalid(error: ValidationError) -> Response:
    """A body that is not what the description says; values are not repeated."""
    faults = [
        {"at": ".".join(map(str, fault["loc"])) or "body", "code": fault["type"], "text": fault["msg"]}
        for fault in error.errors(include_url=False, include_input=False, include_context=False)[:20]
    ]
    return problem(422, "invalid_request", errors=faults)


def problem(
    status: int,
    code: str,
    *,
    title: str | None = None,
    params: Params | None = None,
    errors: list[dict[str, str]] | None = None,
    retry_after_s: int | None = None,
) -> Response:
    body: dict[str, object] = {
        "type": f"urn:comptoir:problem:{code}",
        "title": title or _TITLES.get(code, code),
        "status": status,
        "code": code,
        "params": dict(params or {}),
    }
    if errors:
        body["errors"] = errors
    headers = {"retry-after": str(retry_after_s)} if retry_after_s is not None else {}
    if status == 401:
        headers["www-authenticate"] = "Bearer"
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, headers, media_type=MEDIA_TYPE)


def status_of(reason: Refusal) -> int:
    """The HTTP status of a refusal."""
    if reason in _FORBIDDEN:
        return 403
    if reason in _UNKNOWN:
        return 404
    return 409 if reason in _CONFLICTS else 422


async def _http(_request: Request, error: Exception) -> Response:
    """What this package raises has one of its codes as detail; the rest is the toolkit's."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = str(error.detail) if isinstance(error, HTTPException) else ""
    headers = (error.headers or {}) if isinstance(error, HTTPException) else {}
    retry_after = headers.get("retry-after")
    if code not in _TITLES:
        code = {404: "not_found", 405: "method_not_allowed"}.get(status, "invalid_request")
    return problem(status, code, retry_after_s=int(retry_after) if retry_after is not None else None)


async def _of_station(request: Request, error: Exception) -> Response:
    if isinstance(error, PermissionDeniedError):
        return problem(403, "not_allowed")
    if isinstance(error, ConflictError):
        return problem(409, "conflict")
    _log.error("a register's request failed", exc_info=error, extra={"path": request.url.path[:80]})
    if isinstance(error, CheckoutError | StorageError):
        return problem(503, "busy", retry_after_s=1)
    return problem(500, "internal")


async def _unexpected(_request: Request, error: Exception) -> Response:
    _log.error("a register's request broke", exc_info=error)
    return problem(500, "internal")
