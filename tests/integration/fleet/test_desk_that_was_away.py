"""A desk that was switched off, or whose database failed: devices that spoke are not counted as silent."""

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from checkout.fleet_desk.store import SqlDeskStore
from fleet.desk.desk import Desk
from fleet.desk.rules import Counts, Pace
from messaging.station.fleet import FleetReported
from tests.fakes.clock import FakeClock
from tests.fakes.desk_store import RecordingPublisher
from tests.fakes.migrated import migrated_sqlite

DEVICES = [f"s0001.k0{at}" for at in range(1, 5)]
PACE = Pace((100,), timedelta(), deadline=timedelta(days=1))
HOUR_S = 3600


class Shop:
    """Four devices on trial, and the desk that heard so."""

    def __init__(self, store: SqlDeskStore) -> None:
        self.store, self.clock, self.publisher = store, FakeClock(), RecordingPublisher("1.0.1")
        self.desk = self.started()
        self.number = self.desk.start("1.0.1", PACE, urgent=True).number
        self.say("trial", 1)
        self.desk.turn()
        assert self.counts == Counts(working=len(DEVICES))

    def started(self) -> Desk:
        return Desk(self.store, self.publisher, lambda _channel, _number, _at: None, self.clock)

    def say(self, stage: str, n: int) -> None:
        for device in DEVICES:
            self.desk.hear(device, FleetReported.model_validate({
                "n": n, "boot": UUID(int=1), "running": "1.0.1" if stage == "idle" else "1.0.0",
                "channel": "stable", "stage": stage, "target": "1.0.1",
            }))  # fmt: skip

    @property
    def counts(self) -> Counts:
        return self.store.counts(self.number)

    @property
    def status(self) -> str:
        record = self.store.rollout(self.number)
        assert record is not None
        return record.status


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    store = SqlDeskStore.open(migrated_sqlite(tmp_path / "desk.db"))
    yield Shop(store)
    store.close()


def test_a_station_that_was_off_for_a_weekend_hears_its_devices_before_it_judges_them(shop: Shop) -> None:
    shop.clock.advance(40 * HOUR_S)
    shop.desk = shop.started()

    shop.desk.turn()

    assert (shop.status, shop.counts) == ("running", Counts(working=len(DEVICES)))
    shop.clock.advance(60)
    shop.say("idle", 2)  # what the broker kept for it
    shop.desk.turn()
    assert (shop.status, shop.counts) == ("done", Counts(committed=len(DEVICES)))


def test_devices_that_stay_silent_after_that_hour_are_failures(shop: Shop) -> None:
    shop.clock.advance(40 * HOUR_S)
    shop.desk = shop.started()
    shop.desk.turn()
    shop.clock.advance(HOUR_S)

    shop.desk.turn()

    assert (shop.status, shop.counts) == ("halted", Counts(silent=len(DEVICES)))


def test_a_report_that_the_broker_dropped_is_made_good_by_the_next_one(shop: Shop) -> None:
    # The end of the trial never came; the device says again what it runs when it looks by itself.
    shop.clock.advance(23 * HOUR_S)
    shop.say("idle", 3)
    shop.clock.advance(2 * HOUR_S)

    shop.desk.turn()

    assert (shop.status, shop.counts) == ("done", Counts(committed=len(DEVICES)))


def test_what_was_heard_while_the_database_failed_is_kept_at_the_next_turn(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise OperationalError("INSERT", None, sqlite3.OperationalError("database is locked"))

    shop.say("idle", 2)
    with monkeypatch.context() as broken:
        broken.setattr(shop.store, "heard", failing)
        with pytest.raises(OperationalError):
            shop.desk.turn()

    shop.desk.turn()

    assert (shop.status, shop.counts) == ("done", Counts(committed=len(DEVICES)))
