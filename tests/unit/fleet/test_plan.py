"""What a device refuses before it fetches anything, each with its reason; floor and clock."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fleet.agent.floor import Floor, FloorFile
from fleet.agent.layout import Layout
from fleet.agent.machine import Machine
from fleet.agent.plan import Plan, Rejected, judge
from fleet.agent.signed_source import SignedRelease
from fleet.documents.release import Needs, OutboxFormat, Release
from tests.fakes.crash_disk import CrashDisk
from tests.fakes.device_life import NEW, OLD, manifest
from tests.unit.fleet.test_rollout import rollout

HERE = Machine("x86_64", "3.11", Path("/usr/bin/python3"))


def verdict(release: Release, *, floor: Floor = Floor(), machine: Machine = HERE, free_mb: int = 900) -> str:  # noqa: B008
    found = judge(
        SignedRelease(release, b""),
        rollout(),
        floor=floor,
        machine=machine,
        running=manifest(OLD),
        free_bytes=free_mb * 1024 * 1024,
        bytes_to_fetch=1000,
    )
    return found.reason if isinstance(found, Rejected) else "plan"


def test_a_release_that_fits_is_a_plan_of_its_wheels() -> None:
    found = judge(
        SignedRelease(manifest(NEW), b""), rollout(), floor=Floor(), machine=HERE, running=None,
        free_bytes=2**40, bytes_to_fetch=0,
    )  # fmt: skip

    assert isinstance(found, Plan)
    assert len(found.wheels) == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"needs": Needs(free_mb=1000)}, "space: 900 MB free, 1000 MB needed"),
        (
            {"needs": Needs(free_mb=0, libraries=("libnot-there.so.9",))},
            "libraries: libnot-there.so.9 missing",
        ),
        (
            {"outbox": OutboxFormat(writes=2, reads=(1, 2))},
            "outbox: 1.0.0 could not read format 2 after going back",
        ),
    ],
)
def test_what_the_machine_lacks_is_said(changes: dict[str, object], reason: str) -> None:
    assert verdict(manifest(NEW).model_copy(update=changes)) == reason


def test_another_machine_and_a_release_below_the_floor_are_refused() -> None:
    assert verdict(manifest(NEW), machine=Machine("aarch64", "3.11", Path("/"))).startswith("machine:")
    assert verdict(manifest(NEW), floor=Floor(seq=99)).startswith("floor:")
    assert verdict(manifest(NEW)) == "plan"


def test_the_floor_only_rises_and_survives() -> None:
    disk, layout = CrashDisk(), Layout(Path("/data"))
    disk.make_folder(layout.root)
    file = FloorFile(disk, layout)
    floor = Floor().raised_by_release(manifest(NEW).model_copy(update={"min_seq": 1, "built_at_s": 500}))
    floor = floor.raised_by_rollout(rollout(number=7, signed_at_s=900))
    file.raise_to(floor)

    again = FloorFile(disk, layout).read()
    assert again == Floor(1, (("stable", 7),), 900)
    assert not again.allows_rollout(rollout(number=6))
    assert again.allows_rollout(rollout(number=7))
    assert again.raised_by_rollout(rollout(number=3, signed_at_s=1)) == again


def test_a_clock_at_1970_is_wrong_and_one_that_runs_ahead_raises_nothing() -> None:
    # part of row 203
    floor = Floor(time_s=1_700_000_000)

    assert not floor.is_time_right(datetime(1970, 1, 1, 0, 5, tzinfo=UTC))
    assert floor.is_time_right(datetime(2026, 3, 2, tzinfo=UTC))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"seq": "x"}'])
def test_a_damaged_floor_is_the_lowest_one(data: bytes) -> None:
    disk, layout = CrashDisk(), Layout(Path("/data"))
    disk.make_folder(layout.root)
    disk.write(layout.floor, data)

    assert FloorFile(disk, layout).read() == Floor()
