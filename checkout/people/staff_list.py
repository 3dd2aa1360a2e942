"""Staff accounts as the pages list them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.domain.register import REGISTER_ROLE
from loyalty.domain.staff import Role, StaffMember, StaffSession
from loyalty.ports.unit_of_work import UnitOfWork

_SESSIONS_SHOWN = 30


@dataclass(frozen=True)
class StaffLine:
    """One account in the list."""

    member: StaffMember
    last_sign_in: datetime | None
    may_change: bool
    """Whether it is within the viewer's own rights."""


@dataclass(frozen=True)
class StaffDetails:
    """One account with its running sessions and the customer who it is."""

    line: StaffLine
    sessions: tuple[StaffSession, ...]
    roles: tuple[Role, ...]
    """Those that the viewer may give."""
    customer_id: UUID | None
    customer_name: str | None
    has_pin: bool


def staff_lines(unit: UnitOfWork, viewer: StaffMember) -> list[StaffLine]:
    """All accounts: those that may sign in first, each part by name."""
    last = unit.staff_sessions.last_starts()
    members = sorted(unit.staff.all(), key=lambda each: (not each.is_active, each.display_name.casefold()))
    return [
        StaffLine(each, last.get(each.id), viewer.holds_all(each.role.permissions))
        for each in members
        if not is_registers(each)
    ]


def roles_of_people(unit: UnitOfWork) -> list[Role]:
    """By name, without the one of registers' accounts, which nobody can have."""
    return [role for role in unit.staff.roles() if role.id != REGISTER_ROLE.id]


def is_registers(member: StaffMember) -> bool:
    """Whether it is no person's account but that of another register, which has a page of its own."""
    return member.role.id == REGISTER_ROLE.id


def staff_details(
    unit: UnitOfWork, viewer: StaffMember, staff_id: UUID, now: datetime
) -> StaffDetails | None:
    """None for an id that is nobody's."""
    member = unit.staff.get(staff_id)
    if member is None or is_registers(member):
        return None
    sessions = unit.staff_sessions.of_staff(staff_id, _SESSIONS_SHOWN)
    customer_id = unit.staff.customer_of(staff_id)
    customer = unit.customers.get(customer_id) if customer_id is not None else None
    return StaffDetails(
        line=StaffLine(
            member,
            sessions[0].started_at if sessions else None,
            viewer.holds_all(member.role.permissions),
        ),
        sessions=tuple(each for each in sessions if each.ended_at is None and each.expires_at > now),
        roles=tuple(each for each in roles_of_people(unit) if viewer.holds_all(each.permissions)),
        customer_id=customer_id,
        customer_name=customer.display_name if customer is not None else None,
        has_pin=unit.staff.pin_of(staff_id) is not None,
    )
