"""Power cuts on a booted machine: the disk at twenty moments in the midst of scans and enrolments, and real cuts."""

import os
import time

import pytest

from tests.booted.disk_log import DiskLog
from tests.booted.guest import Guest
from tests.booted.lane import Events, confirmed, counts, events, members, play_kiosk, scan, scanner_is
from tests.booted.shop import ZOE, wait_until_open
from tests.booted.usb import SCANNER

pytestmark = [
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not os.environ.get("COMPTOIR_BOOTED_ALL"), reason="ALL=1 cuts the power too"),
]

Seen = dict[str, object]
_MOMENTS = int(os.environ.get("COMPTOIR_BOOTED_MOMENTS", "20"))


def test_at_any_moment_the_disk_holds_everything_that_a_customer_was_thanked_for(
    logged: Guest, seen: Seen
) -> None:
    # part of row 167
    assert logged.log is not None
    log = DiskLog(logged.log, logged.below, logged.folder)
    references = members(logged, 2 * _MOMENTS)
    play_kiosk(logged)
    moments = []
    for place in range(_MOMENTS):
        SCANNER.type(logged, *references[2 * place : 2 * place + 2])
        time.sleep(0.3 * (place % 5))
        thanked = confirmed(logged)
        moments.append((log.position(), thanked))
    logged.run("systemctl stop kiosk-player")
    assert moments[-1][0] > moments[0][0]
    assert len(moments[-1][1]) > 2 * _MOMENTS, "few events were confirmed"

    taken = waiting = 0
    for place, (position, thanked) in enumerate(moments):
        # What was written after the last flush is lost: all of it, or some of it by chance.
        disk = log.disk_at(position, loses=("all", "some")[place % 2], seed=place)
        with logged.attached(disk, f"moment{place}") as mounted:
            found = events(logged, mounted)
        assert thanked <= found.taken | found.waiting, place
        _nothing_counted_twice(found)
        taken += len(thanked & found.taken)
        waiting += len(thanked & found.waiting - found.taken)
    seen["moments of the disk compared"] = len(moments)
    seen["flushes in between"] = log.flushes(moments[0][0], moments[-1][0])
    seen["confirmed on the screen at those moments; of them in the ledger, in the outbox only"] = (
        sum(len(thanked) for _, thanked in moments), taken, waiting,
    )  # fmt: skip


@pytest.mark.parametrize("cut", range(3))
def test_nothing_that_a_customer_was_thanked_for_is_lost_or_counted_twice_by_a_power_cut(
    logged: Guest, cut: int, seen: Seen
) -> None:
    # part of row 167
    references = members(logged, 8)
    play_kiosk(logged)
    SCANNER.type(logged, *references[:4])
    time.sleep(2 * cut)
    thanked = confirmed(logged)
    SCANNER.type(logged, *references[4:])
    logged.cut_power()

    seen[f"boot after power cut {cut + 1}, s"] = round(logged.power_on())
    wait_until_open(logged)
    SCANNER.plug(logged)
    scanner_is(logged, "ok")
    scan(logged)

    logged.until(lambda: not events(logged).waiting, "an empty outbox", 600)
    found = events(logged)
    assert thanked <= found.taken
    _nothing_counted_twice(found)
    assert all(count <= 1 for count in counts(logged, references).values())
    seen[f"power cut {cut + 1}: confirmed before, in the ledger after"] = (
        len(thanked),
        len(thanked & found.taken),
    )


def _nothing_counted_twice(found: Events) -> None:
    assert set(found.joined) <= {1}
    assert all(count <= 1 for reference, count in found.identified.items() if reference != ZOE)
