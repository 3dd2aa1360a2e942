"""A rollout over 100 000 logical devices with silent failures: where the desk halts it, and how fast it hears.

The devices are played, the desk and its database are real; the broker between them is left out.
"""

import random
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from checkout.fleet_desk.store import SqlDeskStore
from fleet.desk.desk import Desk
from fleet.desk.rules import Pace
from fleet.documents.rollout import Rollout
from messaging.station.fleet import FleetReported
from tests.fakes.clock import FakeClock
from tests.fakes.desk_store import RecordingPublisher
from tests.fakes.migrated import migrated_sqlite

DEVICES = 100_000
SHARES = (0.0, 0.01, 0.05, 0.30)
PACE = Pace((0.1, 1, 5, 25, 100), timedelta(hours=24), deadline=timedelta(hours=12))


def run(folder: Path) -> list[dict[str, Any]]:
    return [_one(folder / f"share{index}", share) for index, share in enumerate(SHARES)]


def _one(folder: Path, silent_share: float) -> dict[str, Any]:
    folder.mkdir(parents=True)
    clock, publisher = FakeClock(), RecordingPublisher("1.0.1")
    store = SqlDeskStore.open(migrated_sqlite(folder / "desk.db"))
    desk = Desk(store, publisher, lambda _channel, _number, _at: None, clock)
    chance, began_s, heard = random.Random(7), time.perf_counter(), 0
    number = desk.start("1.0.1", PACE, urgent=True).number
    waiting, n = [f"s{at // 10:05}.k{at % 10:02}" for at in range(DEVICES)], 0
    for _ in range(20):
        desk.turn()
        document: Rollout = publisher.documents[-1]
        if document.state != "running":
            break
        chosen = [device for device in waiting if document.wanted_by(device) == "1.0.1"]
        waiting = [device for device in waiting if document.wanted_by(device) != "1.0.1"]
        for stage in ("trial", "idle"):
            for device in chosen:
                if stage == "idle" and chance.random() < silent_share:
                    continue
                n += 1
                heard += 1
                running = "1.0.1" if stage == "idle" else "1.0.0"
                desk.hear(device, FleetReported(
                    n=n, boot=UUID(int=1), running=running, channel="stable", stage=stage, target="1.0.1",
                ))  # type: ignore[arg-type]  # fmt: skip
            desk.turn()
        clock.advance(25 * 3600)
    spent_s = time.perf_counter() - began_s
    counts, record = store.counts(number), store.rollout(number)
    store.close()
    assert record is not None
    return {
        "bench": "fleet_rollout", "n": DEVICES, "silent_share": silent_share, "state": record.status,
        "percent": record.percent, "reached": counts.reached, "silent": counts.silent,
        "reports_per_s": round(heard / spent_s),
    }  # fmt: skip
