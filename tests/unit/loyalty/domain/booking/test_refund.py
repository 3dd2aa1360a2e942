from datetime import timedelta

from loyalty.domain.booking.expire import expire_lots
from loyalty.domain.booking.refund import book_refund, gain_of_sale, moved_points, reverse_gain
from loyalty.domain.ledger import EntryKind
from loyalty.domain.sale import Sale
from loyalty.domain.why import WhyCode
from runtime.ids import new_id
from tests.unit.loyalty.domain.booking.account import Account, buy, lots, points_reward
from tests.unit.loyalty.domain.build import AT, PARIS

SOON = AT + timedelta(days=10)


def give_back(account: Account, done: Sale, base: int, promotion: int = 0, *, rewards: bool = False) -> None:
    account.book(
        book_refund(
            account.id,
            account.entries,
            sale_id=done.id,
            refund_id=new_id(),
            base_points_in_all=base,
            promotion_points_in_all=promotion,
            returned_reward_ids=[each.id for each in done.rewards] if rewards else [],
            at=AT,
        )
    )


def test_a_refund_takes_the_points_from_the_lot_that_the_sale_filled() -> None:
    # row 175, X12
    account = Account()
    buy(account, 5, expires_at=SOON)
    second = buy(account, 10)
    give_back(account, second, 10)
    assert account.balance == 5
    assert list(lots(account).values()) == [5]
    assert account.entries[-1].corrects == account.entry(f"earn:{second.id}").id


def test_spent_points_are_taken_from_other_lots_and_then_the_balance_goes_below_zero() -> None:
    # X12
    account = Account()
    first = buy(account, 10)
    buy(account, 3)
    buy(account, 0, points_reward(10))
    give_back(account, first, 10)
    assert (account.balance, account.state.debt, lots(account)) == (-7, 7, {})


def test_the_next_points_pay_the_debt_and_say_so() -> None:
    # rows 173, 175
    account = Account()
    first = buy(account, 10)
    buy(account, 0, points_reward(10))
    give_back(account, first, 10)
    buy(account, 4)
    assert (account.balance, account.state.debt, account.state.usable(AT)) == (-6, 6, 0)
    buy(account, 10)
    assert (account.balance, account.state.debt, account.state.usable(AT)) == (4, 0, 4)
    assert account.entries[-1].why[-1].code is WhyCode.DEBT_PAID
    assert account.entries[-1].why[-1].params == {"points": 6}


def test_several_partial_refunds_take_no_more_than_the_sale_gave() -> None:
    account = Account()
    done = buy(account, 10, promotion=10)
    give_back(account, done, 3, 4)
    assert account.balance == 13
    give_back(account, done, 10, 10)
    give_back(account, done, 99, 99)
    assert account.balance == 0


def test_the_reward_comes_back_into_lots_of_its_own_age_and_expiry() -> None:
    # row 175, X12
    account = Account()
    buy(account, 6, expires_at=SOON)
    buy(account, 6)
    used = buy(account, 2, points_reward(10))
    give_back(account, used, 2, rewards=True)
    assert account.balance == 12
    returned = [entry for entry in account.entries if entry.kind is EntryKind.RETURN]
    assert [(each.points, each.expires_at) for each in returned] == [(6, SOON), (4, None)]
    assert all(each.earned_at == AT for each in returned)


def test_a_reward_comes_back_once() -> None:
    account = Account()
    buy(account, 10)
    used = buy(account, 0, points_reward(10))
    give_back(account, used, 0, rewards=True)
    give_back(account, used, 0, rewards=True)
    assert account.balance == 10


def test_points_of_a_reward_whose_time_is_over_come_back_and_expire_at_once() -> None:
    account = Account()
    buy(account, 10, expires_at=SOON)
    used = buy(account, 0, points_reward(10))
    give_back(account, used, 0, rewards=True)
    assert account.state.usable(SOON) == 0
    account.book(expire_lots(account.state, SOON, PARIS))
    assert account.balance == 0


def test_expired_points_are_not_taken_a_second_time() -> None:
    # X12: of ten, four were spent and six expired; the refund owes the four
    account = Account()
    done = buy(account, 10, expires_at=SOON)
    buy(account, 0, points_reward(4))
    account.book(expire_lots(account.state, SOON, PARIS))
    give_back(account, done, 3)
    assert account.balance == 0
    give_back(account, done, 10)
    assert account.balance == -4


def test_refund_before_or_after_expiry_comes_to_the_same() -> None:
    for refund_first in (True, False):
        account = Account()
        done = buy(account, 10, expires_at=SOON)
        buy(account, 5)
        if refund_first:
            give_back(account, done, 4)
        account.book(expire_lots(account.state, SOON, PARIS))
        if not refund_first:
            give_back(account, done, 4)
        assert account.balance == 5


def test_a_returned_reward_pays_a_debt_first() -> None:
    account = Account()
    first = buy(account, 10)
    used = buy(account, 0, points_reward(10))
    give_back(account, first, 10)
    assert account.balance == -10
    give_back(account, used, 0, rewards=True)
    assert (account.balance, account.state.debt, lots(account)) == (0, 0, {})


def test_nothing_is_taken_for_a_sale_that_gave_nothing() -> None:
    account = Account()
    done = buy(account, 0)
    give_back(account, done, 10, 10)
    assert account.entries == []
    assert gain_of_sale(done.id, account.entries, EntryKind.EARN) is None


def test_a_refund_delivered_twice_takes_the_points_once() -> None:
    account = Account()
    done = buy(account, 10)
    gain, refund_id = account.entry(f"earn:{done.id}"), new_id()
    for _ in range(2):
        account.book([reverse_gain(account.id, account.entries, gain, 6, refund_id=refund_id, at=AT)])
    assert account.balance == 4
    assert moved_points(gain, account.entries) == 0
