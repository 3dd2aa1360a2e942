"""When a device may switch: its part of the night, idle by day where nights are without power, never in a sale."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from fleet.agent.window import QUIET_FOR_S, is_open, may_switch, slot
from fleet.documents.rollout import Rollout, Window
from tests.unit.fleet.test_rollout import rollout

PARIS = ZoneInfo("Europe/Paris")
NIGHT = datetime(2026, 3, 3, 3, 30, tzinfo=PARIS)
DAY = datetime(2026, 3, 3, 11, 0, tzinfo=PARIS)
PLAN = rollout(window=Window(start="02:00", end="05:00"), jitter_s=0)


def may(plan: Rollout, now: datetime, quiet_for_s: float = 60.0, *, missed: bool = False) -> bool:
    return may_switch(plan, "s0001.k01", now, quiet_for_s=quiet_for_s, has_missed_window=missed)


def test_devices_update_at_night_if_powered_and_nobody_is_served() -> None:
    # part of row 88
    assert may(PLAN, NIGHT)
    assert not may(PLAN, DAY)
    assert not may(PLAN, NIGHT, quiet_for_s=-1)


def test_a_missed_window_is_made_up_after_ten_quiet_minutes() -> None:
    assert not may(PLAN, DAY, quiet_for_s=QUIET_FOR_S - 1, missed=True)
    assert may(PLAN, DAY, quiet_for_s=QUIET_FOR_S, missed=True)
    assert not may(PLAN, DAY, quiet_for_s=-1, missed=True)


def test_an_urgent_one_waits_for_nobody_served_and_nothing_else() -> None:
    urgent = PLAN.model_copy(update={"urgent": True})

    assert may(urgent, DAY, quiet_for_s=0)
    assert not may(urgent, DAY, quiet_for_s=-1)


def test_a_window_may_span_midnight() -> None:
    late = rollout(window=Window(start="23:00", end="01:00"), jitter_s=0)

    assert is_open(late, "s0001.k01", datetime(2026, 3, 3, 23, 30, tzinfo=PARIS))
    assert is_open(late, "s0001.k01", datetime(2026, 3, 4, 0, 30, tzinfo=PARIS))
    assert not is_open(late, "s0001.k01", datetime(2026, 3, 4, 1, 0, tzinfo=PARIS))


def test_a_window_from_a_time_to_itself_is_the_whole_day() -> None:
    always = rollout(window=Window(start="00:00", end="00:00"), jitter_s=0)

    assert is_open(always, "s0001.k01", DAY)
    assert is_open(always, "s0001.k01", NIGHT)


@given(st.integers(1, 9999), st.integers(0, 86_400))
def test_the_jitter_spreads_devices_and_leaves_each_a_part_of_the_window(number: int, jitter_s: int) -> None:
    plan = PLAN.model_copy(update={"jitter_s": jitter_s})
    device = f"s{number:04}.k01"
    opens, closes = slot(plan, device, NIGHT)

    assert opens.hour * 60 + opens.minute >= 120
    assert closes - opens >= timedelta(hours=3) * 0.09
    assert slot(plan, device, NIGHT) == (opens, closes)


def test_devices_do_not_all_begin_at_once() -> None:
    plan = PLAN.model_copy(update={"jitter_s": 7200})
    starts = {slot(plan, f"s{number:04}.k01", NIGHT)[0] for number in range(200)}

    assert len(starts) > 150
