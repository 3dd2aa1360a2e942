"""A new password for somebody who forgot theirs, given at the machine (row 213)."""

from checkout.assembly import open_database, service_context
from checkout.configuration import CheckoutSettings
from loyalty.adapters.argon2_hasher import Argon2PasswordHasher
from loyalty.domain.audit import AuditAction
from loyalty.domain.why import Refusal, Refused
from loyalty.services.audit import note_deed
from loyalty.services.claim import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS, clean_login
from runtime.clock import Clock, SystemClock


def set_password(
    settings: CheckoutSettings, login: str, password: str, clock: Clock | None = None
) -> Refused | None:
    """Replace the password of a staff member, end their sessions and lift the lock of wrong guesses.

    Works whether or not the station runs. Refused: ``password_too_short``, or ``sign_in_wrong`` where
    nobody bears the login.

    Raises:
        StorageError: The database cannot be opened.
    """
    if not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
        return Refused(Refusal.PASSWORD_TOO_SHORT, {"min": MIN_PASSWORD_CHARS})
    ctx = service_context(settings, clock or SystemClock())
    password_hash = Argon2PasswordHasher().hash(password)
    database = open_database(settings, ctx)
    try:
        with database.unit_of_work() as unit:
            name = clean_login(login) or ""
            found = unit.staff.by_login(name)
            if found is None:
                return Refused(Refusal.SIGN_IN_WRONG)
            unit.staff.set_password_hash(found[0].id, password_hash)
            unit.staff_sessions.end_all_of(found[0].id, ctx.clock.now())
            unit.attempts.clear(f"login:{name}")
            params = {"name": found[0].display_name}
            subject = f"staff:{found[0].id}"
            note_deed(unit, ctx, None, action=AuditAction.STAFF_PASSWORD_SET, subject=subject, params=params)
            unit.commit()
    finally:
        database.close()
    return None
