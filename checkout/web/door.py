"""What every request passes before a page sees it: host, origin, size; and the headers of every answer.

Pure ASGI, so that streams pass unbuffered. Deny by default: a request that changes something, or opens a
stream, must come from a page of this very site (row 211).
"""

import json
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from checkout.body_limit import Message, Receive, limited

Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
MAX_BODY_BYTES = 64 * 1024
_READING = frozenset({"GET", "HEAD"})
_WRITING = frozenset({"POST"})

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; frame-src {frames}; form-action 'self'; base-uri 'none'; frame-ancestors {frames}"
)


_TITLES = {
    "unknown_host": "This station answers to another name",
    "method_not_allowed": "This address takes another method",
    "body_too_large": "The body is larger than this address takes",
    "foreign_origin": "A page of another site asked for this",
}
"""Sentences for programs that ask; a person's browser shows none of these."""


@dataclass(frozen=True)
class DoorRules:
    """Which requests come in.

    Args:
        hosts: Host names (without port) that are ours, lower case.
        origins: Origins besides the request's own host that are ours (a TLS proxy's public address).
        is_secure: Served over TLS, so that browsers are told to stay there.
        may_frame_itself: Pages may stand in a frame of this same site (the demo's page).
        large_bodies: Path prefixes whose bodies may be ``large_body_bytes`` long.
        keyed_paths: Path prefixes where a key in a header says who asks and no cookie does: no other site's
            page can send one for its visitor, so where it comes from is not looked at.
        body_bytes_of: Paths whose bodies may be longer than that.
    """

    hosts: frozenset[str]
    origins: frozenset[str] = frozenset()
    is_secure: bool = False
    may_frame_itself: bool = False
    large_bodies: tuple[str, ...] = ()
    keyed_paths: tuple[str, ...] = ()
    large_body_bytes: int = 8 * 1024 * 1024
    body_bytes_of: Mapping[str, int] = field(default_factory=dict)


class Door:
    """ASGI middleware that applies :class:`DoorRules`."""

    def __init__(self, app: AsgiApp, rules: DoorRules) -> None:
        self._app = app
        self._rules = rules
        frames = "'self'" if rules.may_frame_itself else "'none'"
        self._headers = _headers(_POLICY.format(frames=frames), rules.is_secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        refusal = self._refusal(scope)
        guarded_send = self._with_headers(send)
        if refusal is not None:
            is_keyed = scope["path"].startswith(self._rules.keyed_paths)
            await _refuse(guarded_send, *refusal, as_problem=is_keyed)
            return
        limit = self._limit(scope["path"])
        await self._app(scope, limited(receive, limit), guarded_send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "").lower()
        if sum(name == b"host" for name, _ in scope["headers"]) != 1 or _name(host) not in self._rules.hosts:
            return 421, "unknown_host"
        method = scope["method"]
        if method not in _READING | _WRITING:
            return 405, "method_not_allowed"
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self._limit(scope["path"]):
            return 413, "body_too_large"
        if scope["path"].startswith(self._rules.keyed_paths):
            return None
        if method in _WRITING or "text/event-stream" in headers.get("accept", ""):
            return self._foreign(scope, headers, host)
        return None

    def _foreign(self, scope: Scope, headers: dict[str, str], host: str) -> tuple[int, str] | None:
        own = {f"{scope.get('scheme', 'http')}://{host}", *self._rules.origins}
        origin = headers.get("origin")
        site = headers.get("sec-fetch-site")
        # A form on a page that sends no referrer has the origin "null", and only the browser can say that
        # it is our own: a status page's buttons.
        is_own_form = origin == "null" and site == "same-origin"
        if origin is not None and not is_own_form:
            return None if origin.lower() in own else (403, "foreign_origin")
        if scope["method"] in _READING:
            # A stream: same-origin reads carry no Origin, and old browsers no Sec-Fetch-Site either.
            return None if site in {None, "same-origin"} else (403, "foreign_origin")
        referer = urlsplit(headers.get("referer", ""))
        if site == "same-origin" or f"{referer.scheme}://{referer.netloc}".lower() in own:
            return None
        return 403, "foreign_origin"

    def _limit(self, path: str) -> int:
        if path in self._rules.body_bytes_of:
            return self._rules.body_bytes_of[path]
        large = path.startswith(self._rules.large_bodies) if self._rules.large_bodies else False
        return self._rules.large_body_bytes if large else MAX_BODY_BYTES

    def _with_headers(self, send: Send) -> Send:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                extra = [pair for pair in self._headers if pair[0] not in present]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        return guarded


def _name(host: str) -> str:
    """The host without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


def _headers(policy: str, is_secure: bool) -> list[tuple[bytes, bytes]]:
    pairs = {
        "content-security-policy": policy,
        "x-content-type-options": "nosniff",
        "referrer-policy": "same-origin",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "cache-control": "no-store",
    }
    if is_secure:
        pairs["strict-transport-security"] = "max-age=31536000"
    return [(name.encode(), value.encode()) for name, value in pairs.items()]


async def _refuse(send: Send, status: int, code: str, *, as_problem: bool) -> None:
    plain: dict[str, Any] = {"error": code}
    told = {
        "type": f"urn:comptoir:problem:{code}",
        "title": _TITLES[code],
        "status": status,
        "code": code,
        "params": {},
    }
    body = json.dumps(told if as_problem else plain).encode()
    kind = b"application/problem+json" if as_problem else b"application/json"
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
