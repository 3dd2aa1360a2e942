"""Nobody earns, redeems or adjusts on an account that is their own while signed in (row 206)."""

from uuid import UUID

from loyalty.domain.staff import StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork


def why_not_own(uow: UnitOfWork, staff: StaffMember, customer_id: UUID) -> Refused | None:
    """``own_account`` where the customer is this staff member; else None. A colleague can do it."""
    own_id = uow.staff.customer_of(staff.id)
    if own_id is None:
        return None
    own = uow.customers.member(own_id)  # of a merged profile the one that it leads to
    if customer_id == own_id or (own is not None and own.customer.id == customer_id):
        return Refused(Refusal.OWN_ACCOUNT)
    return None
