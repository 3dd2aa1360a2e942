"""Give back what was sold: whole sales, lines or amounts; void a sale of the day (row 175, X12)."""

from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.refunds import (
    Refund,
    RefundKind,
    RefundQuote,
    RefundRequest,
    SaleMemory,
    WholeSaleBack,
    quote_refund,
    why_not_void,
)
from loyalty.domain.sale import Sale, Tender, TenderKind
from loyalty.domain.settlement import Offer, round_to_coin
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import ConflictError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.activity import note_change_of_sale
from loyalty.services.audit import note_deed
from loyalty.services.basket import save_change
from loyalty.services.context import ServiceContext
from loyalty.services.own_account import why_not_own
from loyalty.services.refund_points import book_points_back
from loyalty.services.sale_memory import sale_memory
from loyalty.services.setup import shop_settings
from runtime.ids import new_id

MAX_REASON_CHARS = 500


@dataclass(frozen=True, slots=True)
class RefundOrder:
    """What shall come back, and why. ``key`` makes a repeated request the same refund.

    Without ``offers`` the money goes back the way the sale was paid first, cash in coins that exist.
    """

    key: str
    sale_id: UUID
    request: RefundRequest
    reason: str
    offers: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Refunded:
    """A refund that was made; ``balance_after`` may be below zero (X12), None without an account."""

    refund: Refund
    balance_after: int | None
    is_repeated: bool = False


def preview_refund(uow: UnitOfWork, sale_id: UUID, request: RefundRequest) -> RefundQuote | Refused:
    """What the refund would come to: exactly what :func:`refund_sale` does."""
    memory = _memory_of(uow, sale_id)
    return memory if isinstance(memory, Refused) else quote_refund(memory, request)


def refund_sale(
    uow: UnitOfWork, ctx: ServiceContext, order: RefundOrder, staff: StaffMember
) -> Refunded | Refused:
    """Book the refund: money, points and rewards in one transaction.

    Refusals: those of ``quote_refund``, ``sale_unknown``, ``reason_missing``, ``own_account``,
    ``refund_tenders_wrong``.

    Raises:
        PermissionDeniedError: The role does not hold ``refund_sale``.
        ConflictError: Somebody else refunded the same sale at the same moment, or the key is another's.
    """
    staff.require(Permission.REFUND_SALE)
    return _give_back(uow, ctx, order, RefundKind.REFUND, staff)


def void_completed_sale(
    uow: UnitOfWork, ctx: ServiceContext, sale_id: UUID, staff: StaffMember, *, key: str, reason: str
) -> Refunded | Refused:
    """Undo a sale of today as a whole, tip and rewards too. Also refused: ``void_too_late``.

    Raises:
        PermissionDeniedError: The role does not hold ``void_sale``.
    """
    staff.require(Permission.VOID_SALE)
    order = RefundOrder(key, sale_id, WholeSaleBack(with_tip=True), reason)
    if uow.refunds.by_key(key) is None:
        sale = uow.sales.get(sale_id)
        if sale is None:
            return Refused(Refusal.SALE_UNKNOWN)
        timezone = shop_settings(uow).timezone
        refused = why_not_void(sale, uow.refunds.of_sale(sale_id), ctx.clock.now(), timezone)
        if refused is not None:
            return refused
    return _give_back(uow, ctx, order, RefundKind.VOID, staff)


def book_refund_of(
    uow: UnitOfWork, ctx: ServiceContext, memory: SaleMemory, refund: Refund, *, key: str, staff: StaffMember
) -> Refunded:
    """Store a refund that was quoted, book its points, and note who gave it."""
    sale = save_change(uow, memory.sale)  # whoever refunds the same sale at once comes too late here
    uow.refunds.add(refund, key)
    note_change_of_sale(uow, sale)
    balance = book_points_back(uow, memory, refund)
    if refund.quote.is_whole:
        uow.promotions.forget_use(sale.id)
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.SALE_REFUNDED,
        subject=f"sale:{sale.id}",
        params={
            "kind": refund.kind.value,
            "amount_minor": refund.quote.amount_minor,
            "points": refund.quote.base_points + refund.quote.promotion_points,
            "reason": refund.reason,
        },
    )
    return Refunded(refund, balance)


