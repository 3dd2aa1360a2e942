"""Scans go on while parts are killed: every one has its effect exactly once (rows 167, 171)."""

import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from comptoir.demo.doors import Counter
from comptoir.demo.supervisor import DemoError
from tests.bench.figures import wait_until
from tests.bench.store import Store, fill_store
from tests.fakes.broker import MosquittoBroker

pytestmark = pytest.mark.timeout(240)

_SCANS = 80


class Process:
    """One of ours, to be killed and started again."""

    def __init__(self, store: Store, *command: str) -> None:
        self._whole = [sys.executable, "-m", "comptoir", *command, "--config", str(store.configuration)]
        self._log = store.folder / f"{command[0]}.log"
        self.start()

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._child = subprocess.Popen(
                self._whole, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )

    def kill(self) -> None:
        self._child.send_signal(signal.SIGKILL)
        self._child.wait()

    def stop(self) -> None:
        self._child.terminate()
        self._child.wait(20)


def test_killing_any_part_at_any_time_loses_no_scan_and_counts_none_twice(tmp_path: Path) -> None:
    # rows 167, 171
    chance = random.Random(20)
    with ExitStack() as ending:
        broker = MosquittoBroker(tmp_path / "broker-files")
        ending.callback(broker.stop)
        broker.start()
        store = Store(tmp_path, broker)
        references = fill_store(store, _SCANS)
        station = Process(store, "checkout")
        ending.callback(station.stop)
        device = Process(store, "device", "run")
        ending.callback(device.stop)
        counter = Counter(store.simulation_socket, timeout_s=5)
        wait_until(lambda: _is_online(counter), "the link", 60)
        done = threading.Event()

        def wreck() -> None:
            while not done.wait(chance.uniform(0.7, 1.6)):
                victim = chance.choice(["broker", "station"])
                if victim == "broker":
                    broker.kill()
                    broker.start()
                else:
                    station.kill()
                    station.start()

        wrecker = threading.Thread(target=wreck)
        wrecker.start()
        try:
            for number, reference in enumerate(references):
                if number in {25, 55}:  # between two scans, with events in the outbox
                    device.kill()
                    device.start()
                    wait_until(lambda: _answers(counter), "the device's return", 60)
                counter.ask(do="type", text=reference)
                time.sleep(0.12)
        finally:
            done.set()
            wrecker.join()
        wait_until(lambda: _is_empty(counter), "the outbox to empty", 90)
    with sqlite3.connect(tmp_path / "comptoir.db") as database:
        found = dict(
            database.execute(
                "select c.reference_id, count(*) from identifications i "
                "join customers c on c.id = i.customer_id group by 1"
            ).fetchall()
        )
        dead = database.execute("select count(*) from dead_letters").fetchone()[0]
    assert found == dict.fromkeys(references, 1)
    assert dead == 0


def _answers(counter: Counter) -> bool:
    try:
        return bool(counter.ask(do="status"))
    except DemoError:
        return False


def _is_online(counter: Counter) -> bool:
    return _answers(counter) and bool(counter.ask(do="status")["online"])


def _is_empty(counter: Counter) -> bool:
    return counter.ask(do="status")["outbox"]["queued"] == 0
