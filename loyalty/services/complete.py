"""Complete a sale: take the money, book redemptions and points, write the receipt, all or nothing."""

from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.ledger import EntryKind, LedgerEntry, LoyaltyAccount, take_from_lots
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.sale import Receipt, Sale, SaleReward, SaleState, Tender, TenderKind
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import ConflictError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.basket import end_sessions_of, open_sale_or_refusal, save_change
from loyalty.services.context import ServiceContext
from loyalty.services.quote import quote_sale
from loyalty.services.tell_member import queue_points_earned
from runtime.ids import new_id


@dataclass(frozen=True, slots=True)
class Completed:
    """A completed sale; ``is_repeated`` where the same key had completed it before."""

    sale: Sale
    receipt: Receipt
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class Payment:
    """Cash handed over. ``key`` makes a repeated request the same payment, not a second one.

    ``expected_total_minor`` is what the till showed: if the sale comes to something else by now, nothing
    is booked.
    """

    key: str
    given_minor: int
    expected_total_minor: int | None = None


def complete_sale(
    uow: UnitOfWork, ctx: ServiceContext, sale_id: UUID, payment: Payment, staff: StaffMember
) -> Completed | Refused:
    """Book what the quote says.

    Redemptions are booked before the sale's own points: a sale cannot pay for its own reward. Refusals:
    ``sale_unknown``, ``sale_held``, ``sale_closed``, ``sale_empty``, ``sale_changed``,
    ``not_enough_tendered``, ``not_enough_points``.

    Raises:
        ConflictError: The key completed another sale.
    """
    staff.require(Permission.SELL)
    repeated = uow.sales.completed_by_key(payment.key)
    if repeated is not None:
        if repeated.id != sale_id or repeated.receipt is None:
            raise ConflictError("this payment key completed another sale", sale=str(repeated.id))
        return Completed(repeated, repeated.receipt, is_repeated=True)
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    account = _locked_account(uow, sale)
    quote = quote_sale(uow, sale)
    refused = _unpayable(sale, quote, payment)
    if refused is not None:
        return refused
    after = account
    if account is not None and not sale.is_training:
        booked = _book(uow, ctx, sale, quote, account)
        if isinstance(booked, Refused):
            return booked
        after = booked
    return _close(uow, ctx, sale, quote, payment, before=account, after=after)


def _locked_account(uow: UnitOfWork, sale: Sale) -> LoyaltyAccount | None:
    if sale.member is None or sale.member.account_id is None:
        return None
    return uow.accounts.lock(sale.member.account_id)


def _unpayable(sale: Sale, quote: Quote, payment: Payment) -> Refused | None:
    if not sale.lines:
        return Refused(Refusal.SALE_EMPTY)
    if payment.expected_total_minor not in (None, quote.total_minor):
        return Refused(Refusal.SALE_CHANGED, {"total_minor": quote.total_minor})
    if payment.given_minor < quote.total_minor:
        return Refused(
            Refusal.NOT_ENOUGH_TENDERED, {"missing_minor": quote.total_minor - payment.given_minor}
        )
    return None


def _book(
    uow: UnitOfWork, ctx: ServiceContext, sale: Sale, quote: Quote, account: LoyaltyAccount
) -> LoyaltyAccount | Refused:
    """Entries of the sale; the account as it is afterwards."""
    now = ctx.clock.now()
    effective = {discount.source_id: discount for discount in quote.discounts if discount.amount_minor > 0}
    rewards = [reward for reward in sale.rewards if reward.id in effective]
    wanted = sum(reward.points for reward in rewards)
    if take_from_lots(uow.ledger.open_lots_of(account.id), wanted, now) is None:
        return Refused(Refusal.NOT_ENOUGH_POINTS, {"points": wanted, "missing": wanted - account.balance})
    for reward in rewards:
        _redeem(uow, ctx, sale, reward, account.id)
    if quote.points_to_earn > 0:
        uow.ledger.book(
            LedgerEntry(
                id=new_id(),
                account_id=account.id,
                kind=EntryKind.EARN,
                points=quote.points_to_earn,
                booked_at=now,
                source=f"sale:{sale.id}",
                idempotency_key=f"earn:{sale.id}",
                earned_at=now,
                why=quote.points_why,
            )
        )
    after = uow.accounts.get(account.id)
    return after if after is not None else account


def _redeem(uow: UnitOfWork, ctx: ServiceContext, sale: Sale, reward: SaleReward, account_id: UUID) -> None:
    now = ctx.clock.now()
    uses = take_from_lots(uow.ledger.open_lots_of(account_id), reward.points, now)
    if uses is None:
        raise ConflictError("the lots changed while they were held", account=str(account_id))
    uow.ledger.book(
        LedgerEntry(
            id=new_id(),
            account_id=account_id,
            kind=EntryKind.REDEEM,
            points=-reward.points,
            booked_at=now,
            source=f"sale:{sale.id}",
            idempotency_key=f"redeem:{reward.id}",
            uses=uses,
        )
    )


def _close(
    uow: UnitOfWork,
    ctx: ServiceContext,
    sale: Sale,
    quote: Quote,
    payment: Payment,
    *,
    before: LoyaltyAccount | None,
    after: LoyaltyAccount | None,
) -> Completed:
    now = ctx.clock.now()
    receipt = Receipt(
        number=uow.sales.next_receipt_number(),
        completed_at=now,
        quote=quote,
        tender=Tender(TenderKind.CASH, quote.total_minor, payment.given_minor),
        balance_before=before.balance if before is not None else None,
        balance_after=after.balance if after is not None else None,
        is_training=sale.is_training,
    )
    completed = save_change(
        uow,
        replace(sale, state=SaleState.COMPLETED, closed_at=now, completion_key=payment.key, receipt=receipt),
    )
    end_sessions_of(uow, ctx, sale, "paid")
    if sale.member is not None and after is not None and quote.points_to_earn > 0 and not sale.is_training:
        member = uow.customers.member(sale.member.customer_id)
        if member is not None:
            queue_points_earned(uow, ctx, member, sale, points=quote.points_to_earn, balance=after.balance)
    return Completed(completed, receipt)
