"""What a customer did, sale by sale, and the summary that filters read instead of the sales (row 4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.domain.refunds import Refund, is_visit
from loyalty.domain.sale import Sale, TenderKind

RECENT_VISITS = 5
"""Times of so many last visits stand in the summary: "at least three times since May" is one comparison."""


@dataclass(frozen=True, slots=True)
class CardUsed:
    """A payment card of a sale, as its receipt shows it (row 1)."""

    brand: str
    last_four: str


@dataclass(frozen=True, slots=True)
class Goods:
    """What was bought and kept of one line."""

    item_id: UUID
    category_id: UUID | None
    variation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Purchase:
    """One completed sale of a customer as far as filters ask about it.

    ``spend_minor`` is what was paid for the goods, taxes included and tips left out, less what came back.
    ``is_visit`` follows X13. A sale that came back whole has no goods, tenders or cards any more.
    """

    sale_id: UUID
    customer_id: UUID
    at: datetime
    lane_id: UUID
    spend_minor: int
    is_visit: bool
    tenders: frozenset[TenderKind] = frozenset()
    cards: tuple[CardUsed, ...] = ()
    goods: tuple[Goods, ...] = ()

    @property
    def is_payment(self) -> bool:
        """Whether money came in and stayed (row 71)."""
        return self.spend_minor > 0

    @property
    def is_settled(self) -> bool:
        """Whether the ways in which it was paid count: it is a visit, or money of it stayed."""
        return self.is_visit or self.is_payment


@dataclass(frozen=True, slots=True)
class StartFigures:
    """Visits and spending brought along from another system: what was before this one (row 212).

    When most of these visits were is not known: in a period of its own only the last one counts, where its
    date came along, and nothing of the spending.
    """

    visits: int = 0
    spend_minor: int = 0
    first_visit_at: datetime | None = None
    last_visit_at: datetime | None = None

    @property
    def known_visits(self) -> tuple[datetime, ...]:
        """Those whose date is known well enough to count in a period."""
        return (self.last_visit_at,) if self.visits and self.last_visit_at is not None else ()


NO_START = StartFigures()


def together(starts: Iterable[StartFigures]) -> StartFigures:
    """Figures of several profiles that became one."""
    known = list(starts)
    firsts = [each.first_visit_at for each in known if each.first_visit_at is not None]
    lasts = [each.last_visit_at for each in known if each.last_visit_at is not None]
    return StartFigures(
        visits=sum(each.visits for each in known),
        spend_minor=sum(each.spend_minor for each in known),
        first_visit_at=min(firsts, default=None),
        last_visit_at=max(lasts, default=None),
    )


@dataclass(frozen=True, slots=True)
class ActivitySummary:
    """All purchases of a customer in one row. ``recent_visits`` has the last one first."""

    visits: int = 0
    spend_minor: int = 0
    first_visit_at: datetime | None = None
    recent_visits: tuple[datetime, ...] = ()
    last_payment_at: datetime | None = None
    tenders: frozenset[TenderKind] = frozenset()

    @property
    def last_visit_at(self) -> datetime | None:
        return self.recent_visits[0] if self.recent_visits else None


def purchase_of(sale: Sale, refunds: Sequence[Refund] = ()) -> Purchase | None:
    """The purchase that a sale is; None for one that is not completed, is training or is nobody's."""
    if sale.receipt is None or sale.member is None or sale.is_training or sale.closed_at is None:
        return None
    is_whole_back = any(refund.quote.is_whole for refund in refunds)
    tenders = () if is_whole_back else sale.receipt.all_tenders
    cards = {
        CardUsed(each.card.brand, each.card.last_four): None for each in tenders if each.card is not None
    }
    back_minor = sum(refund.quote.goods_minor for refund in refunds)
    return Purchase(
        sale_id=sale.id,
        customer_id=sale.member.customer_id,
        at=sale.closed_at,
        lane_id=sale.lane_id,
        spend_minor=sale.receipt.quote.total_minor - back_minor,
        is_visit=is_visit(sale, refunds),
        tenders=frozenset(tender.kind for tender in tenders),
        cards=tuple(cards),
        goods=() if is_whole_back else _kept(sale, refunds),
    )


def summary_of(purchases: Iterable[Purchase], start: StartFigures = NO_START) -> ActivitySummary:
    """The summary of all purchases of one customer, and of what was before them."""
    known = sorted(purchases, key=lambda each: each.at)
    here = [purchase.at for purchase in known if purchase.is_visit]
    visits = sorted([*start.known_visits, *here])
    first = start.first_visit_at if start.visits else None
    payments = [purchase.at for purchase in known if purchase.is_payment]
    return ActivitySummary(
        visits=start.visits + len(here),
        spend_minor=start.spend_minor + sum(purchase.spend_minor for purchase in known),
        first_visit_at=min([*([first] if first is not None else []), *visits], default=None),
        recent_visits=tuple(reversed(visits[-RECENT_VISITS:])),
        last_payment_at=payments[-1] if payments else None,
        tenders=frozenset(kind for purchase in known if purchase.is_settled for kind in purchase.tenders),
    )


def _kept(sale: Sale, refunds: Sequence[Refund]) -> tuple[Goods, ...]:
    """Lines of which a unit has stayed with the customer."""
    back: dict[UUID, int] = {}
    for refund in refunds:
        for line in refund.quote.lines:
            back[line.line_id] = back.get(line.line_id, 0) + line.quantity
    kept = (
        Goods(line.item_id, line.category_id, line.variation_id)
        for line in sale.lines
        if line.quantity > back.get(line.id, 0)
    )
    return tuple(dict.fromkeys(kept))
