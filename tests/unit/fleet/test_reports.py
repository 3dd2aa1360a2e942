"""What the desk is told goes on above what it was told, whatever becomes of the device's own record."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from fleet.agent.reports import Reports, first_number
from fleet.desk.desk import Desk
from messaging.station.fleet import FleetReported
from tests.fakes.clock import FakeClock
from tests.fakes.crash_disk import CrashDisk
from tests.fakes.desk_store import InMemoryDeskStore, RecordingPublisher
from tests.fakes.device_life import LAYOUT, NEW, OLD, new_device


def told(disk: CrashDisk, running: str, clock: FakeClock) -> FleetReported:
    """What an agent says that has just been started."""
    reports = Reports(disk, LAYOUT, UUID(int=1), lambda _report: True, first=first_number(clock.now()))
    reports.catch_up(running, ())
    return reports.tell(running=running, channel="stable", stage="idle")


@pytest.mark.parametrize("left", [None, b"", b"{}", b"\0" * 90], ids=["lost", "empty", "other", "zeroes"])
def test_a_device_whose_record_was_lost_is_heard_again(left: bytes | None) -> None:
    # part of row 178
    disk, clock = new_device(), FakeClock()
    desk = Desk(InMemoryDeskStore(), RecordingPublisher(OLD, NEW), lambda _c, _n, _at: None, clock)
    for _ in range(60):  # two months of a shop that is switched off at night
        desk.hear("s0001.k01", told(disk, OLD, clock))
        desk.turn()
        clock.advance(24 * 3600)
    if left is None:
        disk.remove(LAYOUT.reports)
    else:
        disk.write(LAYOUT.reports, left)

    desk.hear("s0001.k01", told(disk, NEW, clock))
    desk.turn()

    heard = desk.store.device("s0001.k01")
    assert heard is not None
    assert heard.report is not None
    assert (heard.report.running, heard.heard_at) == (NEW, clock.now())


def test_a_clock_before_its_time_begins_low() -> None:
    assert first_number(datetime(1960, 1, 1, tzinfo=UTC)) == 0
