"""Staff enrol a customer of the directory who asked for it at the till (rows 24-28, X9)."""

from uuid import UUID

from loyalty.domain.consent import (
    ConsentChannel,
    ConsentEntry,
    ConsentPurpose,
    ConsentState,
)
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.edit_profile import ConsentWording
from loyalty.services.enrol import open_account
from loyalty.services.tell_member import queue_welcome
from runtime.ids import new_id


def enrol_customer(
    uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID, wording: ConsentWording, staff: StaffMember
) -> Member | Refused:
    """Give the customer an account under the number of their profile; who has one keeps it.

    ``wording`` is what staff said or read out. Refusals: ``phone_number_invalid`` for a profile without a
    number, ``phone_of_another_account`` where the number is another member's.

    Raises:
        PermissionDeniedError: The role does not hold ``create_customers``.
        UnknownIdError: There is no such customer.
    """
    staff.require(Permission.CREATE_CUSTOMERS)
    member = uow.customers.member(customer_id)
    if member is None:
        raise UnknownIdError("no such customer", customer=str(customer_id))
    if member.account is not None:
        return member
    number = member.customer.phone_number
    if number is None:
        return Refused(Refusal.PHONE_NUMBER_INVALID)
    other = uow.customers.member_by_phone(number)
    if other is not None:
        named = {"customer": str(other.customer.id), "name": other.customer.display_name or ""}
        return Refused(Refusal.PHONE_OF_ANOTHER_ACCOUNT, named)
    enrolled = open_account(uow, ctx, member.customer, number)
    uow.consents.add(
        ConsentEntry(
            id=new_id(),
            customer_id=customer_id,
            purpose=ConsentPurpose.PROGRAMME,
            state=ConsentState.GRANTED,
            at=ctx.clock.now(),
            wording_id=wording.id,
            wording_text=wording.text,
            channel=ConsentChannel.STAFF,
        )
    )
    queue_welcome(uow, ctx, enrolled)
    return enrolled
