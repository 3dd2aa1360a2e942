"""Staff accounts: add, change the role or password, shut out and let in again, say which customer one is.

Whoever manages staff stays within their own rights: an account that may do more than they may is not theirs
to change, because its password would open what is closed to them.
"""

from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.staff import Permission, Role, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.claim import MAX_LOGIN_CHARS, clean_login
from loyalty.services.context import ServiceContext
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class NewStaff:
    """An account to add; the password comes hashed, because hashing is slow."""

    login: str
    display_name: str
    role_id: UUID
    password_hash: str


def add_staff(uow: UnitOfWork, ctx: ServiceContext, new: NewStaff, by: StaffMember) -> StaffMember | Refused:
    """Add somebody who may sign in.

    Refused: ``name_invalid``, ``name_taken``, ``permission_not_held``.
    """
    by.require(Permission.MANAGE_STAFF)
    login, name = clean_login(new.login), clean_line(new.display_name, MAX_LOGIN_CHARS)
    if login is None or name is None:
        return Refused(Refusal.NAME_INVALID)
    if uow.staff.by_login(login) is not None:
        return Refused(Refusal.NAME_TAKEN)
    role = _role(uow, new.role_id)
    if not by.holds_all(role.permissions):
        return Refused(Refusal.PERMISSION_NOT_HELD)
    added = StaffMember(new_id(), login, name, role)
    uow.staff.add(added, new.password_hash)
    _note(uow, ctx, by, added, action=AuditAction.STAFF_ADDED, role=role.name)
    return added


def change_role(
    uow: UnitOfWork, ctx: ServiceContext, staff_id: UUID, role_id: UUID, by: StaffMember
) -> StaffMember | Refused:
    """Give a staff member another role; running sessions have it at their next request.

    Refused: ``permission_not_held`` where either role holds more than ``by`` does, ``last_owner``.
    """
    found = _within_reach(uow, staff_id, by)
    if isinstance(found, Refused):
        return found
    role = _role(uow, role_id)
    if not by.holds_all(role.permissions):
        return Refused(Refusal.PERMISSION_NOT_HELD)
    if not role.is_owner and _is_last_owner(uow, found):
        return Refused(Refusal.LAST_OWNER)
    changed = replace(found, role=role)
    if found.role.id != role.id:
        uow.staff.save(changed)
        action = AuditAction.STAFF_ROLE_CHANGED
        _note(uow, ctx, by, changed, action=action, role=role.name, before=found.role.name)
    return changed


def deactivate(
    uow: UnitOfWork, ctx: ServiceContext, staff_id: UUID, by: StaffMember
) -> StaffMember | Refused:
    """Shut a staff member out; running sessions end. Refused: ``permission_not_held``, ``last_owner``."""
    found = _within_reach(uow, staff_id, by)
    if isinstance(found, Refused):
        return found
    if _is_last_owner(uow, found):
        return Refused(Refusal.LAST_OWNER)
    changed = replace(found, is_active=False)
    uow.staff.save(changed)
    uow.staff_sessions.end_all_of(staff_id, ctx.clock.now())
    _note(uow, ctx, by, changed, action=AuditAction.STAFF_DEACTIVATED)
    return changed


def activate(uow: UnitOfWork, ctx: ServiceContext, staff_id: UUID, by: StaffMember) -> StaffMember | Refused:
    """Let somebody in again with the role and password that they had. Refused: ``permission_not_held``."""
    found = _within_reach(uow, staff_id, by)
    if isinstance(found, Refused):
        return found
    changed = replace(found, is_active=True)
    uow.staff.save(changed)
    _note(uow, ctx, by, changed, action=AuditAction.STAFF_ACTIVATED)
    return changed


def give_password(
    uow: UnitOfWork, ctx: ServiceContext, staff_id: UUID, password_hash: str, by: StaffMember
) -> StaffMember | Refused:
    """Replace a forgotten password; sessions end and the lock of wrong guesses opens.

    Refused: ``permission_not_held``.
    """
    found = _within_reach(uow, staff_id, by)
    if isinstance(found, Refused):
        return found
    uow.staff.set_password_hash(staff_id, password_hash)
    uow.staff_sessions.end_all_of(staff_id, ctx.clock.now())
    uow.attempts.clear(f"login:{found.login}")
    _note(uow, ctx, by, found, action=AuditAction.STAFF_PASSWORD_SET)
    return found


def end_session(
    uow: UnitOfWork, ctx: ServiceContext, staff_id: UUID, session_id: UUID | None, by: StaffMember
) -> Refused | None:
    """Sign a staff member out of one browser, or with None of all. Refused: ``permission_not_held``."""
    found = _within_reach(uow, staff_id, by)
    if isinstance(found, Refused):
        return found
    if session_id is None:
        uow.staff_sessions.end_all_of(staff_id, ctx.clock.now())
    elif any(each.id == session_id for each in uow.staff_sessions.of_staff(staff_id, 1_000)):
        uow.staff_sessions.end(session_id, ctx.clock.now())
    _note(uow, ctx, by, found, action=AuditAction.STAFF_SESSIONS_ENDED)
    return None


def link_customer(
    uow: UnitOfWork, ctx: ServiceContext, staff_id: UUID, customer_id: UUID | None, by: StaffMember
) -> Refused | None:
    """Say which customer a staff member is, or with None that they are none (row 206).

    Refused: ``permission_not_held``, ``customer_unknown``, and ``own_account`` where somebody would undo the
    guard on their own points.
    """
    found = _within_reach(uow, staff_id, by)
    if isinstance(found, Refused):
        return found
    before = uow.staff.customer_of(staff_id)
    if before == customer_id:
        return None
    if before is not None and staff_id == by.id:
        return Refused(Refusal.OWN_ACCOUNT)
    if customer_id is not None and uow.customers.get(customer_id) is None:
        return Refused(Refusal.CUSTOMER_UNKNOWN)
    uow.staff.link_customer(staff_id, customer_id)
    if customer_id is None:
        _note(uow, ctx, by, found, action=AuditAction.STAFF_UNLINKED)
    else:
        _note(uow, ctx, by, found, action=AuditAction.STAFF_LINKED, customer=str(customer_id))
    return None


def _within_reach(uow: UnitOfWork, staff_id: UUID, by: StaffMember) -> StaffMember | Refused:
    by.require(Permission.MANAGE_STAFF)
    staff = uow.staff.get(staff_id)
    if staff is None:
        raise UnknownIdError("no such staff member", staff=str(staff_id))
    return staff if by.holds_all(staff.role.permissions) else Refused(Refusal.PERMISSION_NOT_HELD)


def _is_last_owner(uow: UnitOfWork, staff: StaffMember) -> bool:
    owners = [each.id for each in uow.staff.all() if each.role.is_owner and each.is_active]
    return owners == [staff.id]


def _role(uow: UnitOfWork, role_id: UUID) -> Role:
    role = next((role for role in uow.staff.roles() if role.id == role_id), None)
    if role is None:
        raise UnknownIdError("no such role", role=str(role_id))
    return role


def _note(
    uow: UnitOfWork,
    ctx: ServiceContext,
    by: StaffMember,
    staff: StaffMember,
    *,
    action: AuditAction,
    **params: str,
) -> None:
    what = {"name": staff.display_name, **params}
    note_deed(uow, ctx, by, action=action, subject=f"staff:{staff.id}", params=what)
