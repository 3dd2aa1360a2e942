from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.money import divide_half_up, share_of, split_in_proportion

WEIGHTS = st.lists(st.integers(0, 10_000_00), min_size=1, max_size=40)


def test_halves_are_rounded_away_from_zero() -> None:
    assert [divide_half_up(n, 2) for n in (-3, -1, 1, 3)] == [-2, -1, 1, 2]


def test_a_rate_with_three_decimals_is_exact() -> None:
    assert share_of(10_000, 99_750) == 998  # 9.975 % of 100.00


def test_one_cent_among_three_goes_to_the_first() -> None:
    assert split_in_proportion(1, [5, 5, 5]) == (1, 0, 0)


@given(WEIGHTS, st.data())
def test_shares_add_up_to_the_cent_and_none_exceeds_its_weight(
    weights: list[int], data: st.DataObject
) -> None:
    total = data.draw(st.integers(0, sum(weights)))
    shares = split_in_proportion(total, weights)
    assert sum(shares) == total
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))


@given(WEIGHTS)
def test_the_whole_is_shared_out_as_it_was(weights: list[int]) -> None:
    assert split_in_proportion(sum(weights), weights) == tuple(weights)
