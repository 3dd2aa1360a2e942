"""The time, as far as a device without a clock can know it."""

from datetime import UTC, datetime, timedelta

import pytest

from device.station_time import StationTime

STATION = datetime(2026, 11, 24, 10, 15, tzinfo=UTC)


@pytest.fixture
def time(clock):
    return StationTime(clock)


def test_before_the_station_was_heard_the_wall_clock_is_uncertain(time, clock):
    # row 203
    assert time.now() == (clock.now(), False)


def test_a_clock_at_1970_takes_the_stations_time(time, clock):
    # rows 203, X14
    clock.set_wall(datetime(1970, 1, 1, tzinfo=UTC))
    time.heard(STATION, clock.monotonic_s())
    assert time.now() == (STATION, True)
    clock.advance(60)
    assert time.now() == (STATION + timedelta(seconds=60), True)


def test_a_clock_that_the_station_confirms_is_kept(time, clock):
    clock.set_wall(STATION + timedelta(seconds=40))
    time.heard(STATION, clock.monotonic_s())
    assert time.now() == (STATION + timedelta(seconds=40), True)


def test_an_answer_that_took_long_says_nothing_of_now(time, clock):
    asked_s = clock.monotonic_s()
    clock.advance(31)
    time.heard(STATION, asked_s)
    assert not time.now()[1]


def test_a_station_at_1970_is_not_believed(time, clock):
    time.heard(datetime(1970, 1, 1, tzinfo=UTC), clock.monotonic_s())
    assert not time.now()[1]


def test_a_wall_clock_that_jumps_afterwards_changes_nothing(time, clock):
    clock.set_wall(STATION)
    time.heard(STATION, clock.monotonic_s())
    clock.set_wall(datetime(1970, 1, 1, tzinfo=UTC))
    assert time.now() == (STATION, True)
