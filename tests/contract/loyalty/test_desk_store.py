"""The rollout desk's state: what holds on every database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from checkout.fleet_desk.store import SqlDeskStore
from fleet.desk.records import DeskStore, Fared, Outcome, RolloutRecord
from fleet.desk.rules import Counts, Pace
from fleet.documents.rollout import Window
from messaging.station.fleet import FleetReported, UpdateEnded
from tests.fakes.desk_store import InMemoryDeskStore
from tests.fakes.migrated import migrated_sqlite
from tests.fakes.postgresql import PostgresqlCluster

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DeskStore]:
    if request.param == "memory":
        yield InMemoryDeskStore()
        return
    if request.param == "postgresql":
        cluster: PostgresqlCluster = request.getfixturevalue("postgresql")
        url = cluster.new_migrated_database()
    else:
        url = migrated_sqlite(tmp_path / "shop.db")
    sql = SqlDeskStore.open(url)
    yield sql
    sql.close()


def rollout(release: str = "1.0.1", channel: str = "stable") -> RolloutRecord:
    return RolloutRecord(
        number=0,
        channel=channel,
        release=release,
        base="1.0.0",
        pace=Pace((1, 25, 100), timedelta(hours=24), 0.02, timedelta(hours=12)),
        window=Window(start="03:00", end="04:30"),
        urgent=False,
        jitter_s=600,
        status="running",
        stage=0,
        started_at=NOW,
        stage_since=NOW,
    )


def report(n: int, running: str = "1.0.0", last: UpdateEnded | None = None) -> FleetReported:
    return FleetReported(
        n=n, boot=UUID(int=1), running=running, channel="stable", stage="idle", last=last, free_mb=100
    )


def fared(device: str, outcome: Outcome, at: datetime = NOW, reason: str = "") -> Fared:
    return Fared(device, outcome, reason, at, "the log" if outcome == "failed" else "")


def test_rollouts_are_numbered_kept_and_changed(store: DeskStore) -> None:
    first, second = store.add_rollout(rollout()), store.add_rollout(rollout("1.0.2", "beta"))

    assert (first.number, second.number) == (1, 2)
    assert store.rollout(1) == first
    assert store.newest("stable") == first
    assert [each.number for each in store.rollouts()] == [2, 1]
    assert store.rollout(3) is None


def test_a_changed_rollout_is_what_it_was_changed_to(store: DeskStore) -> None:
    from dataclasses import replace

    first = store.add_rollout(rollout())
    changed = replace(first, status="halted", reason="3 failed", stage=1, stage_since=NOW + timedelta(days=1))
    store.change_rollout(changed)

    assert store.rollout(1) == changed


def test_an_older_report_never_hides_a_newer_one(store: DeskStore) -> None:
    end = UpdateEnded(release="1.0.1", result="rolled_back", reason="health: scan", tries=3, log="tail")
    store.heard({"s0001.k01": report(5, "1.0.1", end)}, {}, NOW)
    store.heard({"s0001.k01": report(4, "1.0.0")}, {}, NOW + timedelta(hours=1))

    found = store.device("s0001.k01")
    assert found is not None
    assert found.report == report(5, "1.0.1", end)
    assert found.heard_at == NOW
    assert store.versions() == {"1.0.1": 1}


def test_since_when_a_device_runs_its_release(store: DeskStore) -> None:
    def since(at: datetime) -> datetime | None:
        store.heard({"s0001.k01": report(int(at.timestamp()), release)}, {}, at)
        found = store.device("s0001.k01")
        return found.running_since if found is not None else None

    hour, release = timedelta(hours=1), "1.0.0"
    assert since(NOW) == NOW
    assert since(NOW + hour) == NOW
    release = "1.0.1"
    assert since(NOW + 2 * hour) == NOW + 2 * hour
    assert since(NOW + 3 * hour) == NOW + 2 * hour
    store.heard({"s0001.k01": report(1, "1.0.0")}, {}, NOW + 4 * hour)  # late
    release = "1.0.0"
    assert since(NOW + 5 * hour) == NOW + 5 * hour  # it went back


def test_outcomes_are_counted_and_a_failure_stays_one(store: DeskStore) -> None:
    number = store.add_rollout(rollout()).number
    names = [f"s0001.k{each:02}" for each in range(1, 5)]
    reports = {name: report(1) for name in names}
    store.heard(reports, {number: [fared(name, "working") for name in names]}, NOW)
    store.heard({}, {number: [fared(names[0], "committed"), fared(names[1], "failed", reason="scan")]}, NOW)
    store.heard({}, {number: [fared(names[1], "working")]}, NOW)

    assert store.counts(number) == Counts(working=2, committed=1, failed=1)
    assert [each.device for each in store.fared(number, ("failed",))] == [names[1]]
    assert store.fared(number, ("failed",))[0].log == "the log"


def test_who_began_and_says_nothing_is_silent(store: DeskStore) -> None:
    number = store.add_rollout(rollout()).number
    both = {"s0001.k01": report(1), "s0001.k02": report(1)}
    store.heard(both, {number: [fared(name, "working") for name in both]}, NOW)
    later = NOW + timedelta(hours=13)
    store.heard({"s0001.k02": report(2)}, {}, later)

    assert store.silence(number, later - timedelta(hours=12)) == 1
    assert store.silence(number, later - timedelta(hours=12)) == 0
    assert store.counts(number) == Counts(working=1, silent=1)
    store.heard({}, {number: [fared("s0001.k01", "committed", later)]}, later)
    assert store.counts(number) == Counts(working=1, committed=1)


def test_a_device_is_pinned_held_and_let_go_also_before_it_is_heard(store: DeskStore) -> None:
    store.decide("s0001.k01", pin="1.0.0", is_held=False)
    store.decide("s0001.k02", pin=None, is_held=True)
    store.heard({"s0001.k01": report(1)}, {}, NOW)

    assert [(each.device, each.pin, each.is_held) for each in store.decided()] == [
        ("s0001.k01", "1.0.0", False),
        ("s0001.k02", None, True),
    ]
    store.decide("s0001.k01", pin=None, is_held=False)
    store.decide("s0001.k02", pin=None, is_held=False)
    assert store.decided() == []
    assert [each.device for each in store.devices()] == ["s0001.k01", "s0001.k02"]
    assert store.device("s0001.k09") is None


def test_who_took_part_in_which_rollout_is_known(store: DeskStore) -> None:
    first, second = store.add_rollout(rollout()), store.add_rollout(rollout())
    store.heard({"s0001.k01": report(1)}, {second.number: [fared("s0001.k01", "working")]}, NOW)

    assert store.took_part(second.number, "s0001.k01")
    assert not store.took_part(first.number, "s0001.k01")
    assert not store.took_part(second.number, "s0001.k02")
