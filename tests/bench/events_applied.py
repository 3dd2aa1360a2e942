"""How many events a station applies in a second, from a backlog that waits at the broker.

Real Mosquitto, real ``comptoir checkout`` on SQLite, mutual TLS. Each event is a member's card read for the
open sale: opened, looked up, attached, priced, stored with its result in a transaction of its own, answered.
Counted between the first and the last result that comes back. The baseline, of the same run, is a subscriber
that commits each event by itself and does nothing else, over a backlog of the same events.
"""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from loyalty.adapters.sql.database import opened
from messaging.codec import decode, encode
from messaging.events.code_read import CodeRead
from messaging.events.envelope import seal_event
from messaging.mqtt import Delivery, MqttLink
from messaging.seal import Sealer
from messaging.station.result import Result
from messaging.topics import device_topic
from runtime.clock import SystemClock
from runtime.ids import boot_id, new_id
from tests.bench import bare_subscriber, processes
from tests.bench.figures import wait_until
from tests.bench.live_till import LiveTill
from tests.bench.store import Store, fill_store
from tests.fakes.broker import MosquittoBroker

_EVENTS = 4_000
_MEMBERS = 400
_LONGEST_S = 120.0


class _Sender:
    """A device's link: sends payloads as fast as the broker takes them, counts results of events."""

    def __init__(self, broker: MosquittoBroker, device: str) -> None:
        self._topic = device_topic(device, "event")
        self._answered: dict[UUID, float] = {}
        self._changed = threading.Condition()
        self._up = threading.Event()
        self._link = MqttLink(
            broker.address(device), (device_topic(device, "result"),), self._note, lambda up: self._up.set()
        )
        self._link.start()
        if not self._up.wait(20):
            raise TimeoutError("no connection to the broker")

    def send(self, payloads: list[bytes]) -> None:
        for payload in payloads:
            while not self._link.publish(self._topic, payload):
                time.sleep(0.002)

    def seconds_for(self, results: int) -> float:
        """Between the first and the last of so many results, once they have come."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._answered) >= results, _LONGEST_S):
                raise TimeoutError(f"{len(self._answered)} of {results} results came")
            times = list(self._answered.values())
            self._answered.clear()
        return times[-1] - times[0]

    def close(self) -> None:
        self._link.stop()

    def _note(self, delivery: Delivery) -> None:
        at = time.perf_counter()
        result = decode(delivery.payload, Result)
        delivery.acknowledge()
        if result.outcome != "accepted":
            raise RuntimeError(f"an event was refused: {result}")
        with self._changed:
            self._answered.setdefault(result.event_id, at)
            self._changed.notify_all()


def run(folder: Path) -> dict[str, Any]:
    """Measure; the figures of the line that is printed."""
    with ExitStack() as ending:
        broker = MosquittoBroker(folder / "broker-files")
        ending.callback(broker.stop)
        broker.start()
        store = Store(folder, broker)
        references = fill_store(store, _MEMBERS)
        sender = _Sender(broker, "s0001.k01")
        ending.callback(sender.close)
        with _station(store, folder):
            sale = _opened_sale(store)
            sender.send(_events(broker, references[:1], sale, 1))
            sender.seconds_for(1)
        sender.send(_events(broker, references, sale, _EVENTS))
        with _station(store, folder):
            took_s = sender.seconds_for(_EVENTS)
        bare_s = _bare_seconds(broker, folder, _events(broker, references, sale, _EVENTS))
    per_s, bare_per_s = (_EVENTS - 1) / took_s, (_EVENTS - 1) / bare_s
    return {
        "n": _EVENTS,
        "database": f"sqlite {sqlite3.sqlite_version}",
        "members": _MEMBERS,
        "events_per_s": round(per_s),
        "baseline_bare_subscriber_per_s": round(bare_per_s),
        "ratio": round(bare_per_s / per_s, 2),
    }


@contextmanager
def _station(store: Store, folder: Path) -> Iterator[None]:
    process = processes.start(
        folder, "checkout", "comptoir", "checkout", "--config", str(store.configuration)
    )
    try:
        wait_until(store.port_file.exists, "the station's start")
        yield
    finally:
        processes.end(process)


def _opened_sale(store: Store) -> UUID:
    till = LiveTill(store.port, store.session_token)
    till.open_sale()
    till.close()
    with opened(store.settings.database_url) as database, database.reading() as unit:
        sale = unit.sales.open_in_lane(unit.lanes.all()[0].id)
    if sale is None:
        raise RuntimeError("the till opened no sale")
    return sale.id


def _events(broker: MosquittoBroker, references: list[str], sale: UUID, number: int) -> list[bytes]:
    sealer = Sealer.from_file(broker.folder("s0001.k01") / "seal.pub")
    now = SystemClock().now()
    return [
        encode(
            seal_event(
                CodeRead(text=references[seq % len(references)], symbology="Code128", source="scanner"),
                sealer,
                event_id=new_id(),
                device="s0001.k01",
                seq=seq + 1,
                boot=boot_id(),
                mono_ms=seq,
                wall=now,
                clock_certain=True,
                session=new_id(),
                sale=sale,
            )
        )
        for seq in range(number)
    ]


def _bare_seconds(broker: MosquittoBroker, folder: Path, payloads: list[bytes]) -> float:
    """Seconds of the bare subscriber for the same backlog, seen in its file."""
    file = folder / "bare.db"
    arguments = (str(broker.port), str(broker.folder(bare_subscriber.STATION)), str(file))
    sender = _Sender(broker, bare_subscriber.DEVICE)
    subscriber = processes.start(folder, "bare", bare_subscriber.__name__, *arguments)
    try:
        wait_until(lambda: _kept(file) >= 0, "the bare subscriber's file")
        while _kept(file) == 0:  # until its subscription stands
            sender.send(payloads[:1])
            time.sleep(0.1)
    finally:
        processes.end(subscriber)
    sender.send(payloads)
    subscriber = processes.start(folder, "bare", bare_subscriber.__name__, *arguments)
    try:
        return _seconds_to_keep(file, len(payloads))
    finally:
        processes.end(subscriber)
        sender.close()


def _seconds_to_keep(file: Path, events: int) -> float:
    before = _kept(file)
    wait_until(lambda: _kept(file) > before, "the first of the backlog")
    first, started = _kept(file), time.perf_counter()
    wait_until(lambda: _kept(file) >= before + events, "the end of the backlog", _LONGEST_S)
    return (time.perf_counter() - started) * events / (before + events - first)


def _kept(file: Path) -> int:
    """Events in the bare subscriber's file; -1 where it is not made yet."""
    if not file.exists():
        return -1
    database = sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)
    try:
        (count,) = database.execute("SELECT coalesce(max(number), 0) FROM event").fetchone()
        return int(count)
    except sqlite3.OperationalError:
        return -1
    finally:
        database.close()
