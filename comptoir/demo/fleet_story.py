"""The fleet's story: 1.0.1 reaches both devices; a broken 1.0.2 goes back by itself and is halted."""

import json
import time
from collections.abc import Callable
from datetime import timedelta

from comptoir.demo.fleet_counter import RunningFleet
from comptoir.demo.fleet_place import DEVICES
from comptoir.demo.supervisor import DemoError
from fleet.desk.desk import Desk
from fleet.desk.rules import Pace

_LONGEST_S = 240.0

Say = Callable[[str], None]


def play_fleet(fleet: RunningFleet, ends: Callable[[], bool], say: Say = lambda _line: None) -> int:
    """Play it and print one JSON line; 0 only if every step was seen."""
    began_s = time.monotonic()
    with fleet.desk() as desk:
        _until(fleet, ends, "both devices run 1.0.0", lambda: _all_run(desk, "1.0.0"))
        _until(fleet, ends, "its rollout is done", lambda: _status(desk) == "done")
        say("Both devices run 1.0.0. Publishing 1.0.1 and rolling it out.")
        fleet.publish("1.0.1")
        started_s = time.monotonic()
        desk.start("1.0.1", Pace((100,), timedelta()), urgent=True)
        _until(fleet, ends, "both devices run 1.0.1", lambda: _all_run(desk, "1.0.1"))
        _until(fleet, ends, "1.0.1 is done", lambda: _status(desk) == "done")
        updated_s = time.monotonic() - started_s
        say("Both devices run 1.0.1. Publishing 1.0.2, whose decoder reads nothing.")
        fleet.publish("1.0.2", is_broken=True)
        broken = desk.start("1.0.2", Pace((100,), timedelta()), urgent=True)
        _until(fleet, ends, "1.0.2 is halted", lambda: _status(desk) == "halted")
        _until(fleet, ends, "both devices run 1.0.1 again", lambda: _all_run(desk, "1.0.1"))
        bad = desk.store.fared(broken.number, ("failed", "silent"))
        line = {
            "updated_to": "1.0.1",
            "updated_devices": len(DEVICES),
            "update_s": round(updated_s, 1),
            "broken": "1.0.2",
            "rolled_back_devices": len(bad),
            "reason": bad[0].reason,
            "rollout": _status(desk),
            "running": desk.store.versions(),
            "spent_s": round(time.monotonic() - began_s, 1),
        }
    print(json.dumps(line), flush=True)
    return 0


def keep_open(fleet: RunningFleet, ends: Callable[[], bool]) -> int:
    """Play it with the pages open, then wait for Ctrl-C."""
    print(f"The fleet is up: {fleet.address} then {fleet.origin}/updates", flush=True)
    print("DEMO on loopback with made-up data. Ctrl-C ends it.", flush=True)
    status = play_fleet(fleet, ends, lambda line: print(line, flush=True))
    while not ends():
        time.sleep(0.5)
    return status


def _until(fleet: RunningFleet, ends: Callable[[], bool], what: str, is_so: Callable[[], bool]) -> None:
    deadline_s = time.monotonic() + _LONGEST_S
    while not is_so():
        if ends():
            raise KeyboardInterrupt
        ended = fleet.supervisor.ended()
        if ended is not None:
            raise DemoError(f"{ended} ended by itself:\n{fleet.supervisor.log_tail(ended)}")
        if time.monotonic() > deadline_s:
            name = f"{DEVICES[0]}-agent"
            raise DemoError(f"not seen: {what}. {name} says:\n{fleet.supervisor.log_tail(name)}")
        time.sleep(0.2)


def _all_run(desk: Desk, release: str) -> bool:
    reports = [desk.store.device(device) for device in DEVICES]
    return all(
        each is not None
        and each.report is not None
        and each.report.running == release
        and each.report.stage == "idle"
        for each in reports
    )


def _status(desk: Desk) -> str:
    newest = desk.store.newest("stable")
    return newest.status if newest is not None else ""
