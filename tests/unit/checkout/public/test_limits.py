"""How often somebody may ask: bursts, recovery, and memory that does not grow."""

import sys

from hypothesis import given
from hypothesis import strategies as st

from checkout.public.limits import RateLimiter


def test_a_burst_is_let_through_and_then_one_at_a_time() -> None:
    # row 196
    limiter = RateLimiter(10)
    assert [limiter.wait_s("a", 0.0) for _ in range(10)] == [0.0] * 10
    assert 0 < limiter.wait_s("a", 0.0) <= 6.0
    assert limiter.wait_s("a", 6.0) == 0.0
    assert limiter.wait_s("a", 6.0) > 0


def test_who_keeps_asking_is_not_locked_out_for_longer() -> None:
    limiter = RateLimiter(10)
    waits = [limiter.wait_s("a", 0.0) for _ in range(500)]
    assert max(waits) <= 6.0


def test_one_flood_does_not_slow_another_caller() -> None:
    limiter = RateLimiter(10)
    for _ in range(100):
        limiter.wait_s("flood", 0.0)
    assert limiter.wait_s("somebody", 0.0) == 0.0


def test_a_thousand_flooding_addresses_leave_nearly_everybody_else_alone() -> None:
    # row 196
    limiter = RateLimiter(10)
    for caller in range(1000):
        for _ in range(12):
            limiter.wait_s(f"flood {caller}", 0.0)
    slowed = sum(limiter.wait_s(f"customer {number}", 0.0) > 0 for number in range(1000))
    assert slowed < 30


def test_memory_stays_the_same_however_many_ask() -> None:
    # row 196
    limiter = RateLimiter(10)
    before = sys.getsizeof(limiter._due)
    for caller in range(20_000):
        limiter.wait_s(str(caller), 0.0)
    assert sys.getsizeof(limiter._due) == before
    assert {type(value) for value in vars(limiter).values()}.isdisjoint({dict, list, set})


@given(
    st.lists(st.tuples(st.text(max_size=20), st.floats(0, 1000, allow_nan=False)), min_size=1, max_size=60)
)
def test_any_keys_and_times_give_a_wait_of_at_most_a_minute(asked: list[tuple[str, float]]) -> None:
    limiter = RateLimiter(3, places=64)
    for key, at in sorted(asked, key=lambda pair: pair[1]):
        assert 0.0 <= limiter.wait_s(key, at) <= 60.0
