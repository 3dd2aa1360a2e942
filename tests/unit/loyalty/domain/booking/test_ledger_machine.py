"""Everything that can happen to an account, in any order, as often as it is delivered (row 175)."""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from loyalty.domain.booking.by_hand import adjust
from loyalty.domain.booking.expire import expire_lots
from loyalty.domain.booking.refund import book_refund
from loyalty.domain.booking.sale import book_sale
from loyalty.domain.ledger import EntryKind, LedgerEntry, balance_of, remainders_of
from loyalty.domain.sale import Sale
from loyalty.domain.why import Refused
from runtime.ids import new_id
from tests.unit.loyalty.domain.booking.account import Account, completed, lots, points_reward, quote
from tests.unit.loyalty.domain.build import AT, PARIS, staff

DAYS_GOOD = st.sampled_from([None, 1, 20, 40])
EXAMPLES = 1000 if os.environ.get("CI") else 100


@dataclass
class Sold:
    """A sale of the machine, and what refunds took back of it so far."""

    sale: Sale
    base: int
    promotion: int
    base_back: int = 0
    promotion_back: int = 0
    is_whole_back: bool = False
    bookings: list[tuple[LedgerEntry, ...]] = field(default_factory=list)


class LedgerMachine(RuleBasedStateMachine):
    """One account, moved by every rule of ``loyalty.domain.booking``."""

    sales: Bundle[Sold] = Bundle("sales")

    def __init__(self) -> None:
        super().__init__()
        self.account = Account()
        self.now = AT
        self.by_hand = 0
        self.all_sales: list[Sold] = []
        self.deliveries: list[tuple[LedgerEntry, ...]] = []

    def _deliver(self, entries: tuple[LedgerEntry, ...]) -> None:
        self.account.book(entries)
        self.deliveries.append(entries)

    @rule(
        target=sales,
        base=st.integers(1, 30),
        promotion=st.sampled_from([0, 7]),
        costs=st.sampled_from([[], [], [5], [20], [3, 3]]),
        good_for_days=DAYS_GOOD,
    )
    def buy(self, base: int, promotion: int, costs: list[int], good_for_days: int | None) -> Sold:
        expires_at = self.now + timedelta(days=good_for_days) if good_for_days is not None else None
        done = completed(*(points_reward(points) for points in costs))
        usable = self.account.state.usable(self.now)
        booked = book_sale(
            self.account.state, done, quote(done, base, promotion), at=self.now, expires_at=expires_at
        )
        if isinstance(booked, Refused):
            assert sum(costs) > usable
            done = completed()
            booked = book_sale(
                self.account.state, done, quote(done, base, promotion), at=self.now, expires_at=expires_at
            )
            assert not isinstance(booked, Refused)
        self._deliver(booked.entries)
        sold = Sold(done, base, promotion)
        self.all_sales.append(sold)
        return sold

    @rule(sold=sales, base=st.integers(0, 30), promotion=st.integers(0, 10))
    def refund_a_part(self, sold: Sold, base: int, promotion: int) -> None:
        if not sold.is_whole_back:
            sold.base_back = min(sold.base, sold.base_back + base)
            sold.promotion_back = min(sold.promotion, sold.promotion_back + promotion)
            self._refund(sold, [])

    @rule(sold=consumes(sales))
    def refund_the_rest(self, sold: Sold) -> None:
        self._refund_whole(sold)

    @rule(points=st.sampled_from([-20, -3, 4, 20]), good_for_days=DAYS_GOOD)
    def adjust_by_hand(self, points: int, good_for_days: int | None) -> None:
        expires_at = self.now + timedelta(days=good_for_days) if good_for_days is not None else None
        entry = adjust(
            self.account.state,
            points,
            "Geste",
            staff=staff(),
            key=str(new_id()),
            at=self.now,
            expires_at=expires_at,
        )
        if isinstance(entry, LedgerEntry):
            self._deliver((entry,))
            self.by_hand += points

    @rule(days=st.sampled_from([0, 1, 20]))
    def let_time_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(days=st.sampled_from([0, 1, 40]))
    def expire(self, days: int) -> None:
        self.now += timedelta(days=days)
        self._deliver(expire_lots(self.account.state, self.now, PARIS))

    @rule(data=st.data())
    def deliver_something_again(self, data: st.DataObject) -> None:
        if self.deliveries:
            before = (self.account.balance, lots(self.account))
            assert self.account.book(data.draw(st.sampled_from(self.deliveries))) == 0
            assert (self.account.balance, lots(self.account)) == before

    @invariant()
    def the_balance_is_the_sum_of_the_entries_and_of_the_lots_less_the_debt(self) -> None:
        state = self.account.state
        assert state.balance == balance_of(self.account.entries)
        assert state.balance == sum(lots(self.account).values()) - state.debt
        assert state.debt >= 0

    @invariant()
    def no_lot_is_below_zero_or_above_what_it_was(self) -> None:
        gains = {entry.id: entry.points for entry in self.account.entries if entry.points > 0}
        for lot_id, left in remainders_of(self.account.entries).items():
            assert 0 <= left <= gains[lot_id]

    @invariant()
    def who_owes_has_nothing_to_spend_and_owes_through_a_refund(self) -> None:
        state = self.account.state
        if state.debt > 0:
            assert lots(self.account) == {}
            assert self.account.points_of(EntryKind.REVERSE)

    @invariant()
    def the_caches_are_what_the_entries_say(self) -> None:
        assert self.account.cached == self.account.state

    @invariant()
    def no_key_is_booked_twice(self) -> None:
        keys = [entry.idempotency_key for entry in self.account.entries]
        assert len(keys) == len(set(keys))

    @invariant()
    def no_sale_gives_back_more_than_it_gave(self) -> None:
        for sold in self.all_sales:
            gain = {
                each.id: each.points for each in self.account.entries if each.source == f"sale:{sold.sale.id}"
            }
            back = [
                each
                for each in self.account.entries
                if each.corrects in gain and each.kind is EntryKind.REVERSE
            ]
            assert -sum(each.points for each in back) <= sold.base_back + sold.promotion_back

    def teardown(self) -> None:
        """Everything bought comes back: the account is where it began, but for what was given by hand."""
        for sold in reversed(self.all_sales):
            if not sold.is_whole_back:
                self._refund_whole(sold)
        expired = -sum(self.account.points_of(EntryKind.EXPIRE))
        assert self.by_hand - expired <= self.account.balance <= self.by_hand
        if expired == 0:
            assert self.account.balance == self.by_hand
        elif self._nothing_was_spent():
            assert self.account.balance == self.by_hand - self._expired_of_gifts()

    def _nothing_was_spent(self) -> bool:
        """No refund came after its points had been used, so that nothing else paid for it."""
        return not any(
            entry.kind is EntryKind.REDEEM or (entry.kind is EntryKind.ADJUST and entry.points < 0)
            for entry in self.account.entries
        )

    def _expired_of_gifts(self) -> int:
        """Points that expired and that no refund could ask back: those given by hand."""
        by_hand = {entry.id for entry in self.account.entries if entry.kind is EntryKind.ADJUST}
        return sum(
            use.points
            for entry in self.account.entries
            if entry.kind is EntryKind.EXPIRE
            for use in entry.uses
            if self._root(use.lot_id) in by_hand
        )

    def _root(self, lot_id: UUID) -> UUID:
        """The lot that the points were in at first."""
        origins = {entry.id: entry.origin_lot for entry in self.account.entries}
        while (origin := origins[lot_id]) is not None:
            lot_id = origin
        return lot_id

    def _refund_whole(self, sold: Sold) -> None:
        sold.base_back, sold.promotion_back, sold.is_whole_back = sold.base, sold.promotion, True
        self._refund(sold, [each.id for each in sold.sale.rewards])

    def _refund(self, sold: Sold, rewards: list[UUID]) -> None:
        self._deliver(
            book_refund(
                self.account.id,
                self.account.entries,
                sale_id=sold.sale.id,
                refund_id=new_id(),
                base_points_in_all=sold.base_back,
                promotion_points_in_all=sold.promotion_back,
                returned_reward_ids=rewards,
                at=self.now,
            )
        )


