"""What a lane took: sales, discounts, taxes and tenders, added up from receipts and refunds."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from loyalty.domain.catalogue import TaxInclusion
from loyalty.domain.refunds import Refund, RefundKind
from loyalty.domain.sale import Receipt, TenderKind


@dataclass(frozen=True, slots=True)
class TenderTakings:
    """One way of paying: what came in, what went back out."""

    kind: TenderKind
    count: int = 0
    """Tenders taken."""
    taken_minor: int = 0
    returned_minor: int = 0

    @property
    def net_minor(self) -> int:
        return self.taken_minor - self.returned_minor


@dataclass(frozen=True, slots=True)
class TaxTakings:
    """One tax at one rate, less what refunds gave back of it."""

    name: str
    rate_ppm: int
    is_included: bool
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Takings:
    """Sums over receipts and refunds. Sums of tenders = total + tips + cash rounding − refunds.

    ``gross_minor`` is before discounts; ``total_minor`` what the sales came to, without tips.
    """

    sales: int = 0
    with_member: int = 0
    gross_minor: int = 0
    discount_minor: int = 0
    total_minor: int = 0
    tip_minor: int = 0
    cash_rounding_minor: int = 0
    refunds: int = 0
    """Refunds and exchanges; voids are counted by themselves."""
    voids: int = 0
    refunded_minor: int = 0
    """Money that went back, voids included, as it was handed over."""
    points_earned: int = 0
    points_redeemed: int = 0
    tenders: tuple[TenderTakings, ...] = ()
    taxes: tuple[TaxTakings, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.sales or self.refunds or self.voids)

    @property
    def cash_minor(self) -> int:
        """What the sales and refunds left in the drawer."""
        return sum(each.net_minor for each in self.tenders if each.kind is TenderKind.CASH)


TaxKey = tuple[str, str, int, bool]


def takings_of(receipts: Iterable[Receipt], refunds: Iterable[tuple[Refund, Receipt]]) -> Takings:
    """Add up; a refund comes with the receipt of the sale it gave back, for the names of its taxes.

    The order of either changes nothing.
    """
    sums: dict[str, int] = defaultdict(int)
    tenders: dict[TenderKind, TenderTakings] = {}
    taxes: dict[TaxKey, int] = defaultdict(int)
    for receipt in receipts:
        _add_receipt(sums, receipt)
        for tax in receipt.quote.taxes:
            taxes[tax.id, tax.name, tax.rate_ppm, tax.inclusion is TaxInclusion.INCLUDED] += tax.amount_minor
        for tender in receipt.all_tenders:
            _count(tenders, tender.kind, taken_minor=tender.amount_minor)
    for refund, receipt in refunds:
        sums["voids" if refund.kind is RefundKind.VOID else "refunds"] += 1
        for tender in refund.tenders:
            sums["refunded_minor"] += tender.amount_minor
            _count(tenders, tender.kind, returned_minor=tender.amount_minor)
        _take_back_taxes(taxes, refund, receipt)
    return Takings(
        **sums,
        tenders=tuple(tenders[kind] for kind in TenderKind if kind in tenders),
        taxes=tuple(
            TaxTakings(name, rate_ppm, is_included, amount_minor)
            for (_, name, rate_ppm, is_included), amount_minor in sorted(taxes.items())
        ),
    )


def _add_receipt(sums: dict[str, int], receipt: Receipt) -> None:
    quote = receipt.quote
    sums["sales"] += 1
    sums["with_member"] += receipt.balance_after is not None
    sums["gross_minor"] += quote.subtotal_minor
    sums["discount_minor"] += quote.discount_minor
    sums["total_minor"] += quote.total_minor
    sums["tip_minor"] += receipt.tip_minor
    sums["cash_rounding_minor"] += receipt.cash_rounding_minor
    sums["points_earned"] += quote.points_to_earn
    sums["points_redeemed"] += quote.points_to_redeem


def _count(
    tenders: dict[TenderKind, TenderTakings],
    kind: TenderKind,
    *,
    taken_minor: int = 0,
    returned_minor: int = 0,
) -> None:
    before = tenders.get(kind, TenderTakings(kind))
    tenders[kind] = TenderTakings(
        kind,
        before.count + (returned_minor == 0),
        before.taken_minor + taken_minor,
        before.returned_minor + returned_minor,
    )


def _take_back_taxes(taxes: dict[TaxKey, int], refund: Refund, receipt: Receipt) -> None:
    known = {tax.id: tax for tax in receipt.quote.taxes}
    for line in refund.quote.lines:
        for part in line.taxes:
            tax = known.get(part.id)
            if tax is not None:
                key = (tax.id, tax.name, tax.rate_ppm, tax.inclusion is TaxInclusion.INCLUDED)
                taxes[key] -= part.amount_minor
