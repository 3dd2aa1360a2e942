"""Put a customer on a sale that is paid already, so that it earns: by permission, and listed (row 206)."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.booking.sale import book_sale
from loyalty.domain.identification import IdentificationMethod
from loyalty.domain.ledger import LoyaltyAccount
from loyalty.domain.pricing.earning import earn
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.pricing.terms import PricingTerms
from loyalty.domain.refunds import SaleMemory
from loyalty.domain.refunds.left import lines_left
from loyalty.domain.refunds.points import kept_base
from loyalty.domain.sale import Receipt, Sale
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.directory import Member
from loyalty.ports.sales import TermsThen
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.activity import note_change_of_sale, rebuild_activity
from loyalty.services.audit import note_deed
from loyalty.services.bare_profile import is_nobodys
from loyalty.services.basket import save_change
from loyalty.services.close_sale import account_state, expiry_of, note_promotion, terms_then
from loyalty.services.context import ServiceContext
from loyalty.services.lane_screen import sale_on_screen
from loyalty.services.named_member import name_member
from loyalty.services.own_account import why_not_own
from loyalty.services.sale_memory import sale_memory
from loyalty.services.setup import shop_settings
from loyalty.services.tell_of_sale import tell_of_sale

RECEIPT_STAYS = timedelta(minutes=15)
"""How long the receipt of the last sale stays on a till where no new sale was opened."""


@dataclass(frozen=True, slots=True)
class AttachedLate:
    """The sale as it is now, and what it earned the customer."""

    sale: Sale
    points: int
    balance: int | None


def attach_to_completed(
    uow: UnitOfWork, ctx: ServiceContext, sale_id: UUID, customer_id: UUID, staff: StaffMember
) -> AttachedLate | Refused:
    """The customer gets the points of what was sold and has not come back, under the rule of that sale.

    The price stays what was paid: no discount and no reward comes of it. They take the place of a profile
    that the payment by card made; whether the card is theirs is another question. Refusals: ``sale_unknown``,
    ``sale_not_completed``, ``another_member``, ``sale_already_refunded``, ``own_account``.

    Raises:
        PermissionDeniedError: The role does not hold ``adjust_points``.
        UnknownIdError: There is no such customer.
    """
    staff.require(Permission.ADJUST_POINTS)
    return _checked(uow, ctx, sale_id, customer_id, staff)


def attach_at_receipt(
    uow: UnitOfWork, ctx: ServiceContext, sale_id: UUID, customer_id: UUID, staff: StaffMember
) -> AttachedLate | Refused:
    """The same for who sells, as long as the receipt is on the lane's screen (rows 28, 29).

    Also refused: ``sale_closed`` once the lane has begun another sale, or after a quarter of an hour;
    ``adding_after_off`` where the shop wants none of it (row 30).

    Raises:
        PermissionDeniedError: The role does not hold ``sell``.
    """
    staff.require(Permission.SELL)
    if not uow.programme.settings().checkout.adds_after_checkout:
        return Refused(Refusal.ADDING_AFTER_OFF)
    sale = uow.sales.get(sale_id)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    shown = sale_on_screen(uow, sale.lane_id)
    is_over = shown is None or shown.id != sale.id
    if is_over or sale.closed_at is None or ctx.clock.now() - sale.closed_at >= RECEIPT_STAYS:
        return Refused(Refusal.SALE_CLOSED)
    return _checked(uow, ctx, sale_id, customer_id, staff)


def _checked(
    uow: UnitOfWork, ctx: ServiceContext, sale_id: UUID, customer_id: UUID, staff: StaffMember
) -> AttachedLate | Refused:
    sale = uow.sales.get(sale_id)
    memory = sale_memory(uow, sale) if sale is not None else None
    if sale is None or memory is None:
        return Refused(Refusal.SALE_UNKNOWN if sale is None else Refusal.SALE_NOT_COMPLETED)
    if not is_nobodys(uow, sale):
        return Refused(Refusal.ANOTHER_MEMBER)
    if memory.is_whole_back:
        return Refused(Refusal.SALE_ALREADY_REFUNDED)
    member = uow.customers.member(customer_id)
    if member is None:
        raise UnknownIdError("no such customer", customer=str(customer_id))
    refused = why_not_own(uow, staff, customer_id)
    if refused is not None:
        return refused
    return _attach(uow, ctx, memory, member, staff)


def late_terms(uow: UnitOfWork, then: TermsThen | None, account_id: UUID | None) -> PricingTerms:
    """The terms of the sale's time, with the promotions that this customer had not used up."""
    version = then.programme_version if then is not None else None
    settings = shop_settings(uow)
    return PricingTerms(
        programme=uow.programme.version(version) if version is not None else None,
        trust=settings.trust,
        promotions=tuple(uow.promotions.all()),
        promotion_history=uow.promotions.history(account_id) if account_id is not None else {},
        timezone=settings.timezone,
    )


def late_quote(memory: SaleMemory, terms: PricingTerms) -> Quote:
    """The sale's quote with the points that what is left of it earns; its price as it was."""
    programme = terms.programme
    if programme is None or not programme.is_active:
        return memory.quote
    earned = earn(
        kept_base(lines_left(memory), programme.version),
        programme,
        terms.promotions,
        at=memory.sale.opened_at,
        timezone=terms.timezone,
        history=terms.promotion_history,
    )
    return replace(
        memory.quote,
        points_to_earn=earned.points,
        points_why=earned.why,
        promotion_id=earned.promotion_id,
        promotion_points=earned.promotion_points,
    )


def _attach(
    uow: UnitOfWork, ctx: ServiceContext, memory: SaleMemory, member: Member, staff: StaffMember
) -> AttachedLate | Refused:
    account = uow.accounts.lock(member.account.id) if member.account is not None else None
    account_id = account.id if account is not None else None
    is_earning = account is not None and not memory.sale.is_training
    terms = late_terms(uow, uow.sales.terms_of(memory.sale.id), account_id)
    quote = late_quote(memory, terms) if is_earning else memory.quote
    sale = replace(memory.sale, member=name_member(uow, ctx, memory.sale, member, IdentificationMethod.STAFF))
    balance = account.balance if account is not None else None
    if account is not None and is_earning:
        booking = book_sale(
            account_state(uow, account),
            sale,
            quote,
            at=ctx.clock.now(),
            expires_at=expiry_of(terms, ctx),
        )
        if isinstance(booking, Refused):
            return booking
        for entry in booking.entries:
            uow.ledger.book(entry)
        balance = booking.after.balance
    saved = save_change(uow, replace(sale, receipt=_receipt(sale, quote, account, balance)))
    if memory.sale.member is not None:
        rebuild_activity(uow, memory.sale.member.customer_id)
    note_change_of_sale(uow, saved)
    uow.sales.keep_terms(sale.id, terms_then(terms, attached_late=True))
    points = quote.points_to_earn if is_earning else 0
    if account is not None and is_earning:
        note_promotion(uow, saved, quote)
        tell_of_sale(uow, ctx, saved, account, balance=balance or 0, before_earning=account.balance)
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.MEMBER_ATTACHED_LATE,
        subject=f"sale:{sale.id}",
        params={"points": points, "customer": str(member.customer.id)},
    )
    return AttachedLate(saved, points, balance)


def _receipt(sale: Sale, quote: Quote, account: LoyaltyAccount | None, balance: int | None) -> Receipt | None:
    if sale.receipt is None:
        return None
    before = account.balance if account is not None else None
    return replace(sale.receipt, quote=quote, balance_before=before, balance_after=balance)
