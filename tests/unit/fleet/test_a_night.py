"""Nights of a counter: the real agent, from the evening to the next day, with and without power.

A device has no battery: one that is powered on is plugged in.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from fleet.agent.switch import Switch
from fleet.agent.window import slot
from fleet.documents.rollout import Rollout, Window
from tests.fakes.clock import FakeClock
from tests.fakes.device_life import LAYOUT, NEW, OLD, URGENT, DeviceLife, WheelReader, new_device

PARIS = ZoneInfo("Europe/Paris")
PLAN = URGENT.model_copy(
    update={"urgent": False, "window": Window(start="02:00", end="05:00"), "jitter_s": 3600}
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=PARIS)


class Shop:
    """One counter whose power and customers the test decides."""

    def __init__(self) -> None:
        self.clock = FakeClock(at(2, 18))
        self.disk = new_device()
        self.life = DeviceLife(self.disk, plan=PLAN, local=PARIS)

    def on(self, until: datetime) -> str:
        """With power until then; the release that runs."""
        self.life.stay_on(self.clock, until)
        assert self.life.violations == []
        return self.life.running

    def off(self, until: datetime) -> None:
        self.clock.advance((until - self.clock.now()).total_seconds())


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_a_counter_that_is_powered_updates_itself_overnight_and_tells_so(shop: Shop) -> None:
    # row 88
    opens, closes = slot(PLAN, "s0001.k01", at(3, 0))
    assert at(3, 2) <= opens < closes == at(3, 5)

    assert shop.on(opens - timedelta(minutes=2)) == OLD, "by evening it is only fetched and put in its place"
    assert shop.life.was_told[-1].stage == "staged"
    assert shop.on(opens + timedelta(minutes=5)) == NEW, "and nobody had to touch it"
    assert shop.life.device == NEW, "the counter's own process too"
    last = shop.life.was_told[-1].last
    assert last is not None
    assert (last.release, last.result) == (NEW, "committed")
    assert shop.on(at(3, 9)) == NEW


def test_a_customer_in_the_night_is_served_to_the_end(shop: Shop) -> None:
    # part of row 88
    shop.life.is_serving = True
    assert shop.on(at(3, 4, 30)) == OLD
    shop.life.is_serving = False
    assert shop.on(at(3, 4, 45)) == NEW


def test_without_power_at_night_it_waits_and_makes_up_for_it_when_idle_by_day(shop: Shop) -> None:
    # part of row 88
    shop.on(at(2, 20))
    shop.off(at(3, 8))
    assert Switch(shop.disk, LAYOUT).current == OLD
    shop.life.is_serving = True
    assert shop.on(at(3, 9)) == OLD, "customers come first"
    shop.life.is_serving = False
    assert shop.on(at(3, 9, 8)) == OLD, "and one may come back"
    assert shop.on(at(3, 9, 30)) == NEW


def test_a_device_that_is_switched_on_for_the_first_time_by_day_waits_for_the_night(shop: Shop) -> None:
    # part of row 88
    shop.off(at(3, 9))
    assert shop.on(at(3, 23)) == OLD
    assert shop.on(at(4, 5)) == NEW


def test_what_a_device_runs_is_told_again_at_each_look_of_its_own(shop: Shop) -> None:
    # A broker that is overrun drops reports; a desk that never hears the end counts a device as silent.
    shop.on(at(3, 9))
    told = len(shop.life.was_told)
    shop.life.poll_every_s = 6 * 3600

    shop.on(at(4, 9))

    at_the_start, *again = shop.life.was_told[told:]
    assert at_the_start.running == NEW
    assert 2 <= len(again) <= 8, "in 24 hours, each 3 to 9 after the one before"
    assert {(each.running, each.stage) for each in again} == {(NEW, "idle")}


class WhileSomebodyComes(WheelReader):
    """A download so long that a customer comes meanwhile."""

    def __init__(self) -> None:
        self.life: DeviceLife | None = None

    def read(self, path: str, *, start: int = 0) -> Iterator[bytes]:
        assert self.life is not None
        self.life.is_serving = True
        yield from super().read(path, start=start)


@pytest.mark.parametrize("plan", [URGENT, PLAN], ids=["urgent", "at night"])
def test_who_comes_during_the_download_is_served_to_the_end(plan: Rollout) -> None:
    # part of row 88
    reader, clock = WhileSomebodyComes(), FakeClock(at(3, 4))
    life = reader.life = DeviceLife(new_device(), plan=plan, local=PARIS, reader=reader)

    life.stay_on(clock, at(3, 4, 30))
    assert life.is_serving
    assert (life.running, life.device) == (OLD, OLD)
    assert all(each.stage != "trial" for each in life.was_told)

    life.is_serving = False
    life.stay_on(clock, at(3, 4, 45))
    assert (life.running, life.device) == (NEW, NEW)


def test_who_comes_while_the_counter_is_checked_is_served_to_the_end() -> None:
    # part of row 88
    life, clock = DeviceLife(new_device(), plan=URGENT, comes_while_checked=True), FakeClock(at(3, 12))

    life.stay_on(clock, at(3, 12, 10))
    assert (life.running, life.device) == (OLD, OLD)

    life.is_serving = life.comes_while_checked = False
    life.stay_on(clock, at(3, 12, 20))
    assert (life.running, life.device) == (NEW, NEW)
