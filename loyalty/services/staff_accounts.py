"""Staff accounts: add, change the role or password, deactivate."""

from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.staff import Permission, Role, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
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


def add_staff(uow: UnitOfWork, new: NewStaff, by: StaffMember) -> StaffMember | Refused:
    """Add somebody who may sign in.

    Raises:
        ConflictError: The login is taken.
    """
    by.require(Permission.MANAGE_STAFF)
    login, name = clean_login(new.login), clean_line(new.display_name, MAX_LOGIN_CHARS)
    if login is None or name is None:
        return Refused(Refusal.NAME_INVALID)
    added = StaffMember(new_id(), login, name, _role(uow, new.role_id))
    uow.staff.add(added, new.password_hash)
    return added


def change_role(uow: UnitOfWork, staff_id: UUID, role_id: UUID, by: StaffMember) -> StaffMember:
    """Give a staff member another role; running sessions have it at once."""
    by.require(Permission.MANAGE_STAFF)
    changed = replace(_staff(uow, staff_id), role=_role(uow, role_id))
    uow.staff.save(changed)
    return changed


def deactivate(uow: UnitOfWork, ctx: ServiceContext, staff_id: UUID, by: StaffMember) -> StaffMember:
    """Shut a staff member out; running sessions end."""
    by.require(Permission.MANAGE_STAFF)
    changed = replace(_staff(uow, staff_id), is_active=False)
    uow.staff.save(changed)
    uow.staff_sessions.end_all_of(staff_id, ctx.clock.now())
    return changed


def _staff(uow: UnitOfWork, staff_id: UUID) -> StaffMember:
    staff = uow.staff.get(staff_id)
    if staff is None:
        raise UnknownIdError("no such staff member", staff=str(staff_id))
    return staff


def _role(uow: UnitOfWork, role_id: UUID) -> Role:
    role = next((role for role in uow.staff.roles() if role.id == role_id), None)
    if role is None:
        raise UnknownIdError("no such role", role=str(role_id))
    return role
