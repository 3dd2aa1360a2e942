from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.ledger import Lot, take_from_lots, usable_points
from runtime.ids import new_id

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def lot(remaining: int, *, earned_day: int = 0, expires_day: int | None = None) -> Lot:
    expires_at = NOW + timedelta(days=expires_day) if expires_day is not None else None
    return Lot(new_id(), remaining, NOW + timedelta(days=earned_day), expires_at)


def test_the_soonest_expiry_is_used_first_then_the_oldest_then_what_never_expires() -> None:
    never = lot(5, earned_day=-90)
    late = lot(5, expires_day=60)
    soon_young = lot(5, earned_day=-1, expires_day=10)
    soon_old = lot(5, earned_day=-9, expires_day=10)
    uses = take_from_lots([never, late, soon_young, soon_old], 17, NOW)
    assert uses is not None
    assert [(use.lot_id, use.points) for use in uses] == [
        (soon_old.id, 5),
        (soon_young.id, 5),
        (late.id, 5),
        (never.id, 2),
    ]


def test_expired_points_pay_for_nothing() -> None:
    lots = [lot(10, expires_day=0), lot(3, expires_day=1)]
    assert usable_points(lots, NOW) == 3
    assert take_from_lots(lots, 4, NOW) is None


def test_too_few_points_take_nothing() -> None:
    assert take_from_lots([lot(4)], 5, NOW) is None


LOTS = st.lists(
    st.builds(
        lambda remaining, earned, expires: lot(remaining, earned_day=-earned, expires_day=expires),
        st.integers(0, 50),
        st.integers(0, 400),
        st.none() | st.integers(-30, 400),
    ),
    max_size=12,
)


@given(LOTS, st.integers(0, 400), st.randoms())
def test_a_redemption_takes_exactly_its_points_and_no_lot_falls_below_zero(
    lots: list[Lot], points: int, random: object
) -> None:
    uses = take_from_lots(lots, points, NOW)
    if uses is None:
        assert usable_points(lots, NOW) < points
        return
    assert sum(use.points for use in uses) == points
    by_id = {held.id: held.remaining for held in lots}
    assert all(0 < use.points <= by_id[use.lot_id] for use in uses)
    shuffled = list(lots)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert take_from_lots(shuffled, points, NOW) == uses
