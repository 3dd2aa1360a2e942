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
TITLES = {
    "key_missing": "A key is needed: Authorization: Bearer …",
    "key_wrong": "This key opens nothing",
    "too_many_requests": "Too many requests; wait a little",
    "not_json": "The body must be JSON, with Content-Type: application/json",
    "not_plain": "The body must be sent as it is, without Content-Encoding",
    "invalid_request": "Something in the request is missing or wrong",
    "not_found": "There is nothing here",
    "method_not_allowed": "This address takes another method",
    "not_allowed": "The register may not do this",
    "conflict": "Something else changed the same sale; ask again",
    "busy": "The station is busy; ask again",
    "internal": "Something went wrong; it is in the station’s log",
}
"""Sentences for the codes besides those of refusals."""

_KEPT_HEADERS = frozenset({"retry-after", "allow"})
OWN_CODES = tuple(TITLES)


def install(api: FastAPI) -> None:
    """Have the application answer errors this way."""
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(ComptoirError, _of_station)
    api.add_exception_handler(Exception, _unexpected)


def refusal_problem(request: Request, refused: Refused, currency: str, language: str) -> Response:
    """What a use case would not do."""
    words = words_for(best_language(request.headers.get("accept-language", ""), ("fr", "en"), language))
    title = reason_text(words, refused.reason.value, refused.params, currency)
    status = status_of(refused.reason)
    return problem(status, refused.reason.value, request, title=title, params=refused.params)


def invalid(request: Request, error: ValidationError) -> Response:
    """A body that is not what the description says; values are not repeated."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    places = [fault["loc"] for fault in found]
    # A list with a fault in it is itself counted as too short: only the fault is of use.
    inmost = [each for each in found if not any(_is_within(place, each["loc"]) for place in places)]
    faults = [
        {
            "at": ".".join(map(str, fault["loc"])) or "body",
            "code": fault["type"],
            "text": fault["msg"].removeprefix("Value error, "),
        }
        for fault in inmost[:20]
    ]
    return problem(422, "invalid_request", request, errors=faults)


def repeated(request: Request, name: str) -> Response:
    """A body in which a field stands twice."""
    fault = {"at": name, "code": "repeated_field", "text": "This field stands twice in one object"}
    return problem(422, "invalid_request", request, errors=[fault])


def problem(
    status: int,
    code: str,
    request: Request,
    *,
    title: str | None = None,
    params: Params | None = None,
    errors: list[dict[str, str]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The document; its title in the language of the request, English where it names none of ours."""
    words = words_for(best_language(request.headers.get("accept-language", ""), ("fr", "en"), "en"))
    body: dict[str, object] = {
        "type": f"urn:comptoir:problem:{code}",
        "title": title or words.text(TITLES.get(code, code)),
        "status": status,
        "code": code,
        "params": dict(params or {}),
    }
    if errors:
        body["errors"] = errors
    sent = {name: value for name, value in (headers or {}).items() if name.lower() in _KEPT_HEADERS}
    if status == 401:
        sent["www-authenticate"] = "Bearer"
    text = json.dumps(body, ensure_ascii=False)
    return Response(text, status, sent, media_type=MEDIA_TYPE)


def status_of(reason: Refusal) -> int:
    """The HTTP status of a refusal."""
    if reason in _FORBIDDEN:
        return 403
    if reason in _UNKNOWN:
        return 404
    return 409 if reason in _CONFLICTS else 422


def _is_within(place: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer


async def _http(request: Request, error: Exception) -> Response:
    """What this package raises has one of its codes as detail; the rest is the toolkit's."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = str(error.detail) if isinstance(error, HTTPException) else ""
    if code not in TITLES:
        code = {404: "not_found", 405: "method_not_allowed"}.get(status, "invalid_request")
    headers = error.headers if isinstance(error, HTTPException) else None
    return problem(status, code, request, headers=headers)


async def _of_station(request: Request, error: Exception) -> Response:
    if isinstance(error, PermissionDeniedError):
        return problem(403, "not_allowed", request)
    if isinstance(error, ConflictError):
        return problem(409, "conflict", request)
    _log.error("a register's request failed", exc_info=error, extra={"path": request.url.path[:80]})
    if isinstance(error, CheckoutError | StorageError):
        return problem(503, "busy", request, headers={"retry-after": "1"})
    return problem(500, "internal", request)


async def _unexpected(request: Request, error: Exception) -> Response:
    _log.error("a register's request broke", exc_info=error)
    return problem(500, "internal", request)
