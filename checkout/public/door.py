"""What a request from outside passes before anything of ours sees it; and the headers of every answer.

Pure ASGI. Deny by default: a path that is not on the list does not exist, a cookie is neither heard nor
given, and whoever floods is told when to come back.
"""

import hashlib
import logging
import math
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from checkout.body_limit import Message, Receive, limited
from checkout.public.callers import caller_of
from checkout.public.limits import RateLimiter

Scope = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES = 16 * 1024
MAX_PATH_CHARS = 200
MAX_HEADER_BYTES = 8 * 1024
SMS_PATH = "/sms"
_LINK_PREFIXES = ("/s/", "/o/")
_PATHS = frozenset({SMS_PATH, "/probe", "/robots.txt"})
_STATIC = "/static/"
_UNHEARD = frozenset({b"cookie", b"authorization", b"forwarded", b"x-forwarded-for", b"x-forwarded-host"})
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "cache-control": "no-store",
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PublicRules:
    """Which requests come in.

    Args:
        hosts: Host names (without port) under which the door is known outside, lower case.
        proxies: See :func:`caller_of`.
        is_secure: Reached by https, so that browsers are told to stay there.
        requests_a_minute: From one address.
        link_requests_a_minute: For one link.
        sms_a_minute: Posts of inbound SMS from one address.
    """

    hosts: frozenset[str]
    proxies: frozenset[str] = frozenset()
    is_secure: bool = True
    requests_a_minute: int = 120
    link_requests_a_minute: int = 40
    sms_a_minute: int = 600


class PublicDoor:
    """ASGI middleware that applies :class:`PublicRules`.

    Args:
        app: What stands behind the door.
        rules: See there.
        monotonic_s: For the rate limits.
    """

    def __init__(
        self, app: AsgiApp, rules: PublicRules, *, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._app = app
        self._rules = rules
        self._monotonic_s = monotonic_s
        self._by_caller = RateLimiter(rules.requests_a_minute)
        self._by_link = RateLimiter(rules.link_requests_a_minute)
        self._by_sms = RateLimiter(rules.sms_a_minute)
        headers = dict(_HEADERS)
        if rules.is_secure:
            headers["strict-transport-security"] = "max-age=31536000"
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            return
        guarded = self._guarded(send)
        refusal = self._refusal(scope) or self._too_often(scope)
        if refusal is not None:
            await _refuse(guarded, *refusal)
            return
        heard = [(name, value) for name, value in scope["headers"] if name not in _UNHEARD]
        await self._app({**scope, "headers": heard}, limited(receive, MAX_BODY_BYTES), guarded)

    def _refusal(self, scope: Scope) -> tuple[int, float] | None:
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        hosts = [value.decode("latin-1").lower() for name, value in headers if name == b"host"]
        if len(hosts) != 1 or _host_name(hosts[0]) not in self._rules.hosts:
            return 421, 0
        if sum(len(name) + len(value) for name, value in headers) > MAX_HEADER_BYTES:
            return 431, 0
        if not _is_known(scope["path"]):
            return 404, 0
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            return 405, 0
        lengths = [value for name, value in headers if name == b"content-length"]
        if any(not length.isdigit() or int(length) > MAX_BODY_BYTES for length in lengths):
            return 413, 0
        if scope["method"] == "POST" and self._is_foreign(dict(headers), hosts[0]):
            return 403, 0
        return None

    def _is_foreign(self, headers: dict[bytes, bytes], host: str) -> bool:
        """Whether a page of another site sent this post. Servers (SMS, one-click opt-out) say nothing."""
        if headers.get(b"sec-fetch-site", b"same-origin") not in {b"same-origin", b"none"}:
            return True
        origin = headers.get(b"origin", b"null").decode("latin-1").lower()
        return origin not in {"null", f"https://{host}", f"http://{host}"}

    def _too_often(self, scope: Scope) -> tuple[int, float] | None:
        client = scope.get("client")
        forwarded = [
            value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"
        ]
        caller = caller_of(client[0] if client else None, forwarded, self._rules.proxies)
        now_s, path = self._monotonic_s(), scope["path"]
        limiter = self._by_sms if path == SMS_PATH else self._by_caller
        wait_s = limiter.wait_s(caller, now_s)
        if wait_s == 0 and path.startswith(_LINK_PREFIXES):
            link = hashlib.sha256(path.split("/")[2].encode()).hexdigest()
            wait_s = self._by_link.wait_s(link, now_s)
        return (429, wait_s) if wait_s > 0 else None

    def _guarded(self, send: Send) -> Send:
        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [pair for pair in message["headers"] if pair[0].lower() != b"set-cookie"]
                present = {name.lower() for name, _ in kept}
                extra = [pair for pair in self._headers if pair[0] not in present]
                message = {**message, "headers": [*kept, *extra]}
            await send(message)

        return guarded


def _is_known(path: str) -> bool:
    if len(path) > MAX_PATH_CHARS:
        return False
    return path in _PATHS or path.startswith((*_LINK_PREFIXES, _STATIC))


def _host_name(host: str) -> str:
    """The host without its port."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0]


async def _refuse(send: Send, status: int, wait_s: float) -> None:
    body = {404: b"Not found", 429: b"Too many requests: come back in a moment"}.get(status, b"Refused")
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    if wait_s > 0:
        headers.append((b"retry-after", str(math.ceil(wait_s)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
