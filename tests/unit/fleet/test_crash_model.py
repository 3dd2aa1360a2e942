"""The power may go before every operation of an update: the real agent always ends on a running release.

The disk is the crash model of ``tests.fakes.crash_disk``; the agent, its steps and its disk protocol are the
product's own. ``COMPTOIR_CRASH_MODEL=whole`` takes every second crash too, instead of a sample.
"""

import itertools
import logging
import os
from collections.abc import Callable, Iterator

import pytest

from fleet.agent.floor import FloorFile
from fleet.agent.switch import Switch
from messaging.station.fleet import FleetReported
from tests.fakes.crash_disk import Content, CrashDisk, PowerCut
from tests.fakes.device_life import LAYOUT, NEW, OLD, DeviceLife, new_device


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of releases are given up here."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


IS_WHOLE = os.environ.get("COMPTOIR_CRASH_MODEL") == "whole"
Skip = Callable[[str], bool]
EXTREMES: tuple[tuple[bool, Content], ...] = tuple(
    itertools.product((True, False), ("old", "empty", "new"))  # type: ignore[arg-type]
)


def cut(
    disk: CrashDisk,
    before: int,
    is_new_good: bool,
    told: list[FleetReported],
    *,
    loses_restarts: bool = False,
) -> bool:
    """Live until the power goes before that operation; False where it never comes to it."""
    disk.cut_before, disk.operations = before, 0
    life = DeviceLife(disk, is_new_good, was_told=told, loses_restarts=loses_restarts)
    try:
        life.live()
    except PowerCut:
        return True
    finally:
        disk.cut_before = None
    assert life.violations == [], life.violations
    return False


def violations_after(
    disk: CrashDisk, is_new_good: bool, told: list[FleetReported], *, loses_restarts: bool = False
) -> list[str]:
    """What is wrong once a disk that came back has run to its end."""
    life = DeviceLife(disk, is_new_good, was_told=told, loses_restarts=loses_restarts)
    switch = Switch(disk, LAYOUT)
    found = life.violations
    if switch.trial is not None and FloorFile(disk, LAYOUT).read().rollout != (("stable", 3),):
        found.append("a trial that the floor does not know of: an older rollout could undo it")
    life.live()
    if switch.trial is not None:
        found.append(f"{switch.trial} stays on trial for ever")
    if switch.current is None or not life.is_whole(switch.current):
        found.append(f"the current release {switch.current} is not whole")
    if not is_new_good and switch.current != OLD:
        found.append("a bad release was committed")
    if is_new_good and switch.current != NEW:
        found.append("a good release was given up on account of power cuts")
    if switch.current == NEW and switch.previous != OLD:
        found.append("nothing is left to fall back to")
    last = told[-1].last if told else None
    if last is None or last.result != ("committed" if is_new_good else "rolled_back"):
        found.append("the desk is never told how it ended")
    return found


def cases(is_new_good: bool, skip: Skip) -> Iterator[tuple[int, CrashDisk, list[FleetReported]]]:
    """Every power cut with every outcome: before which operation, the disk that comes back, what was told."""
    for before in itertools.count():
        start, told = new_device(), list[FleetReported]()
        start.skip = skip
        if not cut(start, before, is_new_good, told):
            return
        for kept, content in start.outcomes():
            yield before, start.after_cut(kept, content), list(told)


def violations(is_new_good: bool, skip: Skip = lambda _label: False) -> Iterator[str]:
    for before, disk, told in cases(is_new_good, skip):
        yield from (f"cut before {before}: {each}" for each in violations_after(disk, is_new_good, told))


@pytest.mark.parametrize("is_new_good", [True, False], ids=["good", "bad"])
def test_a_power_cut_anywhere_ends_on_a_running_release(is_new_good: bool) -> None:
    # part of row 178
    found, count = [], 0
    for before, disk, told in cases(is_new_good, lambda _label: False):
        count += 1
        found += [f"cut before {before}: {each}" for each in violations_after(disk, is_new_good, told)]

    assert found == []
    assert count > 300


