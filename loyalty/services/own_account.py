"""Nobody earns, redeems or adjusts on an account that is their own while signed in (row 206)."""

from uuid import UUID

from loyalty.domain.staff import StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork


def why_not_own(uow: UnitOfWork, staff: StaffMember, customer_id: UUID) -> Refused | None:
    """``own_account`` where the customer is this staff member; else None. A colleague can do it."""
    if uow.staff.customer_of(staff.id) == customer_id:
        return Refused(Refusal.OWN_ACCOUNT)
    return None
