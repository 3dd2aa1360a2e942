"""The rollout of ``fleet_rollout`` over a real broker: 100 000 logical devices on 49 connections, the desk on one.

Real Mosquitto with mutual TLS, real desk and database. The desk rings the channel's bell; each connection hears it
and answers for its two thousand devices: whoever is chosen says that it is on trial, then that it runs the release,
each a retained report of its own topic. The signed document is handed over in memory instead of by a web server, and
the access list is the bench's own: one certificate may write for many devices.

Devices do not all speak in one second as logical ones can: each takes minutes for its trial. Here a crowd waits while
five thousand reports are under way, for the broker keeps ten thousand for a receiver that lags and drops what comes
beyond; without that the largest stage never ended. ``dropped`` is what the broker itself says that it dropped.
"""

import random
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from checkout.fleet_desk.store import SqlDeskStore
from comptoir.broker import Lane, Station
from fleet.desk.desk import Desk
from messaging.codec import decode, encode
from messaging.mqtt import Delivery, MqttLink
from messaging.station.bell import BellRung
from messaging.station.fleet import FleetReported
from messaging.topics import bell_topic, device_topic
from tests.bench.fleet_rollout import DEVICES, PACE
from tests.fakes.broker import MosquittoBroker
from tests.fakes.clock import FakeClock
from tests.fakes.desk_store import RecordingPublisher
from tests.fakes.migrated import migrated_sqlite

SHARES = (0.01, 0.05, 0.30)
"""The first is borne and reaches all, with 200 000 reports; the others are halted."""
_UNDER_WAY = 5_000
CONNECTIONS = 49
_LONGEST_S = 600.0
_FIGURES_EVERY_S = 1
_DROPPED = "$SYS/broker/publish/messages/dropped"
_NAMES = [f"s0001.k{at:02}" for at in range(1, CONNECTIONS + 1)]
_LANES = tuple(Lane(number=at, devices=(name,)) for at, name in enumerate(_NAMES, start=1))


@dataclass
class _Heard:
    """What came to the desk, counted."""

    count: int = 0
    sent: int = 0
    changed: threading.Condition = field(default_factory=threading.Condition)

    def add(self) -> None:
        with self.changed:
            self.count += 1
            self.changed.notify_all()

    def sending(self) -> None:
        """Waits while too many reports are under way, then counts one more."""
        with self.changed:
            if not self.changed.wait_for(lambda: self.sent - self.count < _UNDER_WAY, _LONGEST_S):
                raise TimeoutError("the desk hears nothing")
            self.sent += 1

    def until(self, count: int) -> None:
        with self.changed:
            if not self.changed.wait_for(lambda: self.count >= count, _LONGEST_S):
                raise TimeoutError(f"{self.count} of {count} reports came")


class _Crowd:
    """One connection and the devices that speak over it."""

    def __init__(
        self,
        broker: MosquittoBroker,
        name: str,
        devices: list[str],
        publisher: RecordingPublisher,
        *,
        silent: float,
        heard: _Heard,
    ) -> None:
        self._at_desk = heard
        self._waiting = devices
        self._publisher = publisher
        self._silent = silent
        self._chance = random.Random(name)
        self._n = 0
        self._rung = threading.Event()
        self.up = threading.Event()
        self.answered = 0
        """Bells that were answered, and reports that were sent for them."""
        self.sent = 0
        self._link = MqttLink(
            broker.address(name), (bell_topic("stable"),), self._heard, lambda is_up: is_up and self.up.set()
        )
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        self._link.start()
        self._thread.start()

    def stop(self) -> None:
        self._ends.set()
        self._rung.set()
        self._thread.join(10)
        self._link.stop()

    def _heard(self, delivery: Delivery) -> None:
        delivery.acknowledge()
        decode(delivery.payload, BellRung)
        self._rung.set()

    def _run(self) -> None:
        while not self._ends.is_set():
            self._rung.wait()
            self._rung.clear()
            document = self._publisher.published("stable")
            if document is None or self._ends.is_set():
                continue
            chosen = [device for device in self._waiting if document.wanted_by(device) == "1.0.1"]
            self._waiting = [device for device in self._waiting if document.wanted_by(device) != "1.0.1"]
            for device in chosen:
                self._say(device, "trial")
                if self._chance.random() >= self._silent:
                    self._say(device, "idle")
            self.answered = document.number

    def _say(self, device: str, stage: str) -> None:
        self._n += 1
        report = FleetReported.model_validate({
            "n": self._n, "boot": UUID(int=1), "running": "1.0.1" if stage == "idle" else "1.0.0",
            "channel": "stable", "stage": stage, "target": "1.0.1",
        })  # fmt: skip
        self._at_desk.sending()
        while not self._link.publish(
            device_topic(f"{device}-fleet", "reported"), encode(report), retain=True
        ):
            time.sleep(0.005)
        self.sent += 1


