"""What an SMS provider is asked and what its answer means, by configuration."""

import base64
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from loyalty.adapters.gateways.answers import accepted, refused, unknown
from loyalty.adapters.gateways.settings import HttpSmsSettings
from loyalty.domain.message import MemberMessage
from loyalty.ports.messages import GatewayAnswer

_MAX_RETRY_AFTER_S = 24 * 3600.0
_MOVED = frozenset({301, 307, 308})


def request_of(settings: HttpSmsSettings, message: MemberMessage) -> tuple[bytes, dict[str, str]]:
    """Body and headers of the request, without the secret."""
    to = message.to if settings.number_style == "e164" else message.to.removeprefix("+")
    document: dict[str, Any] = {}
    for name, value in settings.fixed.items():
        _put(document, name, value)
    _put(document, settings.fields.to, [to] if settings.to_is_list else to)
    _put(document, settings.fields.text, message.body)
    if settings.fields.sender is not None:
        _put(document, settings.fields.sender, settings.sender)
    if settings.fields.message_id is not None:
        _put(document, settings.fields.message_id, str(message.id))
    headers = {"Accept": "application/json"}
    if settings.idempotency_header is not None:
        headers[settings.idempotency_header] = str(message.id)
    if settings.body == "form":
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return urlencode(document, doseq=True).encode("ascii"), headers
    headers["Content-Type"] = "application/json"
    return json.dumps(document, ensure_ascii=False).encode(), headers


def secret_header(settings: HttpSmsSettings, secret: str) -> dict[str, str]:
    """The header that proves who asks."""
    if settings.username is not None:
        pair = base64.b64encode(f"{settings.username}:{secret}".encode()).decode("ascii")
        return {settings.auth_header: f"Basic {pair}"}
    return {settings.auth_header: f"{settings.auth_prefix}{secret}"}


def verdict(settings: HttpSmsSettings, status: int, headers: Mapping[str, str], body: bytes) -> GatewayAnswer:
    """What an answer means.

    A status that the settings call accepted is one, unless the answer's own field says otherwise. 429 and
    other 4xx are refusals: the provider did not take the message. 409 says that the same id is there
    already, 5xx that something broke half-way: then nobody knows. A redirect is not followed; 301, 307 and
    308 say that nothing was done here, other 3xx leave it open.
    """
    if status in settings.accepted_statuses:
        return _by_answer(settings, status, body)
    if status == 409 or status >= 500:
        return unknown(f"status {status}")
    if 400 <= status < 500:
        return refused(
            f"status {status}",
            is_final=status in settings.final_statuses,
            retry_after_s=_retry_after_s(headers.get("retry-after", "")),
        )
    if status in _MOVED:
        return refused(f"status {status}: the address has moved, and redirects are not followed")
    return unknown(f"status {status}")


def _by_answer(settings: HttpSmsSettings, status: int, body: bytes) -> GatewayAnswer:
    if settings.answer_field is None:
        return accepted(f"status {status}")
    try:
        found: Any = json.loads(body)
        for step in settings.answer_field.split("."):
            found = found[int(step)] if isinstance(found, list) else found[step]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return unknown(f"status {status}, but the answer has no {settings.answer_field}")
    said = str(found)
    if said in settings.answer_accepted:
        return accepted(f"status {status}, {settings.answer_field} {said}")
    if said in settings.answer_refused:
        return refused(f"status {status}, {settings.answer_field} {said}")
    return unknown(f"status {status}, {settings.answer_field} {said}")


def _put(document: dict[str, Any], path: str, value: object) -> None:
    *steps, last = path.split(".")
    for step in steps:
        document = document.setdefault(step, {})
    document[last] = value


def _retry_after_s(text: str) -> float | None:
    """RFC 9110 §10.2.3 in seconds; the form with a date is left to the back-off."""
    if not text.strip().isascii() or not text.strip().isdigit():
        return None
    return min(float(text.strip()), _MAX_RETRY_AFTER_S)
