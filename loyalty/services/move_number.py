"""A customer's number changes and the loyalty account goes with them (row 183)."""

from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.staff import StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.context import ServiceContext


def why_not_this_number(uow: UnitOfWork, customer_id: UUID, number: PhoneNumber) -> Refused | None:
    """``phone_of_another_account`` where somebody else collects points under the number; else None."""
    holder = uow.customers.member_by_phone(number)
    if holder is None or holder.customer.id == customer_id:
        return None
    named = {"customer": str(holder.customer.id), "name": holder.customer.display_name or ""}
    return Refused(Refusal.PHONE_OF_ANOTHER_ACCOUNT, named)


def move_number(
    uow: UnitOfWork,
    ctx: ServiceContext,
    customer_id: UUID,
    number: PhoneNumber | None,
    staff: StaffMember,
    *,
    is_identity_checked: bool,
) -> Refused | None:
    """Let the account, where there is one, answer to ``number`` from now on; None takes the number away.

    Points, history and cards stay. Refused: ``identity_not_checked``: whoever holds the number holds the
    points, so it is not changed on somebody's word alone.
    """
    member = uow.customers.member(customer_id)
    if member is None or member.account is None or member.account.phone_number == number:
        return None
    if not is_identity_checked:
        return Refused(Refusal.IDENTITY_NOT_CHECKED)
    if number is None:
        uow.accounts.detach_number(member.account.id)
    else:
        uow.accounts.change_number(member.account.id, number)
    note_deed(uow, ctx, staff, action=AuditAction.PHONE_CHANGED, subject=f"customer:{customer_id}")
    return None
