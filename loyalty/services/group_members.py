"""Manual groups: who is in them changes by hand only (rows 50, 51)."""

from uuid import UUID

from loyalty.domain.staff import Permission, StaffMember
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext


def put_in_group(
    uow: UnitOfWork, ctx: ServiceContext, group_id: UUID, customer_id: UUID, staff: StaffMember
) -> None:
    """Put a customer into a group; from then on its discount is theirs, also on a sale that is open.

    Raises:
        UnknownIdError: There is no such manual group or customer.
    """
    staff.require(Permission.MANAGE_GROUPS)
    _known(uow, group_id, customer_id)
    uow.groups.add_member(group_id, customer_id, ctx.clock.now())


def take_out_of_group(uow: UnitOfWork, group_id: UUID, customer_id: UUID, staff: StaffMember) -> None:
    """Take a customer out of a group; nothing happens where they are not in it."""
    staff.require(Permission.MANAGE_GROUPS)
    _known(uow, group_id, customer_id)
    uow.groups.remove_member(group_id, customer_id)


def _known(uow: UnitOfWork, group_id: UUID, customer_id: UUID) -> None:
    if group_id not in uow.groups.known().groups:
        raise UnknownIdError("no such manual group", group=str(group_id))
    if uow.customers.get(customer_id) is None:
        raise UnknownIdError("no such customer", customer=str(customer_id))
