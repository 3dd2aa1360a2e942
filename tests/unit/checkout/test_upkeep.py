"""Upkeep: nothing published is forgotten while the writer is busy; old bookkeeping goes once a day."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from checkout import upkeep as module
from checkout.errors import WriterBusyError
from checkout.upkeep import Upkeep
from checkout.writer import Priority
from runtime.ids import new_id
from tests.fakes.clock import FakeClock

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


class Writing:
    """A writer that works at once, or is full."""

    def __init__(self) -> None:
        self.is_full = False
        self.marked: list[UUID] = []
        outbound = SimpleNamespace(mark_published=lambda ids, at: self.marked.extend(ids))
        self._unit = SimpleNamespace(outbound=outbound)

    def submit(self, priority: Priority, work: Callable[[Any], Any]) -> "Future[Any]":
        assert priority is Priority.BACKGROUND
        if self.is_full:
            raise WriterBusyError("full")
        future: Future[Any] = Future()
        try:
            future.set_result(work(self._unit))
        except RuntimeError as error:
            future.set_exception(error)
        return future

    def run(self, priority: Priority, work: Callable[[], None]) -> None:
        assert priority is Priority.BACKGROUND
        if self.is_full:
            raise WriterBusyError("full")
        work()


@pytest.fixture
def writing() -> Writing:
    return Writing()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def tidied(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    calls: list[object] = []
    monkeypatch.setattr(module, "tidy", lambda unit, ctx: calls.append(ctx))
    return calls


@pytest.fixture(autouse=True)
def slices(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What the one piece of clock work has left to do; each slice does one."""
    left: list[int] = []

    def work(unit: object, ctx: object) -> int:
        return left.pop() if left else 0

    monkeypatch.setattr(module, "CLOCK_SLICES", (work,))
    return left


def upkeep_of(writing: Writing, clock: FakeClock) -> Upkeep:
    return Upkeep(writing, SimpleNamespace(clock=clock))  # type: ignore[arg-type]


def test_what_was_published_is_noted_later_where_the_writer_is_busy(
    writing: Writing, clock: FakeClock, tidied: list[object]
) -> None:
    upkeep, first, second = upkeep_of(writing, clock), new_id(), new_id()
    upkeep.published(first)
    writing.is_full = True
    upkeep.do_what_is_due()
    assert writing.marked == []
    writing.is_full = False
    upkeep.published(second)
    upkeep.do_what_is_due()
    assert sorted(writing.marked) == sorted([first, second])
    upkeep.do_what_is_due()
    assert len(writing.marked) == 2


def test_bookkeeping_is_tidied_at_the_start_and_then_once_a_day(
    writing: Writing, clock: FakeClock, tidied: list[object]
) -> None:
    upkeep = upkeep_of(writing, clock)
    for _ in range(3):
        upkeep.do_what_is_due()
    assert len(tidied) == 1
    clock.advance(24 * 3600)
    upkeep.do_what_is_due()
    assert len(tidied) == 2


def test_a_failure_is_logged_and_ends_nothing(
    writing: Writing, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def failing(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(module, "tidy", failing)
    upkeep_of(writing, clock).do_what_is_due()
    assert "upkeep failed" in caplog.text


def test_the_shops_clock_works_every_minute_slice_by_slice_until_nothing_is_left(
    writing: Writing, clock: FakeClock, tidied: list[object], slices: list[int]
) -> None:
    # rows 159, 164
    upkeep = upkeep_of(writing, clock)
    slices.extend([100, 100, 7])
    upkeep.do_what_is_due()
    assert slices == []
    slices.append(1)
    clock.advance(59)
    upkeep.do_what_is_due()
    assert slices == [1]
    clock.advance(1)
    upkeep.do_what_is_due()
    assert slices == []


def test_the_files_of_whom_the_clock_forgot_go_at_once(
    writing: Writing, clock: FakeClock, tidied: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    # part of row 201
    left, swept = [3, 2], []

    def forgetting(unit: object, ctx: object) -> int:
        return left.pop() if left else 0

    monkeypatch.setattr(module, "CLOCK_SLICES", (forgetting,))
    monkeypatch.setattr(module, "forget_inactive_slice", forgetting)
    monkeypatch.setattr(module, "sweep_files", lambda unit, files: swept.append(files))
    files = SimpleNamespace()
    upkeep = Upkeep(writing, SimpleNamespace(clock=clock), files=files)  # type: ignore[arg-type]
    upkeep.do_what_is_due()
    assert len(swept) == 3, "the daily round, and once after each slice that forgot somebody"
    clock.advance(60)
    upkeep.do_what_is_due()
    assert len(swept) == 3


def test_the_journal_is_emptied_after_an_erasure_and_each_day(
    writing: Writing, clock: FakeClock, tidied: list[object]
) -> None:
    # part of row 176
    answers, asked = [True, False, False, True, True, True], []

    def fold() -> bool:
        asked.append(clock.monotonic_s())
        return answers[len(asked) - 1]

    upkeep = Upkeep(writing, SimpleNamespace(clock=clock), fold_journal=fold)  # type: ignore[arg-type]
    upkeep.do_what_is_due()
    assert len(asked) == 1, "at the start: a station that was killed may have left something"
    clock.advance(60)
    upkeep.do_what_is_due()
    assert len(asked) == 1
    upkeep.after_erasure()
    assert len(asked) == 2
    for rounds in (3, 4, 4):
        clock.advance(60)
        upkeep.do_what_is_due()
        assert len(asked) == rounds, "again until nobody reads"
    writing.is_full = True
    upkeep.after_erasure()
    writing.is_full = False
    clock.advance(60)
    upkeep.do_what_is_due()
    assert len(asked) == 5, "the writer was full"
    clock.advance(24 * 3600)
    upkeep.do_what_is_due()
    assert len(asked) == 6