def refunded_before(uow: UnitOfWork, key: str, sale_id: UUID) -> Refunded | None:
    """The refund of this key, where it was made already.

    Raises:
        ConflictError: The key refunded another sale.
    """
    there = uow.refunds.by_key(key)
    if there is None:
        return None
    if there.sale_id != sale_id:
        raise ConflictError("this key refunded another sale", sale=str(there.sale_id))
    sale = uow.sales.get(sale_id)
    account_id = sale.member.account_id if sale is not None and sale.member is not None else None
    account = uow.accounts.get(account_id) if account_id is not None else None
    return Refunded(there, account.balance if account is not None else None, is_repeated=True)


def why_not_refund(uow: UnitOfWork, sale: Sale, reason: str, staff: StaffMember) -> Refused | None:
    """What stands against any refund of this sale by this staff member; None where nothing does."""
    if clean_line(reason, MAX_REASON_CHARS) is None:
        return Refused(Refusal.REASON_MISSING)
    if sale.member is not None and not sale.is_training:
        return why_not_own(uow, staff, sale.member.customer_id)
    return None


def _give_back(
    uow: UnitOfWork, ctx: ServiceContext, order: RefundOrder, kind: RefundKind, staff: StaffMember
) -> Refunded | Refused:
    repeated = refunded_before(uow, order.key, order.sale_id)
    if repeated is not None:
        return repeated
    memory = _memory_of(uow, order.sale_id)
    if isinstance(memory, Refused):
        return memory
    refused = why_not_refund(uow, memory.sale, order.reason, staff)
    if refused is not None:
        return refused
    quote = quote_refund(memory, order.request)
    if isinstance(quote, Refused):
        return quote
    tenders = _tenders(uow, memory.sale, quote.amount_minor, order.offers)
    if isinstance(tenders, Refused):
        return tenders
    refund = Refund(
        id=new_id(),
        sale_id=memory.sale.id,
        kind=kind,
        at=ctx.clock.now(),
        quote=quote,
        reason=clean_line(order.reason, MAX_REASON_CHARS) or "",
        given_by=staff.id,
        tenders=tenders,
    )
    return book_refund_of(uow, ctx, memory, refund, key=order.key, staff=staff)


def _memory_of(uow: UnitOfWork, sale_id: UUID) -> SaleMemory | Refused:
    sale = uow.sales.get(sale_id)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    memory = sale_memory(uow, sale)
    return memory if memory is not None else Refused(Refusal.SALE_NOT_COMPLETED)


def _tenders(
    uow: UnitOfWork, sale: Sale, amount_minor: int, offers: tuple[Offer, ...]
) -> tuple[Tender, ...] | Refused:
    """How the money goes back; what goes back in cash is rounded as a payment would be."""
    if amount_minor == 0 and not offers:
        return ()
    coin_minor = shop_settings(uow).smallest_coin_minor
    if not offers and sale.receipt is not None:
        first = sale.receipt.tender
        minor = round_to_coin(amount_minor, coin_minor) if first.kind is TenderKind.CASH else amount_minor
        return (Tender(first.kind, minor, minor, first.card),)
    others = sum(offer.amount_minor for offer in offers if offer.kind is not TenderKind.CASH)
    cash = sum(offer.amount_minor for offer in offers if offer.kind is TenderKind.CASH)
    has_cash = any(offer.kind is TenderKind.CASH for offer in offers)
    left = amount_minor - others
    due = round_to_coin(left, coin_minor) if has_cash else left
    if left < 0 or cash != due or any(offer.amount_minor < 0 for offer in offers):
        return Refused(Refusal.REFUND_TENDERS_WRONG, {"amount_minor": amount_minor})
    return tuple(Tender(offer.kind, offer.amount_minor, offer.amount_minor, offer.card) for offer in offers)