def test_an_account_through_everything_that_can_happen_to_it() -> None:
    # rows 174, 175
    thorough = settings(max_examples=EXAMPLES, stateful_step_count=30, deadline=None)
    run_state_machine_as_test(LedgerMachine, settings=thorough)  # type: ignore[no-untyped-call]


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(st.tuples(st.integers(1, 50), st.none() | st.integers(1, 40)), min_size=1, max_size=8),
    st.integers(0, 400),
    st.randoms(use_true_random=False),
)
def test_sales_that_arrive_late_or_twice_or_in_another_order_come_to_the_same(
    gains: list[tuple[int, int | None]], spent: int, random: object
) -> None:
    # row 174
    bookings: list[tuple[LedgerEntry, ...]] = []
    for number, (points, days) in enumerate(gains):
        at = AT + timedelta(minutes=number)
        done = completed()
        expires_at = at + timedelta(days=days) if days is not None else None
        booked = book_sale(Account().state, done, quote(done, points), at=at, expires_at=expires_at)
        assert not isinstance(booked, Refused)
        bookings.append(booked.entries)
    in_order = _delivered(bookings)
    twice = [*bookings, *bookings]
    random.shuffle(twice)  # type: ignore[attr-defined]
    shuffled = _delivered(twice)
    assert shuffled.balance == in_order.balance
    assert lots(shuffled) == lots(in_order)
    assert _spent(shuffled, spent) == _spent(in_order, spent)
    assert _left_after_expiry(shuffled, AT + timedelta(days=20)) == _left_after_expiry(
        in_order, AT + timedelta(days=20)
    )


def _delivered(bookings: list[tuple[LedgerEntry, ...]]) -> Account:
    account = Account()
    for entries in bookings:
        account.book(entries)
    return account


def _spent(account: Account, points: int) -> object:
    return account.state.take(points, AT + timedelta(hours=1))


def _left_after_expiry(account: Account, now: datetime) -> dict[UUID, int]:
    account.book(expire_lots(account.state, now, PARIS))
    return lots(account)
