"""A lane on a booted machine: what is scanned reaches the register, whatever is pulled out or killed.

The tests go on with the machine of the one before, in this order.
"""

import time

import pytest

from messaging.self_test import LAYOUT_TEST_TEXT
from tests.booted.guest import Guest
from tests.booted.lane import counts, hang_up, members, scan, scanned, scanner_is
from tests.booted.shop import UNITS, ask_database, heard, revoke, wait_until_open
from tests.booted.usb import SCANNER, STRANGER

pytestmark = pytest.mark.timeout(1800)

Seen = dict[str, object]


def test_a_scan_of_a_true_usb_scanner_brings_the_member_with_rewards_to_the_register(
    guest: Guest, seen: Seen
) -> None:
    # rows 76, 80, 89
    scanner_is(guest, "ok")
    before = len(heard(guest))

    scan(guest)

    guest.until(lambda: len(heard(guest)) == before + 1, "the message at the register")
    told = heard(guest)[-1]
    assert told["points"] == 71
    seen["a scan brought rewards"] = len(told["rewards"])  # type: ignore[arg-type]


def test_every_service_is_confined_as_its_unit_says(guest: Guest, seen: Seen) -> None:
    for unit in UNITS:
        pid = guest.run(f"systemctl show -P MainPID {unit}")
        status = guest.run(f"cat /proc/{pid}/status")
        assert "\nCapEff:\t0000000000000000" in status, unit
        assert "\nNoNewPrivs:\t1" in status, unit
        assert "\nSeccomp:\t2" in status, unit
        assert "\nUid:\t0\t" not in status, unit
        # Nothing beside its own folders can be written, and nobody else's keys can be read.
        reach = f"nsenter -t {pid} -m -- setpriv --reuid $(stat -c %u /proc/{pid}) --clear-groups"
        assert not guest.succeeds(f"{reach} touch /opt/comptoir/x || {reach} touch /etc/x"), unit
        assert not guest.succeeds(f"{reach} cat /etc/comptoir/certificates/ca.key"), unit
    exposure = {
        unit: guest.run(f"systemd-analyze security --no-pager {unit} | tail -1").split(": ")[-1].split(" ")[0]
        for unit in UNITS
    }
    seen["exposure by systemd-analyze"] = exposure
    assert all(float(figure) <= 2.5 for figure in exposure.values())


def test_an_unplugged_scanner_is_found_again_by_itself(guest: Guest) -> None:
    # part of row 179
    SCANNER.unplug(guest)
    scanner_is(guest, "absent")

    SCANNER.plug(guest)
    scanner_is(guest, "ok")

    scan(guest)


def test_two_hundred_codes_at_full_speed_arrive_whole_and_once(guest: Guest, seen: Seen) -> None:
    references = members(guest, 200)

    speed = SCANNER.type(guest, *references, pause_s=0.25, rolls_over=True)

    guest.until(lambda: sum(counts(guest, references).values()) >= 200, "200 identifications", 600)
    assert set(counts(guest, references).values()) == {1}
    seen["200 codes, up to four a second; characters a second within a code"] = round(speed)


def test_a_keyboard_that_somebody_plugs_in_does_nothing(guest: Guest, seen: Seen) -> None:
    # row 208: unlisted interfaces stay unauthorised, the scanner is bound to its port, no VT switch, SysRq or consoles
    guest.run("comptoir guard learn")
    nodes = guest.run("ls /dev/input/ | grep -c event || true")

    STRANGER.plug(guest)
    guest.wait_for("lsusb -d 046d:c31c", "the keyboard on the bus")
    guest.run("udevadm settle")

    assert guest.run("ls /dev/input/ | grep -c event || true") == nodes
    assert (
        guest.run(
            "for i in /sys/bus/usb/devices/*:*; do grep -q 046d $i/../idVendor && cat $i/authorized; done"
        )
        == "0"
    )
    assert guest.run("cat /proc/sys/kernel/sysrq") == "0"
    assert guest.run("systemctl is-enabled ctrl-alt-del.target || true") == "masked"
    assert (
        guest.run(
            "systemd-analyze cat-config systemd/logind.conf | grep -E '^(NAutoVTs|ReserveVT)=0' | wc -l"
        )
        == "2"
    )
    # The scanner works at its port, also when it was out; the same one at another port is a stranger.
    SCANNER.unplug(guest)
    scanner_is(guest, "absent")
    SCANNER.plug(guest)
    scanner_is(guest, "ok")
    scan(guest)
    seen["interfaces kept out"] = guest.run("comptoir guard show | grep -c 'kept out'")


def test_a_scanner_that_plays_a_french_keyboard_is_read(guest: Guest) -> None:
    # part of row 179
    guest.run("comptoir guard off")
    scanner_is(guest, "ok", "french")

    scan(guest, with_=STRANGER, layout="fr")

    STRANGER.unplug(guest)