@pytest.mark.parametrize("is_new_good", [True, False], ids=["good", "bad"])
def test_without_a_power_cut_the_good_one_stays_and_the_bad_one_goes(is_new_good: bool) -> None:
    disk, told = new_device(), list[FleetReported]()

    assert violations_after(disk, is_new_good, told) == []
    assert Switch(disk, LAYOUT).current == (NEW if is_new_good else OLD)
    last = told[-1].last
    assert last is not None
    assert last.result == ("committed" if is_new_good else "rolled_back")
    assert told[-1].running == (NEW if is_new_good else OLD)


@pytest.mark.parametrize("is_new_good", [True, False], ids=["good", "bad"])
def test_a_lost_restart_of_the_counter_commits_nothing_unproved(is_new_good: bool) -> None:
    # part of row 178
    found: list[str] = []
    for before in itertools.count():
        start, told = new_device(), list[FleetReported]()
        if not cut(start, before, is_new_good, told, loses_restarts=True):
            break
        disk = start.after_cut((True,) * len(next(iter(start.outcomes()))[0]), "new")
        found += violations_after(disk, is_new_good, told, loses_restarts=True)

    assert found == []
    assert before > 30


@pytest.mark.parametrize("is_new_good", [True, False], ids=["good", "bad"])
@pytest.mark.timeout(600)
def test_a_second_power_cut_in_the_recovery_changes_nothing(is_new_good: bool) -> None:
    found: list[str] = []
    count = 0
    for before in itertools.count():
        start, told = new_device(), list[FleetReported]()
        if not cut(start, before, is_new_good, told):
            break
        free = len(next(iter(start.outcomes()))[0])
        for number, (keeps, content) in enumerate(EXTREMES):
            for again in itertools.count():
                if not IS_WHOLE and (before + 2 * again + number) % 23:
                    if again > 120:
                        break
                    continue
                disk, heard = start.after_cut((keeps,) * free, content), list(told)
                if not cut(disk, again, is_new_good, heard):
                    break
                for kept_again, content_again in ((True, "new"), (False, "empty")):
                    many = len(next(iter(disk.outcomes()))[0])
                    last = disk.after_cut((kept_again,) * many, content_again)  # type: ignore[arg-type]
                    count += 1
                    found += [
                        f"cuts before {before} and {again}: {each}"
                        for each in violations_after(last, is_new_good, list(heard))
                    ]

    assert found == []
    assert count > 100


EXPLAINED = {
    "_point: sync_dir data": "a trial that was not armed is armed again: only later",
    "excuse: sync_dir data": "arming syncs the same folder",
    "excuse: sync_file .new": "lost excuses make the trial stricter",
    "fetch: sync_dir blobs": "a blob without a name is fetched again",
    "fetch: sync_file .part": "a blob is hashed again before it is installed",
    "install: sync_file READY": "its name alone counts",
    "raise_to: sync_dir data": "arming syncs the same folder",
    "raise_to: sync_file .new": "installing, which comes later here, syncs everything",
    "remember: sync_file .new": "an unreadable record still says no",
}
"""Syncs without which nothing goes wrong in the model, and why. They cost little and make states exact."""


def every_sync() -> list[str]:
    labels: set[str] = set()
    for is_new_good in (True, False):
        disk = new_device()
        DeviceLife(disk, is_new_good).live()
        labels |= disk.labels
    return sorted(labels - {"_launch: sync_file tries"})


@pytest.mark.parametrize("label", every_sync())
def test_each_sync_is_needed_or_explained(label: str) -> None:
    if label in EXPLAINED and not IS_WHOLE:
        pytest.skip(EXPLAINED[label])

    found = next(violations(True, label.__eq__), None) or next(violations(False, label.__eq__), None)

    assert (found is not None) is (label not in EXPLAINED), found


@pytest.mark.parametrize("is_counted", [True, False], ids=["synced", "not_synced"])
def test_a_release_whose_start_takes_the_power_is_given_up_if_tries_are_synced(is_counted: bool) -> None:
    disk = new_device()
    disk.skip = lambda label: label == "_launch: sync_file tries" and not is_counted
    told: list[FleetReported] = []
    for _ in range(20):
        life = DeviceLife(disk, kills_power=True, was_told=told)
        try:
            life.live()
        except PowerCut:
            free = len(next(iter(disk.outcomes()))[0])
            disk = disk.after_cut((True,) * free, "old")
        else:
            break

    assert (Switch(disk, LAYOUT).current, Switch(disk, LAYOUT).trial) == (OLD, None if is_counted else NEW)
