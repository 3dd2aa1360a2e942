from datetime import datetime, timedelta

from loyalty.domain.booking.expire import expire_lots, expiring_points
from loyalty.domain.expiry import MonthsToEnd
from loyalty.domain.ledger import EntryKind
from loyalty.domain.why import WhyCode
from tests.unit.loyalty.domain.booking.account import Account, buy, points_reward
from tests.unit.loyalty.domain.build import AT, PARIS


def test_what_is_left_of_a_lot_expires_and_the_reason_names_its_days() -> None:
    # rows 164, 173
    account = Account()
    expires_at = MonthsToEnd(12).expires_at(AT, PARIS)
    buy(account, 10, expires_at=expires_at)
    buy(account, 7)
    buy(account, 0, points_reward(4))
    assert expires_at is not None
    account.book(expire_lots(account.state, expires_at, PARIS))
    assert (account.balance, account.points_of(EntryKind.EXPIRE)) == (7, [-6])
    why = account.entries[-1].why[0]
    assert why.code is WhyCode.POINTS_EXPIRED
    assert why.params == {"points": 6, "earned_on": "2026-03-02", "expired_on": "2027-04-01"}


def test_not_a_moment_before_and_not_twice() -> None:
    account = Account()
    expires_at = AT + timedelta(days=1)
    buy(account, 10, expires_at=expires_at)
    assert expire_lots(account.state, expires_at - timedelta(microseconds=1), PARIS) == ()
    same_run = expire_lots(account.state, expires_at, PARIS)
    account.book(same_run)
    account.book(same_run)
    account.book(expire_lots(account.state, expires_at + timedelta(days=9), PARIS))
    assert account.balance == 0


def test_a_clock_that_jumps_back_brings_no_point_back_and_takes_none() -> None:
    account = Account()
    buy(account, 10, expires_at=AT + timedelta(days=1))
    account.book(expire_lots(account.state, AT + timedelta(days=2), PARIS))
    assert expire_lots(account.state, AT - timedelta(days=365), PARIS) == ()
    assert account.balance == 0


def test_points_about_to_expire_are_summed_by_the_last_day_on_which_they_are_good() -> None:
    # rows 159, 164
    account = Account()
    soon = datetime.fromisoformat("2026-03-31T22:00:00+00:00")  # 1 April in Paris
    buy(account, 10, expires_at=soon)
    buy(account, 5, expires_at=soon)
    buy(account, 3, expires_at=soon + timedelta(days=30))
    buy(account, 99)
    expiring = expiring_points(account.state.lots, AT, timedelta(days=30), PARIS)
    assert [(each.points, each.last_day.isoformat()) for each in expiring] == [(15, "2026-03-31")]
    both = expiring_points(account.state.lots, AT, timedelta(days=90), PARIS)
    assert [each.points for each in both] == [15, 3]
