"""Reckons the sales of a day again and compares with the ledger, to the point (row 174)."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from loyalty.domain.calendar import day_bounds
from loyalty.domain.ledger import EntryKind
from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.pricing.reward_discounts import effective_rewards
from loyalty.domain.pricing.terms import PricingTerms
from loyalty.domain.refunds import LinesBack, Refund, SaleMemory, WholeSaleBack, quote_exchange, quote_refund
from loyalty.domain.refunds.refund import AmountBack, RefundRequest
from loyalty.domain.sale import Sale
from loyalty.domain.why import Refused
from loyalty.ports.sales import TermsThen
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.late_attachment import late_quote
from loyalty.services.sale_memory import sale_memory
from loyalty.services.setup import shop_settings

Booked = tuple[tuple[str, int], ...]
"""Kind and points of entries, sorted."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A sale or refund that would be booked in another way today."""

    subject: str
    """``sale:id`` or ``refund:id``."""
    booked: Booked
    reckoned: Booked


@dataclass(frozen=True, slots=True)
class Replay:
    """How many sales and refunds of the day were reckoned again, and what differs."""

    sales: int
    refunds: int
    differences: tuple[Difference, ...]


def replay_day(uow: UnitOfWork, day: date) -> Replay:
    """Reckon every completed sale and refund of the shop's day; changes nothing."""
    start, end = day_bounds(day, shop_settings(uow).timezone)
    sale_ids = uow.sales.completed_between(start, end)
    refunds = uow.refunds.between(start, end)
    differences = []
    for sale_id in sale_ids:
        sale = uow.sales.get(sale_id)
        if sale is not None:
            differences += _sale_differs(uow, sale)
    for refund in refunds:
        differences += _refund_differs(uow, refund)
    return Replay(len(sale_ids), len(refunds), tuple(differences))


def _sale_differs(uow: UnitOfWork, sale: Sale) -> list[Difference]:
    account_id = sale.member.account_id if sale.member is not None else None
    entries = [entry for entry in uow.ledger.of_source(f"sale:{sale.id}") if entry.account_id == account_id]
    booked = tuple(sorted((entry.kind.value, entry.points) for entry in entries))
    quote = _quote_again(uow, sale)
    if quote is None:
        return []
    reckoned = _entries_of(sale, quote) if account_id is not None else ()
    return [] if booked == reckoned else [Difference(f"sale:{sale.id}", booked, reckoned)]


def _quote_again(uow: UnitOfWork, sale: Sale) -> Quote | None:
    """The quote by the terms that were kept; None for a sale from before terms were kept."""
    then = uow.sales.terms_of(sale.id)
    memory = sale_memory(uow, sale)
    if then is None or memory is None:
        return None
    terms = _terms_again(uow, then)
    bare = replace(sale, receipt=None)
    if then.attached_late:
        return late_quote(_before_refunds_after(uow, memory), terms)
    quote = price_sale(bare, terms)
    return _exchanged_again(uow, bare, quote) if sale.exchange_of is not None else quote


def _before_refunds_after(uow: UnitOfWork, memory: SaleMemory) -> SaleMemory:
    """The sale as it was when the customer was put on it: refunds since are left aside."""
    gains = uow.ledger.of_source(f"sale:{memory.sale.id}")
    if not gains:
        return memory
    at = gains[0].booked_at
    return replace(memory, past=tuple(each for each in memory.past if each.at < at))


def _terms_again(uow: UnitOfWork, then: TermsThen) -> PricingTerms:
    version = then.programme_version
    return PricingTerms(
        groups=then.groups,
        programme=uow.programme.version(version) if version is not None else None,
        trust=then.trust,
        promotions=tuple(uow.promotions.all()),
        promotion_history={each: list(had) for each, had in then.promotion_history.items()},
        timezone=then.timezone,
    )


def _exchanged_again(uow: UnitOfWork, sale: Sale, quote: Quote) -> Quote:
    """The new half of an exchange earns what both purchases together do."""
    original = uow.sales.get(sale.exchange_of) if sale.exchange_of is not None else None
    memory = sale_memory(uow, original) if original is not None else None
    if memory is None:
        return quote
    made = next((each for each in memory.past if each.exchange_sale_id == sale.id), None)
    if made is None:
        return quote
    before = replace(
        memory, past=tuple(each for each in memory.past if (each.at, each.id) < (made.at, made.id))
    )
    request = _request(made)
    back = WholeSaleBack() if isinstance(request, AmountBack) else request
    exchange = quote_exchange(before, back, sale, quote)
    if isinstance(exchange, Refused):
        return quote
    earned = exchange.earned
    return replace(
        quote,
        points_to_earn=earned.base_points + earned.promotion_points,
        promotion_points=earned.promotion_points,
    )


def _refund_differs(uow: UnitOfWork, refund: Refund) -> list[Difference]:
    """A refund's quote, reckoned from the sale as it was before it."""
    sale = uow.sales.get(refund.sale_id)
    memory = sale_memory(uow, sale) if sale is not None else None
    if memory is None or _was_attached_after(uow, refund):
        return []
    past = tuple(each for each in memory.past if (each.at, each.id) < (refund.at, refund.id))
    again = quote_refund(replace(memory, past=past), _request(refund))
    reckoned = () if isinstance(again, Refused) else _taken(again.base_points, again.promotion_points)
    booked = _taken(refund.quote.base_points, refund.quote.promotion_points)
    if booked == reckoned:
        return []
    return [Difference(f"refund:{refund.id}", booked, reckoned)]


def _was_attached_after(uow: UnitOfWork, refund: Refund) -> bool:
    """Whether the sale was nobody's yet when this came back: then it took no points, and rightly so."""
    then = uow.sales.terms_of(refund.sale_id)
    if then is None or not then.attached_late:
        return False
    gains = uow.ledger.of_source(f"sale:{refund.sale_id}")
    return not gains or refund.at <= gains[0].booked_at


def _request(refund: Refund) -> RefundRequest:
    """What was asked for, from what came of it."""
    quote = refund.quote
    if quote.is_whole:
        return WholeSaleBack(with_tip=quote.tip_minor > 0)
    units: tuple[tuple[UUID, int], ...] = tuple(
        (line.line_id, line.quantity) for line in quote.lines if line.quantity > 0
    )
    return LinesBack(units) if units else AmountBack(quote.goods_minor)


def _entries_of(sale: Sale, quote: Quote) -> Booked:
    redeemed = [
        (EntryKind.REDEEM.value, -reward.points) for reward in effective_rewards(sale, quote.discounts)
    ]
    gains = [
        (kind.value, points)
        for kind, points in (
            (EntryKind.EARN, quote.base_points),
            (EntryKind.PROMOTION, quote.promotion_points),
        )
        if points > 0
    ]
    return tuple(sorted([*redeemed, *gains]))


def _taken(base_points: int, promotion_points: int) -> Booked:
    return (("base", base_points), ("promotion", promotion_points))
