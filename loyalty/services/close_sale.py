"""The end of a sale that is paid: redemptions, points, receipt, messages, all in one transaction."""

from dataclasses import dataclass, replace
from datetime import datetime

from loyalty.domain.booking.sale import book_sale
from loyalty.domain.booking.state import AccountState
from loyalty.domain.ledger import LoyaltyAccount
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.pricing.terms import PricingTerms
from loyalty.domain.sale import Receipt, Sale, SaleState
from loyalty.domain.settlement import Settlement
from loyalty.domain.why import Refused
from loyalty.ports.sales import TermsThen
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.activity import note_sale
from loyalty.services.basket import end_sessions_of, save_change
from loyalty.services.context import ServiceContext
from loyalty.services.tell_of_sale import tell_of_sale


@dataclass(frozen=True, slots=True)
class Completed:
    """A completed sale; ``is_repeated`` where the same key had completed it before."""

    sale: Sale
    receipt: Receipt
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class Priced:
    """A sale with what it comes to and the terms that said so; both are kept."""

    sale: Sale
    quote: Quote
    terms: PricingTerms


def lock_account(uow: UnitOfWork, sale: Sale) -> LoyaltyAccount | None:
    """The account of the sale's member, held from here on: pricing and booking see the same points."""
    if sale.member is None or sale.member.account_id is None:
        return None
    return uow.accounts.lock(sale.member.account_id)


def account_state(uow: UnitOfWork, account: LoyaltyAccount) -> AccountState:
    """What the account holds now."""
    return AccountState(account.id, account.balance, tuple(uow.ledger.open_lots_of(account.id)))


def close_sale(
    uow: UnitOfWork,
    ctx: ServiceContext,
    priced: Priced,
    settlement: Settlement,
    *,
    key: str,
    account: LoyaltyAccount | None,
) -> Completed | Refused:
    """Book what the quote says; ``account`` is the locked one. Refused: ``not_enough_points``."""
    sale, quote = priced.sale, priced.quote
    now = ctx.clock.now()
    before = after_redeeming = after = account.balance if account is not None else None
    if account is not None and not sale.is_training:
        booking = book_sale(
            account_state(uow, account), sale, quote, at=now, expires_at=expiry_of(priced.terms, ctx)
        )
        if isinstance(booking, Refused):
            return booking
        for entry in booking.entries:
            uow.ledger.book(entry)
        after = booking.after.balance
        after_redeeming = after - quote.points_to_earn
    receipt = Receipt(
        number=uow.sales.next_receipt_number(is_training=sale.is_training),
        completed_at=now,
        quote=quote,
        tender=settlement.tenders[0],
        balance_before=before,
        balance_after=after,
        is_training=sale.is_training,
        tenders=settlement.tenders if len(settlement.tenders) > 1 else (),
        tip_minor=settlement.tip_minor,
        cash_rounding_minor=settlement.cash_rounding_minor,
    )
    completed = save_change(
        uow, replace(sale, state=SaleState.COMPLETED, closed_at=now, completion_key=key, receipt=receipt)
    )
    note_sale(uow, completed)
    uow.sales.keep_terms(sale.id, terms_then(priced.terms))
    end_sessions_of(uow, ctx, sale, "paid")
    if account is not None and not sale.is_training:
        note_promotion(uow, sale, quote)
        tell_of_sale(uow, ctx, completed, account, balance=after or 0, before_earning=after_redeeming or 0)
    return Completed(completed, receipt)


def note_promotion(uow: UnitOfWork, sale: Sale, quote: Quote) -> None:
    """Count the promotion that the sale had towards the customer's limit, in the sale's transaction."""
    account_id = sale.member.account_id if sale.member is not None else None
    if quote.promotion_id is not None and account_id is not None:
        uow.promotions.note_use(quote.promotion_id, account_id, sale.id, sale.opened_at)


def expiry_of(terms: PricingTerms, ctx: ServiceContext) -> datetime | None:
    """When points earned now expire under the programme's policy."""
    if terms.programme is None:
        return None
    return terms.programme.expiry.expires_at(ctx.clock.now(), terms.timezone)


def terms_then(terms: PricingTerms, *, attached_late: bool = False) -> TermsThen:
    """What is kept of the terms, so that the day can be reckoned again (row 174)."""
    return TermsThen(
        programme_version=terms.programme.version if terms.programme is not None else None,
        groups=terms.groups,
        trust=terms.trust,
        timezone=terms.timezone,
        promotion_history={each: tuple(had) for each, had in terms.promotion_history.items()},
        attached_late=attached_late,
    )
