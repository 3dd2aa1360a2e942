"""An account in memory that books like the ledger does, and short makers of what is booked."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from loyalty.domain.booking.sale import SaleBooking, book_sale
from loyalty.domain.booking.state import AccountState, state_of
from loyalty.domain.ledger import EntryKind, LedgerEntry, remainders_of
from loyalty.domain.pricing.quote import DiscountKind, Quote, QuotedDiscount
from loyalty.domain.rewards import AmountOffSale
from loyalty.domain.sale import Sale, SaleReward
from loyalty.domain.why import Refused, Why, WhyCode
from runtime.ids import new_id
from tests.unit.loyalty.domain.build import AT, member, named, sale


class Account:
    """One account. Booking an idempotency key again books nothing; no lot may fall below zero."""

    def __init__(self, name: str = "account") -> None:
        self.id = named(name)
        self.entries: list[LedgerEntry] = []
        self.cached = AccountState(self.id, 0)

    @property
    def state(self) -> AccountState:
        return state_of(self.id, self.entries)

    @property
    def balance(self) -> int:
        return sum(entry.points for entry in self.entries)

    def book(self, entries: Iterable[LedgerEntry | None]) -> int:
        """Book what is new; returns how many entries were."""
        count = 0
        for entry in entries:
            if entry is None or any(each.idempotency_key == entry.idempotency_key for each in self.entries):
                continue
            assert entry.account_id == self.id
            assert entry.points != 0
            self.entries.append(entry)
            assert min(remainders_of(self.entries).values(), default=0) >= 0, "a lot is below zero"
            self.cached = self.cached.after(entry)
            count += 1
        return count

    def entry(self, key: str) -> LedgerEntry:
        return next(each for each in self.entries if each.idempotency_key == key)

    def points_of(self, kind: EntryKind) -> list[int]:
        return [entry.points for entry in self.entries if entry.kind is kind]


def completed(*rewards: SaleReward) -> Sale:
    return sale(who=member(), rewards=rewards)


def points_reward(points: int) -> SaleReward:
    return SaleReward(new_id(), named("tier"), "Récompense", points, AmountOffSale(100))


def quote(done: Sale, base: int = 0, promotion: int = 0) -> Quote:
    discounts = tuple(
        QuotedDiscount(DiscountKind.REWARD, each.id, each.name, 100, (Why(WhyCode.REWARD),))
        for each in done.rewards
    )
    why = (
        Why(WhyCode.POINTS_BY_AMOUNT, {"points": base}),
        Why(WhyCode.PROMOTION_ADDED, {"points": promotion}),
    )
    return Quote(
        lines=(),
        subtotal_minor=1000,
        discounts=discounts,
        proposal=None,
        discount_minor=0,
        taxes=(),
        total_minor=1000,
        points_to_redeem=sum(each.points for each in done.rewards),
        points_to_earn=base + promotion,
        points_why=why,
        promotion_points=promotion,
    )


def buy(
    account: Account,
    base: int,
    *rewards: SaleReward,
    promotion: int = 0,
    at: datetime = AT,
    expires_at: datetime | None = None,
) -> Sale:
    """A sale that the account could pay for, booked."""
    done = completed(*rewards)
    booked = book_sale(account.state, done, quote(done, base, promotion), at=at, expires_at=expires_at)
    assert isinstance(booked, SaleBooking)
    account.book(booked.entries)
    return done


def refusal(result: object) -> Refused:
    assert isinstance(result, Refused)
    return result


def lots(account: Account) -> dict[UUID, int]:
    return {lot.id: lot.remaining for lot in account.state.lots}
