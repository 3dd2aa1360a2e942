"""Profiles that a payment by card made by itself: nobody's, until the card's holder is known (row 2)."""

from uuid import UUID

from loyalty.domain.customer import CustomerSource
from loyalty.domain.sale import Sale
from loyalty.domain.staff import StaffMember
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.merge_customers import MergeOrder, merge_profiles


def is_bare(member: Member | None) -> bool:
    """A profile that a payment made, with a name at most: nothing by which the person could be reached."""
    if member is None:
        return True
    customer = member.customer
    has_contact = customer.phone_number is not None or customer.email_address is not None
    is_known = has_contact or customer.reference_id is not None or member.account is not None
    return customer.source is CustomerSource.PAYMENT and not is_known


def is_nobodys(uow: UnitOfWork, sale: Sale) -> bool:
    """Whether the sale waits for its customer: there is none on it, or only the profile of the card."""
    return sale.member is None or is_bare(uow.customers.member(sale.member.customer_id))


def absorb(
    uow: UnitOfWork, ctx: ServiceContext, bare_id: UUID, customer_id: UUID, staff: StaffMember
) -> None:
    """What the card paid before is the customer's from now on; the bare profile leads to theirs.

    It earns nothing afterwards. Where the two cannot be joined at this moment, as with an open sale of
    the customer in another lane, the bare profile stays as it is.
    """
    merge_profiles(uow, ctx, MergeOrder(kept_id=customer_id, gone_id=bare_id), staff)
