"""What an update leaves behind is taken away, and nothing that is still needed; also when the power goes."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from fleet.agent.switch import Switch
from fleet.documents.release import Needs
from fleet.errors import FetchError
from messaging.station.fleet import FleetReported
from tests.fakes.clock import FakeClock
from tests.fakes.crash_disk import CrashDisk, PowerCut
from tests.fakes.device_life import LAYOUT, NEW, OLD, DeviceLife, WheelReader, manifest, new_device

ANCIENT, FOREIGN = "0.9.0", "ab" * 32


def littered() -> CrashDisk:
    """A device that runs the new release, with what years left on it."""
    disk = new_device()
    DeviceLife(disk).live()
    folder = LAYOUT.release(ANCIENT)
    disk.make_folder(folder / "venv")
    disk.write(folder / "venv" / "code.py", b"old")
    disk.write(folder / "READY", ANCIENT.encode())
    disk.make_folder(LAYOUT.release("0.8.0") / "venv")
    disk.write(LAYOUT.blob(FOREIGN), b"of nobody")
    disk.write(LAYOUT.part(FOREIGN), b"of nob")
    disk.settle()
    disk.operations = 0
    return disk


def blobs(disk: CrashDisk) -> set[str]:
    return set(disk.names(LAYOUT.blobs))


def test_only_the_release_that_runs_and_the_one_before_stay() -> None:
    # part of row 178
    disk = littered()

    DeviceLife(disk).live()

    assert disk.names(LAYOUT.releases) == [OLD, NEW]
    assert blobs(disk) == {wheel.sha256 for wheel in manifest(NEW).wheels}
    assert (Switch(disk, LAYOUT).current, Switch(disk, LAYOUT).previous) == (NEW, OLD)


def test_a_power_cut_while_it_is_taken_away_costs_nothing() -> None:
    for before in itertools.count():
        disk = littered()
        disk.cut_before = before
        try:
            DeviceLife(disk).live()
            break
        except PowerCut:
            pass
        for kept, content in disk.outcomes():
            back = disk.after_cut(kept, content)
            life = DeviceLife(back)
            assert life.is_whole(NEW)
            assert life.is_whole(OLD)
            life.live()
            assert life.violations == []
            assert back.names(LAYOUT.releases) == [OLD, NEW]
    assert before > 5


@dataclass
class CutLine(WheelReader):
    """Gives a few bytes at a time and then breaks off; notes all that it gave."""

    gave: int = 0
    asked: list[int] = field(default_factory=list)

    def read(self, path: str, *, start: int = 0) -> Iterator[bytes]:
        self.asked.append(start)
        for piece in itertools.islice(super().read(path, start=start), 1):
            self.gave += len(piece)
            yield piece
        raise FetchError("the line was cut")


def test_a_download_that_is_cut_again_and_again_is_fetched_only_once() -> None:
    # part of row 178
    disk, line, clock = new_device(), CutLine(), FakeClock()
    life = DeviceLife(disk, reader=line)
    life.running = life.device = OLD
    agent = life._agent(OLD, clock)
    agent.begin()
    for _ in range(40):
        agent.turn()
        clock.advance(3600)

    wheels = manifest(NEW).wheels
    assert line.gave == sum(wheel.length for wheel in wheels)
    assert blobs(disk) >= {wheel.sha256 for wheel in wheels}
    assert max(line.asked) > 8


class SmallDisk(CrashDisk):
    """One that has room for a little."""

    room = 200

    def free_bytes(self, folder: Path) -> int:
        used = sum(self.size(LAYOUT.blobs / name) for name in self.names(LAYOUT.blobs))
        return self.room - used


def test_what_an_abandoned_release_left_is_not_in_the_way_of_the_next_one() -> None:
    # part of row 178
    disk = new_device()
    disk.__class__ = SmallDisk
    disk.write(LAYOUT.part(FOREIGN), b"x" * 190)
    disk.settle()
    assert manifest(NEW).needs == Needs(free_mb=0)
    told = list[FleetReported]()

    DeviceLife(disk, was_told=told).live()

    assert [
        each.last.reason for each in told if each.last is not None and each.last.result == "rejected"
    ] == []
    assert Switch(disk, LAYOUT).current == NEW
