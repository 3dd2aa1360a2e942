"""Power cuts on a booted machine: real ones, and twenty moments of the disk in the midst of scans."""

import os
import shutil
import time

import pytest

from tests.booted.guest import Guest
from tests.booted.lane import counts, members, scan, scanner_is
from tests.booted.shop import DATABASE, OUTBOX, ask_database, wait_until_open
from tests.booted.usb import SCANNER

pytestmark = [
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not os.environ.get("COMPTOIR_BOOTED_ALL"), reason="ALL=1 cuts the power too"),
]

Seen = dict[str, object]
_MOMENTS = 20


def test_at_any_moment_the_disk_holds_every_scan_that_the_station_had_taken_exactly_once(
    guest: Guest, seen: Seen
) -> None:
    # part of row 167
    references = members(guest, 2 * _MOMENTS)
    moments = []
    for place in range(_MOMENTS):
        for reference in references[2 * place : 2 * place + 2]:
            SCANNER.type(guest, reference)
        time.sleep(0.1 * (place % 5))
        known = {one for one, count in counts(guest, references).items() if count}
        # A stopped machine has written all that its disk said was written, and nothing else: as if the plug
        # were pulled now. What lies in the memory of the guest is lost.
        guest.qmp("stop")
        copy = guest.folder / f"moment{place}.qcow2"
        shutil.copy(guest.disk, copy)
        guest.qmp("cont")
        moments.append((copy, known))
    taken = 0
    for place, (copy, known) in enumerate(moments):
        with guest.attached(copy, f"moment{place}") as mounted:
            found = counts(guest, references, mounted + DATABASE)
            assert ask_database(guest, "pragma integrity_check", mounted + DATABASE) == [["ok"]]
            assert ask_database(guest, "pragma integrity_check", mounted + OUTBOX) == [["ok"]]
        copy.unlink()
        assert all(count <= 1 for count in found.values()), place
        assert all(found[one] == 1 for one in known), place
        taken += sum(found.values())
    assert len(moments[-1][1]) > _MOMENTS
    seen["moments of the disk compared, scans found on them"] = (len(moments), taken)


@pytest.mark.parametrize("cut", range(3))
def test_nothing_that_was_heard_is_lost_or_counted_twice_after_the_power_was_cut(
    guest: Guest, cut: int, seen: Seen
) -> None:
    # part of row 167
    references = members(guest, 8)
    for reference in references[:4]:
        SCANNER.type(guest, reference)
    time.sleep(cut)
    known = {one for one, count in counts(guest, references).items() if count}
    for reference in references[4:]:
        SCANNER.type(guest, reference)
    guest.cut_power()

    seen[f"boot after power cut {cut + 1}, s"] = round(guest.power_on())
    wait_until_open(guest)
    SCANNER.plug(guest)
    scanner_is(guest, "ok")
    scan(guest)

    found = counts(guest, references)
    assert all(count <= 1 for count in found.values())
    assert all(found[one] == 1 for one in known)
    assert ask_database(guest, "pragma integrity_check") == [["ok"]]
    seen[f"power cut {cut + 1}: heard before, there after"] = (len(known), sum(found.values()))
