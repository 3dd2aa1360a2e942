"""A PIN by which somebody takes over a till, for as long as a till needs it and for nothing else (row 213).

It is set by its owner with the password. Five wrong tries in a row lock it; the password opens it again. A
session begun with it holds no more than ``PIN_PERMISSIONS``, ends sooner, and begins only at a lane where
somebody signed in with a password before.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.staff import Permission, StaffMember, StaffSession, StoredPin
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.password_hasher import PasswordHasher
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.claim import MAX_PASSWORD_CHARS
from loyalty.services.context import ServiceContext, UnitOfWorkFactory
from loyalty.services.sign_in import ATTEMPT_WINDOW, MAX_ATTEMPTS_PER_LOGIN, SignedIn
from loyalty.services.tokens import new_token, token_hash
from runtime.ids import new_id

MIN_PIN_DIGITS, MAX_PIN_DIGITS = 4, 8
MAX_PIN_FAILURES = 5
PIN_SESSION_LENGTH = timedelta(hours=4)

_DIGITS = re.compile(rf"[0-9]{{{MIN_PIN_DIGITS},{MAX_PIN_DIGITS}}}")


@dataclass(frozen=True, slots=True)
class PinHolder:
    """Somebody who can take over a till by PIN."""

    staff: StaffMember
    is_locked: bool


def why_not_pin(pin: str) -> Refused | None:
    """``pin_invalid`` for anything but four to eight digits, and for one digit repeated or a simple row."""
    digits = [int(each) for each in pin] if _DIGITS.fullmatch(pin) else []
    steps = {after - before for before, after in pairwise(digits)}
    if not digits or steps in ({0}, {1}, {-1}):
        return Refused(Refusal.PIN_INVALID, {"min": MIN_PIN_DIGITS, "max": MAX_PIN_DIGITS})
    return None


def set_pin(
    open_unit: UnitOfWorkFactory,
    ctx: ServiceContext,
    hasher: PasswordHasher,
    staff: StaffMember,
    *,
    password: str,
    pin: str,
) -> Refused | None:
    """Set one's own PIN, or open it after a lock, with the password. Commits by itself: hashing is slow.

    Refused: ``pin_invalid``, ``sign_in_wrong``, ``sign_in_locked``.
    """
    refused = why_not_pin(pin)
    if refused is None:
        refused = check_own_password(open_unit, ctx, hasher, staff, password)
    if refused is not None:
        return refused
    pin_hash = hasher.hash(pin)
    with open_unit() as uow:
        uow.staff.put_pin(staff.id, StoredPin(pin_hash))
        _note(uow, ctx, staff, AuditAction.PIN_SET)
        uow.commit()
    return None


def drop_pin(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember) -> None:
    """Take one's own PIN away."""
    uow.staff.put_pin(staff.id, None)
    _note(uow, ctx, staff, AuditAction.PIN_REMOVED)


def pin_holders(uow: UnitOfWork) -> list[PinHolder]:
    """Whoever may sell and has a PIN, by name."""
    found = []
    for staff in uow.staff.all():
        pin = uow.staff.pin_of(staff.id)
        if pin is not None and staff.may(Permission.SELL):
            found.append(PinHolder(staff, pin.failures >= MAX_PIN_FAILURES))
    return sorted(found, key=lambda each: each.staff.display_name.casefold())


def switch_by_pin(
    open_unit: UnitOfWorkFactory,
    ctx: ServiceContext,
    hasher: PasswordHasher,
    *,
    session_id: UUID,
    staff_id: UUID,
    pin: str,
) -> SignedIn | Refused:
    """Begin a session for whoever knows the PIN, and end the one that ran at the till. Commits by itself.

    The try is counted before the PIN is looked at, so that guesses made at the same time count too.
    Refused: ``pin_wrong`` with how many tries are left, ``pin_locked``.
    """
    with open_unit() as uow:
        staff, stored = uow.staff.get(staff_id), uow.staff.pin_of(staff_id)
        if stored is not None and stored.failures >= MAX_PIN_FAILURES:
            return Refused(Refusal.PIN_LOCKED)
        failures = stored.failures + 1 if stored is not None else 0
        if stored is not None:
            uow.staff.put_pin(staff_id, StoredPin(stored.pin_hash, failures))
        uow.commit()
    is_right = hasher.verify(pin[:MAX_PIN_DIGITS], stored.pin_hash if stored is not None else None)
    if staff is None or stored is None or not is_right or not staff.may(Permission.SELL):
        with open_unit() as uow:
            note_deed(uow, ctx, None, action=AuditAction.SIGN_IN_FAILED, subject=f"staff:{staff_id}")
            uow.commit()
        left = MAX_PIN_FAILURES - failures if stored is not None else 0
        return Refused(Refusal.PIN_LOCKED) if left <= 0 else Refused(Refusal.PIN_WRONG, {"tries_left": left})
    with open_unit() as uow:
        uow.staff.put_pin(staff_id, StoredPin(stored.pin_hash))
        uow.staff_sessions.end(session_id, ctx.clock.now())
        signed_in = _start(uow, ctx, staff)
        uow.commit()
    return signed_in


def check_own_password(
    open_unit: UnitOfWorkFactory,
    ctx: ServiceContext,
    hasher: PasswordHasher,
    staff: StaffMember,
    password: str,
) -> Refused | None:
    """Whether somebody who is signed in knows their password; wrong guesses count as those at the door do."""
    key, now = f"login:{staff.login}", ctx.clock.now()
    with open_unit() as uow:
        if uow.attempts.count_since(key, now - ATTEMPT_WINDOW) >= MAX_ATTEMPTS_PER_LOGIN:
            return Refused(Refusal.SIGN_IN_LOCKED, {"minutes": int(ATTEMPT_WINDOW.total_seconds() // 60)})
        uow.attempts.add(key, now)
        found = uow.staff.by_login(staff.login)
        uow.commit()
    if found is None or not hasher.verify(password[:MAX_PASSWORD_CHARS], found[1]):
        return Refused(Refusal.SIGN_IN_WRONG)
    with open_unit() as uow:
        uow.attempts.clear(key)
        uow.commit()
    return None


def _start(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember) -> SignedIn:
    token, now = new_token(), ctx.clock.now()
    session = StaffSession(
        new_id(), staff.id, started_at=now, expires_at=now + PIN_SESSION_LENGTH, is_by_pin=True
    )
    uow.staff_sessions.add(session, token_hash(token))
    params = {"by": "pin"}
    note_deed(uow, ctx, staff, action=AuditAction.SIGNED_IN, subject=f"staff:{staff.id}", params=params)
    return SignedIn(token, session, staff)


def _note(uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, action: AuditAction) -> None:
    note_deed(uow, ctx, staff, action=action, subject=f"staff:{staff.id}")
