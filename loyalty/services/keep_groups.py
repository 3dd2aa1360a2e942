"""Groups are made, named, changed and taken out of use (rows 49-53, 57, 61, 73)."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.filters import FilterSet
from loyalty.domain.group import Group, GroupDiscount
from loyalty.domain.presets import BusinessType, Preset, preset_filters
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from runtime.ids import new_id

MAX_GROUP_NAME_CHARS = 70


def make_group(
    uow: UnitOfWork, ctx: ServiceContext, name: str, staff: StaffMember, filters: FilterSet | None = None
) -> Group | Refused:
    """A new group: manual, or smart where there are filters.

    Refusals: ``name_invalid``, ``name_taken``, ``group_without_filters``.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_groups``.
    """
    staff.require(Permission.MANAGE_GROUPS)
    cleaned = _checked_name(uow, name, None)
    if isinstance(cleaned, Refused):
        return cleaned
    if filters is not None and not filters.filters:
        return Refused(Refusal.GROUP_WITHOUT_FILTERS)
    group = Group(new_id(), cleaned)
    uow.groups.add(group)
    if filters is not None:
        uow.groups.put_filters(group.id, filters)
    _note(uow, ctx, staff, AuditAction.GROUP_ADDED, group)
    return group


def add_preset(
    uow: UnitOfWork,
    ctx: ServiceContext,
    preset: Preset,
    name: str,
    *,
    staff: StaffMember,
    business: BusinessType | None = None,
) -> Group | Refused:
    """A ready-made smart group under the rules of a kind of business; refused as ``make_group``."""
    filters = preset_filters(preset, business)
    group = make_group(uow, ctx, name, staff, filters)
    if isinstance(group, Group):
        uow.groups.put_filters(group.id, filters, preset.value)
    return group


def rename_group(
    uow: UnitOfWork, ctx: ServiceContext, group_id: UUID, name: str, staff: StaffMember
) -> Group | Refused:
    """Another name. Refusals: ``name_invalid``, ``name_taken``."""
    staff.require(Permission.MANAGE_GROUPS)
    group = known_group(uow, group_id)
    cleaned = _checked_name(uow, name, group_id)
    if isinstance(cleaned, Refused):
        return cleaned
    renamed = replace(group, name=cleaned)
    uow.groups.save(renamed)
    _note(uow, ctx, staff, AuditAction.GROUP_CHANGED, renamed)
    return renamed


def change_filters(
    uow: UnitOfWork, ctx: ServiceContext, group_id: UUID, filters: FilterSet, staff: StaffMember
) -> Group | Refused:
    """What a smart group asks from now on (row 61). Refused: ``group_without_filters``."""
    staff.require(Permission.MANAGE_GROUPS)
    group = known_group(uow, group_id)
    if not filters.filters:
        return Refused(Refusal.GROUP_WITHOUT_FILTERS)
    if group_id not in uow.groups.smart():
        raise UnknownIdError("no smart group", group=str(group_id))
    uow.groups.put_filters(group_id, filters, uow.groups.presets().get(group_id))
    _note(uow, ctx, staff, AuditAction.GROUP_CHANGED, group)
    return group


def put_discounts(
    uow: UnitOfWork,
    ctx: ServiceContext,
    group_id: UUID,
    discounts: Sequence[GroupDiscount],
    staff: StaffMember,
) -> Group:
    """The discounts of a group, from the next price on, also on sales that are open (rows 73, 110)."""
    staff.require(Permission.MANAGE_GROUPS)
    first = discounts[0] if discounts else None
    group = replace(known_group(uow, group_id), discount=first, further_discounts=tuple(discounts[1:]))
    uow.groups.save(group)
    _note(uow, ctx, staff, AuditAction.GROUP_CHANGED, group)
    return group


def archive_group(uow: UnitOfWork, ctx: ServiceContext, group_id: UUID, staff: StaffMember) -> None:
    """Take a group out of use: its discount ends, filters that name it say so."""
    staff.require(Permission.MANAGE_GROUPS)
    group = known_group(uow, group_id)
    uow.groups.archive(group_id, ctx.clock.now())
    _note(uow, ctx, staff, AuditAction.GROUP_ARCHIVED, group)


def put_all_in_group(
    uow: UnitOfWork, ctx: ServiceContext, group_id: UUID, customer_ids: Sequence[UUID], staff: StaffMember
) -> int:
    """Put the chosen customers into a manual group; how many there were (row 54).

    Raises:
        UnknownIdError: There is no such manual group.
    """
    staff.require(Permission.MANAGE_GROUPS)
    group = known_group(uow, group_id)
    if group_id in uow.groups.smart():
        raise UnknownIdError("customers join a smart group by themselves", group=str(group_id))
    there = [each for each in customer_ids if uow.customers.get(each) is not None]
    for customer_id in there:
        uow.groups.add_member(group.id, customer_id, ctx.clock.now())
    return len(there)


def known_group(uow: UnitOfWork, group_id: UUID) -> Group:
    """The group in use.

    Raises:
        UnknownIdError: There is none of this id.
    """
    group = next((each for each in uow.groups.all() if each.id == group_id), None)
    if group is None:
        raise UnknownIdError("no such group", group=str(group_id))
    return group


def _checked_name(uow: UnitOfWork, name: str, group_id: UUID | None) -> str | Refused:
    cleaned = clean_line(name, MAX_GROUP_NAME_CHARS)
    if cleaned is None:
        return Refused(Refusal.NAME_INVALID)
    others = (each for each in uow.groups.all() if each.id != group_id)
    if any(each.name.casefold() == cleaned.casefold() for each in others):
        return Refused(Refusal.GROUP_NAME_TAKEN)
    return cleaned


def _note(
    uow: UnitOfWork, ctx: ServiceContext, staff: StaffMember, action: AuditAction, group: Group
) -> None:
    note_deed(uow, ctx, staff, action=action, subject=f"group:{group.id}", params={"name": group.name})
