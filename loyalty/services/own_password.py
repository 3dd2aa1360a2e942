"""Change one's own password, knowing the present one; other sessions of the account end."""

from loyalty.domain.audit import AuditAction
from loyalty.domain.staff import StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.password_hasher import PasswordHasher
from loyalty.services.audit import note_deed
from loyalty.services.claim import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS
from loyalty.services.context import ServiceContext, UnitOfWorkFactory
from loyalty.services.pin import check_own_password
from loyalty.services.sign_in import SignedIn, start_session


def change_own_password(
    open_unit: UnitOfWorkFactory,
    ctx: ServiceContext,
    hasher: PasswordHasher,
    staff: StaffMember,
    *,
    password: str,
    new: str,
) -> SignedIn | Refused:
    """A new session for this browser; commits by itself. Refused: too short, or ``sign_in_wrong``."""
    if not MIN_PASSWORD_CHARS <= len(new) <= MAX_PASSWORD_CHARS:
        return Refused(Refusal.PASSWORD_TOO_SHORT, {"min": MIN_PASSWORD_CHARS})
    refused = check_own_password(open_unit, ctx, hasher, staff, password)
    if refused is not None:
        return refused
    password_hash = hasher.hash(new)
    with open_unit() as uow:
        uow.staff.set_password_hash(staff.id, password_hash)
        uow.staff_sessions.end_all_of(staff.id, ctx.clock.now())
        signed_in = start_session(uow, ctx, staff)
        params = {"name": staff.display_name}
        subject = f"staff:{staff.id}"
        note_deed(uow, ctx, staff, action=AuditAction.STAFF_PASSWORD_SET, subject=subject, params=params)
        uow.commit()
    return signed_in
