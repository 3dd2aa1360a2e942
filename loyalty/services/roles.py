"""Roles: sets of permissions that the shop makes, changes and deletes. Nobody gives what they do not hold."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.staff import Permission, Role, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from runtime.ids import new_id

MAX_ROLE_NAME_CHARS = 60


@dataclass(frozen=True, slots=True)
class RoleDraft:
    """A role as somebody wants it; ``role_id`` None makes a new one."""

    role_id: UUID | None
    name: str
    permissions: frozenset[Permission]


def save_role(uow: UnitOfWork, ctx: ServiceContext, draft: RoleDraft, by: StaffMember) -> Role | Refused:
    """Store a new or changed role; whoever has it may do so much from their next request on.

    Refused: ``name_invalid``, ``name_taken``, ``role_of_owner``, and ``permission_not_held`` where it holds,
    or held before, what ``by`` may not do.
    """
    by.require(Permission.MANAGE_STAFF)
    name = clean_line(draft.name, MAX_ROLE_NAME_CHARS)
    if name is None:
        return Refused(Refusal.NAME_INVALID)
    roles = uow.staff.roles()
    before = _known(roles, draft.role_id) if draft.role_id is not None else None
    if before is not None and before.is_owner:
        return Refused(Refusal.ROLE_OF_OWNER)
    if any(each.name.casefold() == name.casefold() and each.id != draft.role_id for each in roles):
        return Refused(Refusal.NAME_TAKEN)
    held = before.permissions if before is not None else frozenset[Permission]()
    if not by.holds_all(draft.permissions | held):
        return Refused(Refusal.PERMISSION_NOT_HELD)
    saved = Role(draft.role_id or new_id(), name, draft.permissions)
    if saved == before:
        return saved
    uow.staff.save_role(saved)
    params = {
        "name": name,
        "added": _listed(draft.permissions - held),
        "removed": _listed(held - draft.permissions),
    }
    note_deed(uow, ctx, by, action=AuditAction.ROLE_SAVED, subject=f"role:{saved.id}", params=params)
    return saved


def delete_role(uow: UnitOfWork, ctx: ServiceContext, role_id: UUID, by: StaffMember) -> Refused | None:
    """Delete a role that nobody has. Refused: ``role_of_owner``, ``role_in_use``, ``permission_not_held``."""
    by.require(Permission.MANAGE_STAFF)
    role = _known(uow.staff.roles(), role_id)
    if role.is_owner:
        return Refused(Refusal.ROLE_OF_OWNER)
    if not by.holds_all(role.permissions):
        return Refused(Refusal.PERMISSION_NOT_HELD)
    count = sum(each.role.id == role_id for each in uow.staff.all())
    if count:
        return Refused(Refusal.ROLE_IN_USE, {"count": count})
    uow.staff.delete_role(role_id)
    params = {"name": role.name}
    note_deed(uow, ctx, by, action=AuditAction.ROLE_DELETED, subject=f"role:{role_id}", params=params)
    return None


def _known(roles: Collection[Role], role_id: UUID) -> Role:
    role = next((each for each in roles if each.id == role_id), None)
    if role is None:
        raise UnknownIdError("no such role", role=str(role_id))
    return role


def _listed(permissions: Collection[Permission]) -> str:
    return ", ".join(sorted(each.value for each in permissions))
