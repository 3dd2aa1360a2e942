"""Exchange goods: the difference is paid - one purchase for points (row 175)."""

from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.refunds import (
    LinesBack,
    Refund,
    RefundKind,
    RefundQuote,
    SaleMemory,
    WholeSaleBack,
    quote_exchange,
)
from loyalty.domain.refunds.exchange import ExchangeQuote
from loyalty.domain.sale import Sale, Tender, TenderKind
from loyalty.domain.settlement import Offer, round_to_coin, settle
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.basket import open_sale_or_refusal
from loyalty.services.close_sale import Completed, Priced, close_sale, lock_account
from loyalty.services.complete import Payment, completed_before, why_not_payable
from loyalty.services.context import ServiceContext
from loyalty.services.refund import MAX_REASON_CHARS, Refunded, book_refund_of, why_not_refund
from loyalty.services.sale_memory import sale_memory
from loyalty.services.setup import pricing_terms, shop_settings
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class ExchangeOrder:
    """The open sale with the new goods, and what of an earlier one comes back for them."""

    sale_id: UUID
    original_sale_id: UUID
    back: LinesBack | WholeSaleBack
    reason: str
    payment: Payment
    """Pays the difference; without one to pay, an offer of nothing will do."""


@dataclass(frozen=True, slots=True)
class Exchanged:
    """Both halves."""

    completed: Completed
    refunded: Refunded
    paid_minor: int
    """The difference; below zero went to the customer."""


def preview_exchange(
    uow: UnitOfWork, sale_id: UUID, original_sale_id: UUID, back: LinesBack | WholeSaleBack
) -> ExchangeQuote | Refused:
    """What the exchange would come to."""
    halves = _halves(uow, sale_id, original_sale_id)
    if isinstance(halves, Refused):
        return halves
    sale, memory = halves
    return quote_exchange(memory, back, sale, price_sale(sale, pricing_terms(uow, sale)))


def exchange_goods(
    uow: UnitOfWork, ctx: ServiceContext, order: ExchangeOrder, staff: StaffMember
) -> Exchanged | Refused:
    """Book the refund and the new sale in one transaction; the same payment key does it once.

    Refusals: those of a refund and of a completion, and ``another_member`` where somebody else is on
    the new sale.

    Raises:
        PermissionDeniedError: The role does not hold ``sell`` and ``refund_sale``.
    """
    staff.require(Permission.SELL)
    staff.require(Permission.REFUND_SALE)
    repeated = _exchanged_before(uow, order)
    if repeated is not None:
        return repeated
    halves = _halves(uow, order.sale_id, order.original_sale_id)
    if isinstance(halves, Refused):
        return halves
    sale, memory = halves
    account = lock_account(uow, sale)
    terms = pricing_terms(uow, sale)
    new_quote = price_sale(sale, terms)
    quote = quote_exchange(memory, order.back, sale, new_quote)
    if isinstance(quote, Refused):
        return quote
    refused = why_not_refund(uow, memory.sale, order.reason, staff)
    if refused is None:
        refused = why_not_payable(uow, sale, new_quote, order.payment, staff)
    if refused is not None:
        return refused
    credit = min(new_quote.total_minor, quote.refund.amount_minor)
    coin_minor = shop_settings(uow).smallest_coin_minor
    settlement = settle(
        new_quote.total_minor,
        _offers(order.payment, credit),
        tip_minor=order.payment.tip_minor,
        smallest_coin_minor=coin_minor,
    )
    if isinstance(settlement, Refused):
        return settlement
    refund = _refund(ctx, order, quote.refund, credit=credit, coin=coin_minor, staff=staff)
    refunded = book_refund_of(uow, ctx, memory, refund, key=_key(order), staff=staff)
    if account is not None:
        account = uow.accounts.lock(account.id)
    as_earned = _as_earned(new_quote, quote)
    completed = close_sale(
        uow, ctx, Priced(sale, as_earned, terms), settlement, key=order.payment.key, account=account
    )
    if isinstance(completed, Refused):
        return completed
    return Exchanged(completed, refunded, quote.to_pay_minor)


def _halves(uow: UnitOfWork, sale_id: UUID, original_sale_id: UUID) -> tuple[Sale, SaleMemory] | Refused:
    """The open sale as the exchange's new half, with the original's member, and the original."""
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    original = uow.sales.get(original_sale_id)
    memory = sale_memory(uow, original) if original is not None else None
    if original is None or memory is None:
        return Refused(Refusal.SALE_UNKNOWN if original is None else Refusal.SALE_NOT_COMPLETED)
    there, here = original.member, sale.member
    if here is not None and (there is None or there.customer_id != here.customer_id):
        return Refused(Refusal.ANOTHER_MEMBER)
    return replace(sale, exchange_of=original.id, member=here if here is not None else there), memory


def _exchanged_before(uow: UnitOfWork, order: ExchangeOrder) -> Exchanged | None:
    completed = completed_before(uow, order.sale_id, order.payment.key)
    there = uow.refunds.by_key(_key(order)) if completed is not None else None
    if completed is None or there is None:
        return None
    paid = completed.receipt.quote.total_minor - there.quote.amount_minor
    return Exchanged(completed, Refunded(there, completed.receipt.balance_after, is_repeated=True), paid)


def _offers(payment: Payment, credit_minor: int) -> tuple[Offer, ...]:
    """What came back pays first, as a tender of its own."""
    credit = (Offer(TenderKind.OTHER, credit_minor),) if credit_minor > 0 else ()
    return (*credit, *payment.all_offers)


def _refund(
    ctx: ServiceContext,
    order: ExchangeOrder,
    quote: RefundQuote,
    *,
    credit: int,
    coin: int,
    staff: StaffMember,
) -> Refund:
    tenders = [Tender(TenderKind.OTHER, credit, credit)] if credit > 0 else []
    cash = round_to_coin(quote.amount_minor - credit, coin)
    if cash > 0:
        tenders.append(Tender(TenderKind.CASH, cash, cash))
    return Refund(
        id=new_id(),
        sale_id=order.original_sale_id,
        kind=RefundKind.EXCHANGE,
        at=ctx.clock.now(),
        quote=quote,
        reason=clean_line(order.reason, MAX_REASON_CHARS) or "",
        given_by=staff.id,
        tenders=tuple(tenders),
        exchange_sale_id=order.sale_id,
    )


def _as_earned(new_quote: Quote, quote: ExchangeQuote) -> Quote:
    """The new sale earns what both purchases together would have earned, less what the kept goods did."""
    earned = quote.earned
    return replace(
        new_quote,
        points_to_earn=earned.base_points + earned.promotion_points,
        promotion_points=earned.promotion_points,
        promotion_id=None,
    )


def _key(order: ExchangeOrder) -> str:
    return f"exchange:{order.payment.key}"[:128]
