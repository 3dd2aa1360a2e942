"""What staff decide about the member of a sale: confirm a discount, attach, detach."""

from dataclasses import replace
from uuid import UUID

from loyalty.domain.identification import IdentificationMethod
from loyalty.domain.sale import Sale
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.attach import Identified, attach_to
from loyalty.services.basket import open_sale_or_refusal, save_change
from loyalty.services.context import ServiceContext
from loyalty.services.own_account import why_not_own
from loyalty.services.quote import quote_sale


def confirm_discount(uow: UnitOfWork, sale_id: UUID, staff: StaffMember) -> Sale | Refused:
    """Apply the group discount that waits for one tap of staff (X15)."""
    staff.require(Permission.SELL)
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    if sale.member is None:
        return Refused(Refusal.NO_MEMBER)
    if quote_sale(uow, sale).proposal is None:
        return Refused(Refusal.NO_PROPOSED_DISCOUNT)
    return save_change(uow, replace(sale, member=replace(sale.member, discount_confirmed_by=staff.id)))


def adding_off(uow: UnitOfWork, sale_id: UUID) -> Refused | None:
    """Why staff may put nobody on this sale, where the shop switched it off (rows 26, 30); else None."""
    checkout, sale = uow.programme.settings().checkout, uow.sales.get(sale_id)
    if sale is not None and sale.is_settled:
        return None if checkout.adds_after_checkout else Refused(Refusal.ADDING_AFTER_OFF)
    return None if checkout.adds_during_checkout else Refused(Refusal.ADDING_DURING_OFF)


def attach_by_staff(
    uow: UnitOfWork,
    ctx: ServiceContext,
    sale_id: UUID,
    customer_id: UUID,
    staff: StaffMember,
    *,
    is_checked: bool,
) -> Identified | Refused:
    """Put a customer on the sale by hand: proof if staff checked who it is, else like a typed number.

    Refusals: those of an open sale, ``adding_during_off`` (row 26), ``own_account`` (row 206).

    Raises:
        PermissionDeniedError: The role does not hold ``sell``, or ``identify`` to say that it was checked.
        UnknownIdError: There is no such customer.
    """
    staff.require(Permission.SELL)
    if is_checked:
        staff.require(Permission.IDENTIFY)
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    refused = adding_off(uow, sale_id)
    if refused is None and not sale.is_training:
        refused = why_not_own(uow, staff, customer_id)
    if refused is not None:
        return refused
    member = uow.customers.member(customer_id)
    lane = uow.lanes.get(sale.lane_id)
    if member is None or lane is None:
        raise UnknownIdError("no such customer", customer=str(customer_id))
    trust = Trust.PROVEN if is_checked else Trust.TYPED
    return attach_to(uow, ctx, sale, lane, member, method=IdentificationMethod.STAFF, trust=trust)


def detach_member(uow: UnitOfWork, sale_id: UUID, staff: StaffMember) -> Sale | Refused:
    """Take the member off the sale, and their rewards with them."""
    staff.require(Permission.SELL)
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    if sale.member is None:
        return Refused(Refusal.NO_MEMBER)
    return save_change(uow, replace(sale, member=None, rewards=()))
