"""A lost card: the old code is refused at once, a new one takes its place, the points stay (row 200)."""

from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.customer import MembershipCard
from loyalty.domain.staff import Permission, StaffMember
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext
from runtime.ids import new_id


def replace_card(
    uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID, staff: StaffMember
) -> MembershipCard:
    """Revoke all cards of a customer and issue a new one.

    Raises:
        PermissionDeniedError: The role does not hold ``edit_customers``.
        UnknownIdError: There is no such customer.
    """
    staff.require(Permission.EDIT_CUSTOMERS)
    if uow.customers.get(customer_id) is None:
        raise UnknownIdError("no such customer", customer=str(customer_id))
    now = ctx.clock.now()
    for card in uow.cards.of_customer(customer_id):
        if card.revoked_at is None:
            uow.cards.revoke(card.id, now)
    card = MembershipCard(new_id(), customer_id, issued_at=now)
    uow.cards.add(card)
    note_deed(uow, ctx, staff, action=AuditAction.MEMBERSHIP_CARD_REPLACED, subject=f"customer:{customer_id}")
    return card
