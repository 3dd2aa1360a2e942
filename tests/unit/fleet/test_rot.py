"""A card of memory that loses bits: the running release is left for the one before, never for none."""

import os
import shutil
from pathlib import Path

import pytest

from fleet.agent.agent import Turn
from fleet.agent.layout import Layout
from fleet.agent.rot import EVERY_S, RotWatch, changed_files
from fleet.agent.switch import Switch
from tests.fakes.clock import FakeClock
from tests.fakes.device_life import LAYOUT, NEW, OLD, DeviceLife, new_device
from tests.fakes.fleet import make_wheel


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A release whose environment holds one unpacked wheel."""
    layout = Layout(tmp_path)
    site = layout.release("1.0.0") / "venv" / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    files = {"shop/__init__.py": "", "shop/prices.py": "VAT = 20\n", "shop/data.txt": "x" * 5000}
    shutil.unpack_archive(make_wheel(tmp_path / "wheels", "shop", "1.0.0", files), site, "zip")
    return layout.release("1.0.0")


def site_of(release: Path) -> Path:
    return release / "venv" / "lib" / "python3.11" / "site-packages"


def test_what_was_installed_is_sound(release: Path) -> None:
    assert changed_files(release) == []
    (site_of(release) / "shop" / "__pycache__").mkdir()
    (site_of(release) / "shop" / "__pycache__" / "prices.cpython-311.pyc").write_bytes(b"made at run time")
    assert changed_files(release) == []


@pytest.mark.parametrize("how", ["bit", "gone", "short", "record"])
def test_each_kind_of_rot_is_found(release: Path, how: str) -> None:
    # part of row 178
    path = site_of(release) / "shop" / "data.txt"
    if how == "bit":
        data = bytearray(path.read_bytes())
        data[4000] ^= 0x10
        path.write_bytes(data)
    elif how == "gone":
        path.unlink()
    elif how == "short":
        os.truncate(path, 100)
    else:
        path = next(site_of(release).glob("*.dist-info/RECORD"))
        path.write_bytes(b"\xff\xfe broken")

    assert changed_files(release) == ["RECORD" if how == "record" else "shop/data.txt"]


class Updater:
    """Of the agent: only what runs."""

    running = "1.0.0"


def test_it_is_looked_an_hour_after_the_start_and_then_each_week(release: Path) -> None:
    clock = FakeClock()
    watch = RotWatch(Layout(release.parents[1]), clock)
    assert not watch.is_due()
    clock.advance(3600)
    assert watch.is_due()

    assert watch.is_sound(Updater())  # type: ignore[arg-type]

    assert not watch.is_due()
    clock.advance(EVERY_S)
    assert watch.is_due()
    (site_of(release) / "shop" / "prices.py").write_text("VAT = 21\n")
    assert not watch.is_sound(Updater())  # type: ignore[arg-type]


def test_a_rotten_release_is_left_for_the_one_before_and_installed_anew() -> None:
    # part of row 178
    disk = new_device()
    DeviceLife(disk).live()
    assert Switch(disk, LAYOUT).current == NEW
    life = DeviceLife(disk, rots=NEW)

    life.live()

    # What was told of the time before it rotted is still the last end that is told.
    of_before = ("told as committed", "committed while")
    assert [each for each in life.violations if not each.startswith(of_before)] == []
    left = [each for each in life.was_told if each.trouble.startswith(f"rot: files of {NEW} changed")]
    assert left
    assert any(each.running == OLD for each in life.was_told)
    assert (Switch(disk, LAYOUT).current, life.device) == (NEW, NEW)  # fetched, installed and tried once more


def test_a_rotten_release_with_nothing_before_it_runs_on_and_says_so() -> None:
    disk = new_device()
    life = DeviceLife(disk, rots=OLD)
    life.running = life.device = OLD

    agent = life._agent(OLD, FakeClock())
    agent.begin()
    agent.turn()

    assert Switch(disk, LAYOUT).current == OLD
    assert any(each.trouble.startswith(f"rot: files of {OLD}") for each in life.was_told)


def test_a_rotten_release_is_left_only_once_nobody_is_served() -> None:
    # part of row 88
    disk = new_device()
    DeviceLife(disk).live()
    life = DeviceLife(disk, rots=NEW, is_serving=True)
    life.running = life.device = NEW
    agent = life._agent(NEW, FakeClock())
    agent.begin()

    assert [agent.turn() for _ in range(3)] == [Turn.GO_ON] * 3
    assert (Switch(disk, LAYOUT).current, life.device) == (NEW, NEW)
    assert life.was_told[-1].trouble.startswith(f"rot: files of {NEW} changed")

    life.is_serving = False
    assert agent.turn() is Turn.RESTART
    assert (Switch(disk, LAYOUT).current, life.device) == (OLD, OLD)
