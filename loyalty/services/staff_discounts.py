"""Discounts that staff give on a line or on the sale, by permission and with a reason."""

from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.money import PPM
from loyalty.domain.sale import Sale
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.staff_discount import MAX_REASON_CHARS, StaffDiscount
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.basket import open_sale_or_refusal, save_change
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class DiscountDraft:
    """A discount as somebody typed it: a rate or an amount, on a line or on the whole sale."""

    reason: str
    rate_ppm: int | None = None
    amount_minor: int | None = None
    line_id: UUID | None = None


def give_discount(uow: UnitOfWork, sale_id: UUID, draft: DiscountDraft, staff: StaffMember) -> Sale | Refused:
    """Put the discount on the open sale.

    Refusals besides those of a sale that is not open: ``reason_missing``, ``line_unknown``,
    ``amount_out_of_range``.

    Raises:
        PermissionDeniedError: The role does not hold ``give_discount``.
    """
    staff.require(Permission.GIVE_DISCOUNT)
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    reason = clean_line(draft.reason, MAX_REASON_CHARS)
    if reason is None:
        return Refused(Refusal.REASON_MISSING)
    if draft.line_id is not None and sale.line(draft.line_id) is None:
        return Refused(Refusal.LINE_UNKNOWN)
    has_one = (draft.rate_ppm is None) != (draft.amount_minor is None)
    is_sane = 0 < (draft.rate_ppm or 1) <= PPM and (draft.amount_minor is None or draft.amount_minor > 0)
    if not has_one or not is_sane or draft.rate_ppm == 0:
        return Refused(Refusal.AMOUNT_OUT_OF_RANGE, {"min": 1, "max": PPM})
    discount = StaffDiscount(
        id=new_id(),
        given_by=staff.id,
        reason=reason,
        rate_ppm=draft.rate_ppm,
        amount_minor=draft.amount_minor,
        line_id=draft.line_id,
    )
    return save_change(uow, replace(sale, discounts=(*sale.discounts, discount)))


def take_discount_off(
    uow: UnitOfWork, sale_id: UUID, discount_id: UUID, staff: StaffMember
) -> Sale | Refused:
    """Take a discount off again; ``not_applied`` where it is not there."""
    staff.require(Permission.SELL)
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    left = tuple(each for each in sale.discounts if each.id != discount_id)
    if len(left) == len(sale.discounts):
        return Refused(Refusal.NOT_APPLIED)
    return save_change(uow, replace(sale, discounts=left))
