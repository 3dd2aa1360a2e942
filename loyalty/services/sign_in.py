"""Staff sign in and out; each is in the audit log, and so is each attempt that failed.

An attempt is counted before the password is looked at, so that guesses made at the same time count too;
an unknown login takes as long as a wrong password and gets the same answer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.staff import PIN_PERMISSIONS, StaffMember, StaffSession
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.password_hasher import PasswordHasher
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.claim import MAX_PASSWORD_CHARS, clean_login
from loyalty.services.context import ServiceContext, UnitOfWorkFactory
from loyalty.services.tokens import new_token, token_hash
from runtime.ids import new_id

SESSION_LENGTH = timedelta(hours=12)
ATTEMPT_WINDOW = timedelta(minutes=15)
MAX_ATTEMPTS_PER_LOGIN = 5
MAX_ATTEMPTS_PER_ORIGIN = 30


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; ``token`` goes into the browser's cookie and is stored nowhere."""

    token: str
    session: StaffSession
    staff: StaffMember


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the sign-in page sends; ``origin`` is the client's address, for the rate limit."""

    login: str
    password: str
    origin: str


def sign_in(
    open_unit: UnitOfWorkFactory, ctx: ServiceContext, hasher: PasswordHasher, credentials: Credentials
) -> SignedIn | Refused:
    """Start a session. Commits by itself: the slow hash is calculated outside any transaction."""
    login = clean_login(credentials.login[:200]) or ""
    keys = (f"login:{login}", f"origin:{credentials.origin[:100]}")
    with open_unit() as uow:
        refused = _locked(uow, ctx.clock.now(), keys)
        if refused is not None:
            return refused
        for key in keys:
            uow.attempts.add(key, ctx.clock.now())
        found = uow.staff.by_login(login)
        uow.commit()
    password_hash = found[1] if found is not None else None
    is_right = hasher.verify(credentials.password[:MAX_PASSWORD_CHARS], password_hash)
    if found is None or not is_right or not found[0].is_active:
        with open_unit() as uow:
            _note_failure(uow, ctx, found[0] if found is not None else None)
            uow.commit()
        return Refused(Refusal.SIGN_IN_WRONG)
    with open_unit() as uow:
        uow.attempts.clear(keys[0])
        signed_in = start_session(uow, ctx, found[0])
        _note_entry(uow, ctx, found[0], "password")
        uow.commit()
    return signed_in


def _note_entry(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, by: str) -> None:
    note_deed(uow, ctx, staff, action=AuditAction.SIGNED_IN, subject=f"staff:{staff.id}", params={"by": by})


def _note_failure(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember | None) -> None:
    """Whose account it was, if any; the deed itself is nobody's."""
    subject = f"staff:{staff.id}" if staff is not None else "staff:unknown"
    note_deed(uow, ctx, None, action=AuditAction.SIGN_IN_FAILED, subject=subject)


def start_session(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember) -> SignedIn:
    """A session for somebody whose identity is certain already."""
    token = new_token()
    now = ctx.clock.now()
    session = StaffSession(new_id(), staff.id, started_at=now, expires_at=now + SESSION_LENGTH)
    uow.staff_sessions.add(session, token_hash(token))
    return SignedIn(token, session, staff)


def session_of(uow: UnitOfWork, ctx: ServiceContext, token: str) -> tuple[StaffSession, StaffMember] | None:
    """The running session of a cookie and its staff member as they are now; None where it is over.

    A session begun with a PIN has no more than a till needs, whatever the role allows (row 213).
    """
    found = uow.staff_sessions.by_token_hash(token_hash(token))
    if found is None:
        return None
    session, staff = found
    is_over = session.ended_at is not None or session.expires_at <= ctx.clock.now()
    if is_over or not staff.is_active:
        return None
    return session, staff.within(PIN_PERMISSIONS) if session.is_by_pin else staff


def sign_out(uow: UnitOfWork, ctx: ServiceContext, session_id: UUID, staff: StaffMember) -> None:
    uow.staff_sessions.end(session_id, ctx.clock.now())
    note_deed(uow, ctx, staff, action=AuditAction.SIGNED_OUT, subject=f"staff:{staff.id}")


def _locked(uow: UnitOfWork, now: datetime, keys: tuple[str, str]) -> Refused | None:
    since = now - ATTEMPT_WINDOW
    limits = (MAX_ATTEMPTS_PER_LOGIN, MAX_ATTEMPTS_PER_ORIGIN)
    if any(uow.attempts.count_since(key, since) >= limit for key, limit in zip(keys, limits, strict=True)):
        minutes = int(ATTEMPT_WINDOW.total_seconds() // 60)
        return Refused(Refusal.SIGN_IN_LOCKED, {"minutes": minutes})
    return None
