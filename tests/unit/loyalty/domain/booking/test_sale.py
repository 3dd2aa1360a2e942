from datetime import timedelta

from loyalty.domain.booking.sale import book_sale
from loyalty.domain.ledger import EntryKind
from loyalty.domain.why import Refusal, WhyCode
from tests.unit.loyalty.domain.booking.account import Account, buy, completed, points_reward, quote, refusal
from tests.unit.loyalty.domain.build import AT


def test_rule_and_promotion_are_two_entries_each_with_its_reason() -> None:
    # rows 134, 173
    account = Account()
    buy(account, 4, promotion=2)
    assert [(each.kind, each.points) for each in account.entries] == [
        (EntryKind.EARN, 4),
        (EntryKind.PROMOTION, 2),
    ]
    assert [each.why[0].code for each in account.entries] == [
        WhyCode.POINTS_BY_AMOUNT,
        WhyCode.PROMOTION_ADDED,
    ]


def test_a_sale_cannot_pay_for_its_own_reward() -> None:
    account = Account()
    buy(account, 9)
    basket = completed(points_reward(10))
    refused = refusal(book_sale(account.state, basket, quote(basket, 100), at=AT, expires_at=None))
    assert (refused.reason, refused.params) == (Refusal.NOT_ENOUGH_POINTS, {"points": 10, "missing": 1})


def test_two_rewards_are_paid_together_or_not_at_all() -> None:
    # row 149
    account = Account()
    buy(account, 15)
    basket = completed(points_reward(10), points_reward(10))
    assert (
        refusal(book_sale(account.state, basket, quote(basket), at=AT, expires_at=None)).params["missing"]
        == 5
    )
    buy(account, 5)
    buy(account, 3, points_reward(10), points_reward(10))
    assert (account.balance, account.points_of(EntryKind.REDEEM)) == (3, [-10, -10])


def test_points_that_expire_soonest_are_used_first_and_those_that_never_do_last() -> None:
    account = Account()
    for points, expires_at in ((1, None), (2, AT + timedelta(days=20)), (3, AT + timedelta(days=10))):
        buy(account, points, expires_at=expires_at)
    buy(account, 0, points_reward(4))
    assert [lot.remaining for lot in account.state.lots] == [1, 1]
    assert account.state.lots[0].expires_at is None


def test_expired_points_pay_for_nothing_even_before_the_expiry_run() -> None:
    account = Account()
    buy(account, 10, expires_at=AT + timedelta(days=1))
    basket = completed(points_reward(10))
    late = AT + timedelta(days=1)
    refused = refusal(book_sale(account.state, basket, quote(basket), at=late, expires_at=None))
    assert refused.reason is Refusal.NOT_ENOUGH_POINTS
    assert account.state.usable(late - timedelta(microseconds=1)) == 10


def test_booking_a_sale_again_books_nothing() -> None:
    account = Account()
    basket = completed()
    for _ in range(2):
        booked = book_sale(account.state, basket, quote(basket, 5, 5), at=AT, expires_at=None)
        account.book(booked.entries)  # type: ignore[union-attr]
    assert account.balance == 10


def test_a_sale_that_earns_nothing_books_nothing() -> None:
    account = Account()
    buy(account, 0)
    assert account.entries == []