def run(folder: Path) -> list[dict[str, Any]]:
    return [_one(folder / f"share{index}", share) for index, share in enumerate(SHARES)]


def _one(folder: Path, silent_share: float) -> dict[str, Any]:
    folder.mkdir(parents=True)
    clock, publisher, heard = FakeClock(), RecordingPublisher("1.0.1"), _Heard()
    with ExitStack() as ending:
        broker = _broker(folder)
        broker.start()
        ending.callback(broker.stop)
        store = SqlDeskStore.open(migrated_sqlite(folder / "desk.db"))
        ending.callback(store.close)
        desk_link: list[MqttLink] = []

        def ring(channel: str, number: int, at: datetime) -> None:
            bell = encode(BellRung(number=number, at=at))
            desk_link[0].publish(bell_topic(channel), bell, retain=True)

        desk = Desk(store, publisher, ring, clock)

        dropped = 0

        def on_report(delivery: Delivery) -> None:
            if delivery.topic == _DROPPED:
                nonlocal dropped
                dropped = int(delivery.payload)
                delivery.acknowledge()
                return
            device = delivery.topic.split("/")[2].removesuffix("-fleet")
            desk.hear(device, decode(delivery.payload, FleetReported))
            delivery.acknowledge()
            heard.add()

        up = threading.Event()
        link = MqttLink(
            broker.address("s0001.station"),
            ("comptoir/v1/+/reported", _DROPPED),
            on_report,
            lambda is_up: is_up and up.set(),
        )
        desk_link.append(link)
        link.start()
        ending.callback(link.stop)
        devices = [f"s{at // 10:04}.{'abcdefghij'[at % 10]}1" for at in range(DEVICES)]
        crowds = [
            _Crowd(broker, name, devices[at::CONNECTIONS], publisher, silent=silent_share, heard=heard)
            for at, name in enumerate(_NAMES)
        ]
        for crowd in crowds:
            crowd.start()
            ending.callback(crowd.stop)
        _wait(lambda: up.is_set() and all(crowd.up.is_set() for crowd in crowds))
        began_s, spent_s = time.perf_counter(), 0.0
        number = desk.start("1.0.1", PACE, urgent=True).number
        for _ in range(20):
            desk.turn()
            document = publisher.documents[-1]
            if document.state != "running":
                break
            _wait(lambda: all(crowd.answered >= document.number for crowd in crowds))  # noqa: B023 - waited for here
            heard.until(sum(crowd.sent for crowd in crowds))
            desk.turn()
            clock.advance(25 * 3600)
        spent_s = time.perf_counter() - began_s
        time.sleep(2 * _FIGURES_EVERY_S)
        counts, record = store.counts(number), store.rollout(number)
    assert record is not None
    return {
        "bench": "fleet_over_mqtt", "n": DEVICES, "connections": CONNECTIONS + 1, "silent_share": silent_share,
        "state": record.status, "percent": record.percent, "reached": counts.reached, "silent": counts.silent,
        "dropped": dropped, "reports": heard.count, "reports_per_s": round(heard.count / spent_s), "spent_s": round(spent_s, 1),
    }  # fmt: skip


def _broker(folder: Path) -> MosquittoBroker:
    acl = folder / "bench-acl"
    acl.write_text(f"topic read {_DROPPED}\npattern readwrite comptoir/v1/#\n", encoding="ascii")
    acl.chmod(0o600)

    def watched(conf: str) -> str:
        ours = {"acl_file": str(acl), "sys_interval": str(_FIGURES_EVERY_S)}
        lines = (line.split(" ", 1) for line in conf.splitlines())
        return "\n".join(
            " ".join((name, ours[name]) if name in ours else (name, *rest)) for name, *rest in lines
        )

    station = Station(name="s0001.station", lanes=_LANES)
    return MosquittoBroker(folder / "broker", stations=(station,), pos=(), edit_conf=watched)


def _wait(is_so: Callable[[], bool]) -> None:
    ends_at_s = time.perf_counter() + _LONGEST_S
    while not is_so():
        if time.perf_counter() > ends_at_s:
            raise TimeoutError("the devices did not answer the bell")
        time.sleep(0.01)
