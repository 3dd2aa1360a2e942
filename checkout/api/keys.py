"""Whose request it is: the key in the header, looked up at every request, and how often it may come."""

import time
from dataclasses import dataclass, field
from typing import Annotated
from uuid import UUID

from fastapi import Depends, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from checkout.public.limits import RateLimiter
from checkout.web.context import WebContext, web_context
from loyalty.domain.register import Register
from loyalty.services.keep_registers import register_of_key

REQUESTS_A_MINUTE = 600
WRONG_KEYS_A_MINUTE = 30
_MAX_KEY_CHARS = 200


@dataclass
class ApiLimits:
    """How often registers may ask, and how often an address may come with a wrong key."""

    requests: RateLimiter = field(default_factory=lambda: RateLimiter(REQUESTS_A_MINUTE, places=1_024))
    wrong_keys: RateLimiter = field(default_factory=lambda: RateLimiter(WRONG_KEYS_A_MINUTE, places=4_096))
    noted: dict[UUID, float] = field(default_factory=dict)
    """When each register's use was noted last, by monotonic seconds."""

    def is_to_note(self, register_id: UUID) -> bool:
        """Whether a minute has passed; counts as noted then."""
        now = time.monotonic()
        if now - self.noted.get(register_id, -60.0) < 60.0:
            return False
        self.noted[register_id] = now
        return True


@dataclass(frozen=True)
class Caller:
    """The register behind a request; whether it may do what it asks is looked at again in its transaction."""

    register_id: UUID
    key: str


async def caller(request: Request) -> Caller:
    """Dependency of every operation.

    Raises:
        HTTPException: 401 without a good key, 429 for who comes too often.
    """
    limits: ApiLimits = request.app.state.limits
    address = request.client.host if request.client is not None else "?"
    kind, _, key = request.headers.get("authorization", "").partition(" ")
    key = key.strip()
    if kind.lower() != "bearer" or not key:
        raise HTTPException(401, "key_missing")
    found = None
    if len(key) <= _MAX_KEY_CHARS and key.isascii():
        found = await run_in_threadpool(find_register, web_context(request), key)
    if found is None:
        _count(limits.wrong_keys, address)
        raise HTTPException(401, "key_wrong")
    _count(limits.requests, str(found.id))
    return Caller(found.id, key)


def find_register(context: WebContext, key: str) -> Register | None:
    """The register of a key; blocks on the database."""
    with context.reading() as unit:
        return register_of_key(unit, key)


def _count(limiter: RateLimiter, key: str) -> None:
    wait_s = limiter.wait_s(key, time.monotonic())
    if wait_s > 0:
        raise HTTPException(429, "too_many_requests", {"retry-after": str(int(wait_s) + 1)})


Calling = Annotated[Caller, Depends(caller)]