def test_the_keyboard_that_a_scanner_plays_is_found_by_the_code_of_sheet_and_page(
    guest: Guest, seen: Seen
) -> None:
    # row 179: the code is the first of the printed sheet and of the page; the scanner is plugged in anew each time
    guest.run("systemctl stop comptoir-device")
    revoke(guest, "s0001.k09")
    for layout in ("us", "fr", "de"):
        SCANNER.unplug(guest)
        guest.wait_for(f"test ! -e {SCANNER.by_id}", "unplugged scanner")
        SCANNER.plug(guest)
        guest.wait_for(f"test -e {SCANNER.by_id}", "scanner")
        guest.run(
            f"systemd-run --quiet --unit=learn-{layout} -p StandardOutput=file:/run/learn-{layout}"
            f" comptoir scanner learn --device {SCANNER.by_id} --timeout 600"
        )
        listens = f"ls -l /proc/$(systemctl show -P MainPID learn-{layout})/fd | grep /dev/input"
        guest.wait_for(listens, "comptoir scanner learn")
        SCANNER.type(guest, LAYOUT_TEST_TEXT, layout=layout)
        guest.wait_for(f"""grep 'layout = "{layout}"' /run/learn-{layout}""", f"the layout {layout}")
    guest.run("systemctl start comptoir-device", timeout_s=600)
    scanner_is(guest, "ok")
    # The broker read other files while the lane was away, and knows it all the same, again and again.
    for _ in range(2):
        scan(guest)
        hang_up(guest)
    seen["layouts found by comptoir scanner learn"] = "us, fr, de"


@pytest.mark.parametrize("units", [("mosquitto",), ("comptoir-device", "comptoir-checkout")])
def test_services_that_are_killed_come_back_and_no_scan_is_lost_or_counted_twice(
    guest: Guest, units: tuple[str, ...], seen: Seen
) -> None:
    # part of row 167
    references = members(guest, 3)
    SCANNER.type(guest, references[0])
    killed_s = time.monotonic()
    guest.run(f"systemctl kill --signal=KILL {' '.join(units)}")
    if "comptoir-device" not in units:
        SCANNER.type(guest, references[1])
    for unit in units:
        guest.wait_for(
            f"systemctl is-active {unit} && [ $(systemctl show -P NRestarts {unit}) -ge 1 ]", unit, 900
        )
        seen[f"{unit} back after kill -9, s"] = round(time.monotonic() - killed_s)
        if unit == "comptoir-device":
            # The station may still be away: what is read meanwhile waits for it.
            scanner_is(guest, "ok")
            SCANNER.type(guest, references[1])
    SCANNER.type(guest, references[2])

    guest.until(lambda: all(counts(guest, references).values()), "all three scans", 600)
    assert list(counts(guest, references).values()) == [1, 1, 1]


def test_a_frozen_device_process_is_ended_by_the_watchdog(guest: Guest, seen: Seen) -> None:
    pid = guest.run("systemctl show -P MainPID comptoir-device")
    frozen_s = time.monotonic()
    guest.run(f"kill -STOP {pid}")

    # Asked in this order: between two processes the unit has none (0) and is not active.
    other = "now=$(systemctl show -P MainPID comptoir-device); [ $now != 0 ]"
    guest.wait_for(
        f"{other} && [ $now != {pid} ] && systemctl is-active comptoir-device", "the watchdog", 600
    )
    seen["frozen device process replaced after, s"] = round(time.monotonic() - frozen_s)
    scanner_is(guest, "ok")
    scan(guest)


@pytest.mark.parametrize("jump", ["+3 hours", "-3 hours"])
def test_a_clock_that_jumps_stops_no_scan(guest: Guest, jump: str) -> None:
    # part of row 203
    guest.run(f"date -s '{jump}' >/dev/null")

    for reference in members(guest, 2):
        scan(guest, reference)


def test_a_full_disk_is_survived_and_what_was_not_kept_was_not_taken(guest: Guest, seen: Seen) -> None:
    reference, later = members(guest, 2)
    guest.run(
        # All at once but the last 8 MB, what is kept for root too; to the last byte only then.
        "fallocate -l $(( $(stat -f -c '%f * %S' /) - 8388608 )) /var/fill;"
        " for size in 1M 512; do dd if=/dev/zero bs=$size of=/var/fill$size 2>/dev/null || true; done"
    )
    try:
        SCANNER.type(guest, reference)
        guest.until(lambda: _is_refused(guest) or scanned(guest, reference) == 1, "an end of the scan", 120)
        assert guest.run("systemctl is-active comptoir-device") == "active"
    finally:
        guest.run("rm -f /var/fill*")
    wait_until_open(guest)
    scanner_is(guest, "ok")

    scan(guest, later)

    counted = scanned(guest, reference)
    assert counted in (0, 1)
    assert ask_database(guest, "pragma integrity_check") == [["ok"]]
    seen["a scan on a full disk was"] = "counted once" if counted else "refused"


def _is_refused(guest: Guest) -> bool:
    """Whether the device has said that its outbox can keep nothing."""
    log = "journalctl -b -u comptoir-device -o cat --no-pager"
    return guest.succeeds(f"""{log} | grep '"part": "outbox"' | tail -1 | grep -q '"state": "failed"'""")
