"""One-time codes by SMS: five tries, five minutes, for one session and one action (row 207)."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from loyalty.domain.why import Refusal, Refused

MAX_TRIES = 5
VALID_FOR = timedelta(minutes=5)
CODE_DIGITS = 6


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code that was sent. What is kept is its keyed digest, never the digits."""

    id: UUID
    session_id: UUID
    action: str
    """What it allows, and on what: ``redeem:<sale>``, ``change_phone:<customer>``."""
    digest: bytes
    sent_at: datetime
    tries: int = 0
    used_at: datetime | None = None
    customer_id: UUID | None = None
    """Whose phone it went to; None for a challenge that only looks like one (row 170)."""

    def is_open(self, now: datetime) -> bool:
        """Whether a try could still succeed."""
        return (
            self.used_at is None and self.tries < MAX_TRIES and self.sent_at <= now < self.sent_at + VALID_FOR
        )


def digest_of(key: bytes, code_id: UUID, session_id: UUID, action: str, digits: str) -> bytes:
    """Keyed digest of the digits, bound to code, session and action.

    Six digits alone could be found by trying all; without the station's key they cannot.
    """
    bound = "\x1f".join((str(code_id), str(session_id), action, digits))
    return hmac.digest(key, bound.encode(), "sha256")


def try_code(
    code: OneTimeCode, typed_digits: str, *, key: bytes, session_id: UUID, action: str, now: datetime
) -> tuple[OneTimeCode, Refused | None]:
    """The code after this try, which must be stored whatever came of it, and the refusal if it is one.

    Every typed answer counts as a try, also one for another session or action, so that nobody tries more
    than five times by asking in five places. Refusals: ``code_used``, ``code_expired``, ``code_locked``,
    ``code_for_another_action``, ``code_wrong``.
    """
    if code.used_at is not None:
        return code, Refused(Refusal.CODE_USED)
    if not code.sent_at <= now < code.sent_at + VALID_FOR:
        return code, Refused(Refusal.CODE_EXPIRED)
    if code.tries >= MAX_TRIES:
        return code, Refused(Refusal.CODE_LOCKED)
    tried = replace(code, tries=code.tries + 1)
    if (code.session_id, code.action) != (session_id, action):
        return tried, Refused(Refusal.CODE_FOR_ANOTHER_ACTION)
    typed = digest_of(key, code.id, session_id, action, typed_digits)
    if not hmac.compare_digest(typed, code.digest):
        return tried, Refused(Refusal.CODE_WRONG, {"tries_left": MAX_TRIES - tried.tries})
    return replace(tried, used_at=now), None
