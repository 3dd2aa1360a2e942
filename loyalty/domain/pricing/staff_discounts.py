"""Discounts that staff gave: those on lines before all others, those on the sale before rewards."""

from collections.abc import Iterable

from loyalty.domain.pricing.quote import DiscountKind, QuotedDiscount
from loyalty.domain.pricing.shares import Covers, OpenAmounts, all_goods
from loyalty.domain.sale import Sale
from loyalty.domain.staff_discount import StaffDiscount
from loyalty.domain.why import Why, WhyCode


def line_discounts(sale: Sale, amounts: OpenAmounts) -> tuple[QuotedDiscount, ...]:
    """Those on single lines; one on a line that is no longer there takes nothing off."""
    given = [each for each in sale.discounts if each.line_id is not None]
    return tuple(_taken(each, sale, amounts) for each in _in_order(given))


def sale_discounts(sale: Sale, amounts: OpenAmounts) -> tuple[QuotedDiscount, ...]:
    """Those on the whole sale; a gift card is made cheaper on its own line only."""
    given = [each for each in sale.discounts if each.line_id is None]
    return tuple(_taken(each, sale, amounts) for each in _in_order(given))


def _in_order(given: Iterable[StaffDiscount]) -> list[StaffDiscount]:
    """Rates before amounts, larger ones first: never in the order in which they were given."""
    return sorted(
        given,
        key=lambda each: (each.rate_ppm is None, -(each.rate_ppm or each.amount_minor or 0), each.id),
    )


def _taken(given: StaffDiscount, sale: Sale, amounts: OpenAmounts) -> QuotedDiscount:
    covers = _covers(given)
    base_minor = amounts.total(covers)
    wanted = given.quote(base_minor)
    taken = amounts.take(wanted, covers)
    params: dict[str, int | str] = {
        "reason": given.reason,
        "given_by": str(given.given_by),
        "base_minor": base_minor,
    }
    if given.rate_ppm is not None:
        params["rate_ppm"] = given.rate_ppm
    else:
        params["wanted_minor"] = wanted
    line = sale.line(given.line_id) if given.line_id is not None else None
    if line is not None:
        params["item"] = line.name
    why = [Why(WhyCode.STAFF_DISCOUNT, params)]
    if taken < wanted:
        cut: dict[str, int | str] = {"base_minor": base_minor, "uncut_minor": wanted}
        why.append(Why(WhyCode.STAFF_DISCOUNT_CUT_TO_BASE, cut))
    return QuotedDiscount(DiscountKind.STAFF, given.id, given.reason, taken, tuple(why))


def _covers(given: StaffDiscount) -> Covers:
    if given.line_id is None:
        return all_goods
    return lambda line: line.id == given.line_id
