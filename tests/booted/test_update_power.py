"""An update of a lane on a booted machine: kept, taken back, and cut off by a power cut at any of its steps."""

import os
from collections import Counter

import pytest

from tests.booted.clone import INSIDE
from tests.booted.disk_log import DiskLog
from tests.booted.guest import Guest, GuestError
from tests.booted.lane import scan, scanner_is
from tests.booted.releases import CONFIGURATION, LAUNCHER, ROOT, Releases, look_script, phase, running
from tests.booted.usb import SCANNER

pytestmark = [
    pytest.mark.timeout(5400),
    pytest.mark.skipif(
        not os.environ.get("COMPTOIR_BOOTED_ALL"), reason="ALL=1 updates under power cuts too"
    ),
]

Seen = dict[str, object]
_MOMENTS = int(os.environ.get("COMPTOIR_BOOTED_MOMENTS", "20"))
_PHASES = ("download", "install", "arm", "trial", "commit")
_SLOW_S = 1800.0


@pytest.fixture(scope="module")
def releases(logged: Guest, tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """A lane that runs 1.0.0 from its launcher, and 1.0.1 and a broken 1.0.2 to be had."""
    made = Releases(logged, tmp_path_factory.mktemp("releases"))
    made.publish("1.0.0")
    made.publish("1.0.1")
    made.publish("1.0.2", broken=True)
    made.roll_out(None, base="1.0.0")
    made.install_first()
    scanner_is(logged, "ok")
    assert running(logged) == "1.0.0"
    return made


def test_an_update_cut_off_at_any_of_its_steps_ends_on_a_running_release(
    logged: Guest, releases: Releases, seen: Seen
) -> None:
    assert logged.log is not None
    log = DiskLog(logged.log, logged.below, logged.folder)
    steps = [(log.position(), "before")]
    look = f"while sleep 0.2; do {look_script(ROOT, '1.0.1')} done"
    with logged.following(look, lambda seen_there: steps.append((log.position(), seen_there))):
        releases.roll_out("1.0.1")
        logged.until(lambda: steps[-1][1] == "commit", "the update to 1.0.1", _SLOW_S)
        logged.run("sync")
    steps.append((log.position(), "commit"))
    assert running(logged) == "1.0.1"

    found: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    for place, position in enumerate(_moments(log, steps, _MOMENTS)):
        disk = log.disk_at(position, loses=("all", "some")[place % 2], seed=place)
        with logged.attached(disk, f"update{place}") as mounted:
            root = mounted + ROOT
            at = phase(logged, root, "1.0.1")
            found[at] += 1
            ran = running(logged, root)
            assert ran in ({"1.0.0", "1.0.1"} if at in ("trial", "commit") else {"1.0.0"}), (place, at, ran)
            ended[ran] += 1
            if place % 4 == 0:
                # It goes on from there, without anybody, and ends on the new release.
                _finish(logged, root)
    seen["power cuts amid an update, by what the disk held"] = dict(found)
    seen["release that ran after those cuts"] = dict(ended)
    if _MOMENTS >= 20:
        assert set(_PHASES) <= set(found)


def test_a_broken_release_goes_back_by_itself_and_the_lane_serves_on(
    logged: Guest, releases: Releases, seen: Seen
) -> None:
    # part of row 178
    releases.roll_out("1.0.2")

    failed = f"{ROOT}/failed/1.0.2.json"
    logged.wait_for(f"test -s {failed} && test ! -L {ROOT}/trial", "the way back", _SLOW_S)

    assert running(logged) == "1.0.1"
    seen["1.0.2 given up because"] = logged.run(
        f'python3 -c \'import json; print(json.load(open("{failed}"))["reason"])\''
    )
    _serves(logged)
    seen["updated by itself"] = "1.0.0, 1.0.1, broken 1.0.2, back on 1.0.1"


def test_the_power_fails_for_real_amid_an_update_and_it_ends_on_the_new_release(
    logged: Guest, releases: Releases, seen: Seen
) -> None:
    releases.publish("1.0.3")
    releases.roll_out("1.0.3")
    logged.until(
        lambda: phase(logged, ROOT, "1.0.3") in ("install", "arm", "trial"), "the update to 1.0.3", _SLOW_S
    )
    seen["power cut for real during"] = phase(logged, ROOT, "1.0.3")
    logged.cut_power()

    logged.power_on()
    assert running(logged) in ("1.0.1", "1.0.3")
    releases.serve()
    SCANNER.plug(logged)
    logged.until(lambda: phase(logged, ROOT, "1.0.3") == "commit", "the update to 1.0.3", _SLOW_S)
    assert running(logged) == "1.0.3"
    _serves(logged)


def _serves(guest: Guest) -> None:
    guest.wait_for("systemctl is-active comptoir-device comptoir-fleet", "device and agent", 900)
    scanner_is(guest, "ok")
    scan(guest)


def _moments(log: DiskLog, steps: list[tuple[int, str]], count: int) -> list[int]:
    """Lengths of the log, equally many in each phase."""
    chosen = []
    for each in _PHASES:
        places = [place for place, (_, name) in enumerate(steps) if name == each]
        if not places:
            continue
        start, end = steps[places[0]][0], steps[places[-1]][0]
        wanted = count // len(_PHASES)
        chosen += [start + (end - start) * (number + 1) // wanted for number in range(wanted)]
    return sorted(chosen)


def _finish(guest: Guest, root: str) -> None:
    """Start the agent there by the launcher, again and again as its unit does, until the update is through.

    It works for a device process that is well, played: the lane's own goes on, from its own disk.
    """
    other, door = CONFIGURATION + ".cut", "/run/cut-device.sock"
    guest.run(
        f'sed -e \'s#^root = "{ROOT}"#root = "{root}"\\ndevice_socket = "{door}"#\''
        f" -e 's#^restart_command.*#restart_command = []#' {CONFIGURATION} > {other}"
    )
    guest.run(
        f"systemd-run --quiet --collect --unit=cut-device python3 {INSIDE}/device_door.py {root} {door};"
        " systemd-run --quiet --collect --unit=cut-agent -p Restart=always -p RestartSec=1"
        f" sh {LAUNCHER} {root} agent --config {other}"
    )
    try:
        guest.until(
            lambda: phase(guest, root, "1.0.1") == "commit", "the end of the update that was cut off", 900
        )
        assert running(guest, root) == "1.0.1"
    except GuestError as error:
        said = guest.run("journalctl -u cut-agent -o cat --no-pager | tail -20 | cut -c1-400")
        raise GuestError(f"{error}\nthe agent of that disk said:\n{said}") from error
    finally:
        guest.run("systemctl stop cut-agent cut-device")
