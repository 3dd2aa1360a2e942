"""What staff see of groups: how many are in them, who, and who came and went (rows 55, 69, 177)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from loyalty.domain.filters import FilterSet, Missing, Moment
from loyalty.domain.group import Group
from loyalty.domain.staff import Permission, StaffMember
from loyalty.ports.find_customers import Listed
from loyalty.ports.smart_groups import GroupChange
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.contact_sight import listed_for
from loyalty.services.context import ServiceContext
from loyalty.services.keep_groups import known_group
from loyalty.services.setup import shop_settings

MEMBERS_SHOWN = 50
CHANGES_SHOWN = 30
TREND_WEEKS = 12
_THE_PRESENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group in the list of groups; ``filters`` is None for a manual one.

    ``is_counted`` is False while the list of a smart group is still being made.
    """

    group: Group
    filters: FilterSet | None
    members: int
    is_counted: bool
    missing: tuple[Missing, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupMember:
    """Since when a customer is in a group."""

    listed: Listed
    since: datetime | None


@dataclass(frozen=True, slots=True)
class TrendWeek:
    """Seven days from ``since`` on: who came and went, and how many were in the group at their end."""

    since: datetime
    joined: int
    left: int
    members: int


@dataclass(frozen=True, slots=True)
class GroupView:
    """One group with its latest members and comings and goings."""

    line: GroupLine
    members: Sequence[GroupMember]
    changes: Sequence[tuple[GroupChange, Listed | None]]
    trend: Sequence[TrendWeek] = ()
    """The last weeks of a smart group, the present one last; empty for others."""


def list_groups(uow: UnitOfWork, viewer: StaffMember) -> list[GroupLine]:
    """Every group in use, by name.

    Raises:
        PermissionDeniedError: The role does not hold ``view_customers``.
    """
    viewer.require(Permission.VIEW_CUSTOMERS)
    return [_line(uow, group) for group in uow.groups.all()]


def group_view(uow: UnitOfWork, ctx: ServiceContext, group_id: UUID, viewer: StaffMember) -> GroupView:
    """One group.

    Raises:
        PermissionDeniedError: The role does not hold ``view_customers``.
        UnknownIdError: There is none of this id.
    """
    viewer.require(Permission.VIEW_CUSTOMERS)
    line = _line(uow, known_group(uow, group_id))
    if line.filters is None:
        members = [GroupMember(each, since) for since, each in _manual(uow, group_id, viewer)]
        return GroupView(line, members, ())
    changes = uow.smart_groups.changes(group_id, CHANGES_SHOWN)
    people = _by_id(uow, [each.customer_id for each in changes], viewer)
    told = [(each, people.get(each.customer_id)) for each in changes]
    if line.is_counted:
        kept = uow.smart_groups.members(group_id, MEMBERS_SHOWN)
        found = _by_id(uow, [each for _, each in kept], viewer)
        listed = [GroupMember(found[each], at) for at, each in kept if each in found]
        return GroupView(line, listed, told, _trend(uow, line, ctx.clock.now()))
    return _while_built(uow, ctx, line, told, viewer)


def _trend(uow: UnitOfWork, line: GroupLine, now: datetime) -> list[TrendWeek]:
    """Counted back from those who are in the group now."""
    edges = [now - timedelta(weeks=number) for number in range(TREND_WEEKS, 0, -1)] + [now + _THE_PRESENT]
    weeks, members = [], line.members
    for each in reversed(uow.smart_groups.movements(line.group.id, edges)):
        weeks.append(TrendWeek(each.since, each.joined, each.left, members))
        members = max(0, members - each.joined + each.left)
    return weeks[::-1]


def _while_built(
    uow: UnitOfWork,
    ctx: ServiceContext,
    line: GroupLine,
    told: Sequence[tuple[GroupChange, Listed | None]],
    viewer: StaffMember,
) -> GroupView:
    """The list is not made yet: ask all customers, which takes longer."""
    filters = line.filters or FilterSet()
    condition = filters.condition(uow.groups.known())
    moment = Moment(ctx.clock.now(), shop_settings(uow).timezone)
    count, page = uow.directory.counted(condition, moment, MEMBERS_SHOWN)
    counted = GroupLine(line.group, line.filters, count, False, line.missing)
    return GroupView(counted, [GroupMember(each, None) for each in listed_for(uow, viewer, page)], told)


def _line(uow: UnitOfWork, group: Group) -> GroupLine:
    filters = uow.groups.smart().get(group.id)
    if filters is None:
        return GroupLine(group, None, uow.groups.count_members(group.id), True)
    state = uow.smart_groups.state(group.id)
    is_built = state is not None and state.is_built
    missing = filters.missing(uow.groups.known())
    return GroupLine(group, filters, state.members if state is not None else 0, is_built, missing)


def _manual(uow: UnitOfWork, group_id: UUID, viewer: StaffMember) -> list[tuple[datetime, Listed]]:
    kept = uow.groups.members(group_id, MEMBERS_SHOWN)
    found = _by_id(uow, [each for _, each in kept], viewer)
    return [(at, found[each]) for at, each in kept if each in found]


def _by_id(uow: UnitOfWork, ids: Sequence[UUID], viewer: StaffMember) -> dict[UUID, Listed]:
    found = listed_for(uow, viewer, uow.directory.listed(list(dict.fromkeys(ids))))
    return {each.member.customer.id: each for each in found}
