from datetime import UTC, datetime

from tests.fakes.clock import FakeClock


def test_both_times_move_together_and_a_wall_jump_leaves_the_monotonic_time(clock: FakeClock) -> None:
    before = clock.monotonic_s()

    clock.advance(2.5)
    clock.set_wall(datetime(1970, 1, 1, tzinfo=UTC))

    assert clock.monotonic_s() == before + 2.5
    assert clock.now().year == 1970
