"""Complete a sale: take the money, book redemptions and points, write the receipt, all or nothing."""

from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.sale import Sale, SaleChannel, TenderKind
from loyalty.domain.settlement import Offer, settle
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import ConflictError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.basket import open_sale_or_refusal
from loyalty.services.close_sale import Completed, Priced, close_sale, lock_account
from loyalty.services.context import ServiceContext
from loyalty.services.own_account import why_not_own
from loyalty.services.payment_card import remember_payer
from loyalty.services.setup import pricing_terms, shop_settings

__all__ = ["Completed", "Payment", "complete_sale"]


@dataclass(frozen=True, slots=True)
class Payment:
    """What is paid with. ``key`` makes a repeated request the same payment, not a second one.

    ``expected_total_minor`` is what the till showed, without the tip: if the sale comes to something else
    by now, nothing is booked. Without ``offers``, ``given_minor`` is cash handed over.
    """

    key: str
    given_minor: int = 0
    expected_total_minor: int | None = None
    offers: tuple[Offer, ...] = ()
    tip_minor: int = 0

    @property
    def all_offers(self) -> tuple[Offer, ...]:
        return self.offers or (Offer(TenderKind.CASH, self.given_minor),)


def complete_sale(
    uow: UnitOfWork, ctx: ServiceContext, sale_id: UUID, payment: Payment, staff: StaffMember
) -> Completed | Refused:
    """Book what the quote says.

    Redemptions are booked before the sale's own points: a sale cannot pay for its own reward. Refusals:
    ``sale_unknown``, ``sale_held``, ``sale_closed``, ``sale_empty``, ``sale_changed``, ``own_account``,
    ``not_enough_tendered``, ``tendered_too_much``, ``amount_out_of_range``, ``not_enough_points``,
    ``balances_unconfirmed`` where a reward is on it and a restore was not looked at.

    Raises:
        ConflictError: The key completed another sale.
    """
    staff.require(Permission.SELL)
    repeated = completed_before(uow, sale_id, payment.key)
    if repeated is not None:
        return repeated
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Refused):  # perhaps by this very payment, sent twice at the same moment
        repeated = completed_before(uow, sale_id, payment.key)
        return repeated if repeated is not None else sale
    account = lock_account(uow, sale)
    terms = pricing_terms(uow, sale)
    quote = price_sale(sale, terms)
    refused = why_not_payable(uow, sale, quote, payment, staff)
    if refused is not None:
        return refused
    coin_minor = shop_settings(uow).smallest_coin_minor
    settlement = settle(
        quote.total_minor, payment.all_offers, tip_minor=payment.tip_minor, smallest_coin_minor=coin_minor
    )
    if isinstance(settlement, Refused):
        return settlement
    closed = close_sale(uow, ctx, Priced(sale, quote, terms), settlement, key=payment.key, account=account)
    if isinstance(closed, Refused):
        return closed
    return replace(closed, sale=remember_payer(uow, ctx, closed.sale, payment.all_offers))


def completed_before(uow: UnitOfWork, sale_id: UUID, key: str) -> Completed | None:
    """The sale, where this very payment has completed it already.

    Raises:
        ConflictError: The key completed another sale.
    """
    there = uow.sales.completed_by_key(key)
    if there is None:
        return None
    if there.id != sale_id or there.receipt is None:
        raise ConflictError("this payment key completed another sale", sale=str(there.id))
    return Completed(there, there.receipt, is_repeated=True)


def why_not_payable(
    uow: UnitOfWork, sale: Sale, quote: Quote, payment: Payment, staff: StaffMember
) -> Refused | None:
    """Why this sale cannot be paid here by anybody, or by this staff member; None where it can."""
    if sale.channel is SaleChannel.REGISTER:
        return Refused(Refusal.REGISTER_SELLS)
    return why_not_bookable(uow, sale, quote, payment.expected_total_minor, staff)


def why_not_bookable(
    uow: UnitOfWork, sale: Sale, quote: Quote, expected_total_minor: int | None, staff: StaffMember
) -> Refused | None:
    """The same, wherever the money is taken."""
    if not sale.lines:
        return Refused(Refusal.SALE_EMPTY)
    if expected_total_minor not in (None, quote.total_minor):
        return Refused(Refusal.SALE_CHANGED, {"total_minor": quote.total_minor})
    if sale.rewards and uow.programme.settings().redeeming_held_since is not None:
        return Refused(Refusal.BALANCES_UNCONFIRMED)  # it was put on before the back-up
    if sale.member is not None and not sale.is_training:
        return why_not_own(uow, staff, sale.member.customer_id)
    return None
