from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from loyalty.domain.booking.expire import expire_lots
from loyalty.domain.booking.refund import book_refund
from loyalty.domain.ledger import EntryKind
from loyalty.domain.reports.points import (
    PointFigures,
    figures_by,
    figures_by_day,
    point_figures,
    points_by_kind,
)
from loyalty.domain.reports.visits import LoyaltyVisit, UnusualDay, qualifying_visits_by_month, unusual_days
from loyalty.errors import InvalidValueError
from runtime.ids import new_id
from tests.unit.loyalty.domain.booking.account import Account, buy, points_reward
from tests.unit.loyalty.domain.build import AT, MONTREAL, PARIS, named

ANNE, BASILE = named("Anne"), named("Basile")


def visit(account: UUID = ANNE, at: datetime = AT, points: int = 1, rewards: int = 0) -> LoyaltyVisit:
    return LoyaltyVisit(new_id(), account, at, points, rewards)


def test_five_earning_visits_in_a_day_of_the_shop_are_flagged_and_four_are_not() -> None:
    # row 185
    five = [visit(at=AT + timedelta(hours=hour)) for hour in range(5)]
    four = [visit(BASILE, AT + timedelta(hours=hour)) for hour in range(4)]
    assert unusual_days([*five, *four], PARIS) == (UnusualDay(ANNE, date(2026, 3, 2), 5),)


def test_visits_that_earned_nothing_are_not_counted_and_a_day_ends_at_the_shops_midnight() -> None:
    # row 185
    late = datetime(2026, 3, 3, 4, 30, tzinfo=UTC)  # still 2 March in Montréal
    visits = [visit(at=late) for _ in range(4)]
    assert unusual_days([*visits, visit(at=late, points=0)], MONTREAL) == ()
    assert unusual_days([*visits, visit(at=AT)], MONTREAL) == (UnusualDay(ANNE, date(2026, 3, 2), 5),)
    assert unusual_days([*visits, visit(at=AT)], PARIS) == ()


def test_the_shop_chooses_the_threshold_from_two_on() -> None:
    assert len(unusual_days([visit(), visit()], PARIS, threshold=2)) == 1
    with pytest.raises(InvalidValueError):
        unusual_days([], PARIS, threshold=1)


def test_visits_with_points_or_a_reward_count_by_the_shops_month() -> None:
    # row 166
    turn = datetime(2026, 4, 1, 3, 0, tzinfo=UTC)  # 31 March, 23:00 in Montréal
    visits = [
        visit(),
        visit(points=0, rewards=1),
        visit(points=0),
        visit(at=turn),
        visit(at=turn + timedelta(hours=1)),
    ]
    assert qualifying_visits_by_month(visits, MONTREAL) == {date(2026, 3, 1): 3, date(2026, 4, 1): 1}


def test_figures_are_issued_redeemed_expired_and_by_hand_and_explain_the_balance() -> None:
    account = Account()
    buy(account, 30, promotion=10, expires_at=AT + timedelta(days=1))
    used = buy(account, 0, points_reward(8))
    buy(account, 20)
    account.book(
        book_refund(
            account.id, account.entries, sale_id=used.id, refund_id=new_id(), base_points_in_all=0,
            promotion_points_in_all=0, returned_reward_ids=[used.rewards[0].id], at=AT,
        )
    )  # fmt: skip
    buy(account, 0, points_reward(12))
    account.book(expire_lots(account.state, AT + timedelta(days=1), PARIS))
    figures = point_figures(account.entries)
    assert figures == PointFigures(issued=60, redeemed=12, expired=28, by_hand=0)
    assert figures.change == account.balance == 20
    assert figures.redemption_rate_ppm == 200_000
    assert PointFigures().redemption_rate_ppm is None
    assert points_by_kind(account.entries)[EntryKind.RETURN] == 8
    by_day = figures_by_day(account.entries, PARIS)
    assert list(by_day) == [date(2026, 3, 2), date(2026, 3, 3)]
    assert by_day[date(2026, 3, 3)].expired == 28


def test_activity_is_summed_by_whatever_is_asked_for() -> None:
    # row 126
    anne, basile = Account("Anne"), Account("Basile")
    buy(anne, 30)
    buy(basile, 7)
    buy(anne, 0, points_reward(10))
    entries = [*anne.entries, *basile.entries]
    by_member = figures_by(entries, lambda entry: entry.account_id)
    assert by_member == {anne.id: PointFigures(30, 10), basile.id: PointFigures(7)}
    lane_of = {anne.entries[0].source: 1}
    assert figures_by(entries, lambda entry: lane_of.get(entry.source)) == {1: PointFigures(30)}
