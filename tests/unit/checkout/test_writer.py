"""The one writer: order, one transaction a piece, slices, bounds, an orderly end."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from checkout.errors import WriterBusyError, WriterStoppedError
from checkout.writer import LONG_SLICE_S, Priority, SliceTime, Writer


class Unit:
    def __init__(self, journal: list[str]) -> None:
        self.journal = journal

    def commit(self) -> None:
        self.journal.append("commit")


class Units:
    """Opens units that write what happens to them in one journal."""

    def __init__(self) -> None:
        self.journal: list[str] = []

    @contextmanager
    def __call__(self) -> Iterator[Unit]:
        self.journal.append("begin")
        try:
            yield Unit(self.journal)
        finally:
            self.journal.append("end")


@pytest.fixture
def units() -> Units:
    return Units()


@pytest.fixture
def writer(units: Units) -> Iterator[Writer[Unit]]:
    made = Writer(units, capacity=50)
    yield made
    made.stop()


def held(writer: Writer[Unit]) -> threading.Event:
    """Start the writer and keep it busy until the event is set, so that a queue builds up."""
    go, running = threading.Event(), threading.Event()

    def block() -> None:
        running.set()
        go.wait(10)

    writer.run(Priority.COUNTER, block)
    writer.start()
    assert running.wait(10)
    return go


def test_counter_events_go_before_staff_and_staff_before_background(writer: Writer[Unit]) -> None:
    go = held(writer)
    order: list[str] = []
    futures = [
        writer.submit(priority, lambda _unit, name=name: order.append(name))
        for priority, name in (
            (Priority.BACKGROUND, "import"),
            (Priority.STAFF, "till"),
            (Priority.COUNTER, "scan 1"),
            (Priority.COUNTER, "scan 2"),
        )
    ]
    go.set()
    for future in futures:
        future.result(10)
    assert order == ["scan 1", "scan 2", "till", "import"]


def test_a_sign_of_life_waits_for_no_backlog_not_even_for_a_full_one(writer: Writer[Unit]) -> None:
    go = held(writer)
    done: list[str] = []
    for _ in range(50):
        last = writer.submit(Priority.COUNTER, lambda unit: done.append("scan"))

    writer.run(Priority.SIGN_OF_LIFE, lambda: done.append("alive"))
    go.set()

    last.result(10)
    assert done[0] == "alive"
    assert done.count("scan") == 50


def test_each_piece_of_work_is_one_transaction(writer: Writer[Unit], units: Units) -> None:
    writer.start()
    writer.submit(Priority.STAFF, lambda unit: unit.journal.append("work")).result(10)
    assert units.journal == ["begin", "work", "commit", "end"]


def test_what_raises_is_not_committed_and_the_caller_gets_the_error(
    writer: Writer[Unit], units: Units
) -> None:
    writer.start()

    def fail(_unit: Unit) -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        writer.submit(Priority.STAFF, fail).result(10)
    assert "commit" not in units.journal
    assert writer.figures().failed == 1
    assert writer.submit(Priority.STAFF, lambda _unit: 7).result(10) == 7, "the writer lives on"


def test_what_follows_runs_after_the_commit_and_before_the_future_is_done(
    writer: Writer[Unit], units: Units
) -> None:
    writer.start()
    seen: list[list[str]] = []
    writer.submit(Priority.COUNTER, lambda _unit: 1, lambda _result: seen.append(list(units.journal))).result(
        10
    )
    assert seen == [["begin", "commit", "end"]]


def test_a_failure_of_what_follows_does_not_undo_or_stop_anything(writer: Writer[Unit]) -> None:
    writer.start()

    def fail(_result: int) -> None:
        raise OSError("the broker is gone")

    assert writer.submit(Priority.COUNTER, lambda _unit: 1, fail).result(10) == 1


def test_a_counter_event_goes_between_two_slices_of_an_import(writer: Writer[Unit]) -> None:
    go = held(writer)
    order: list[str] = []

    def slice_of_work(_unit: Unit, _time: SliceTime) -> bool:
        order.append("slice")
        if len(order) == 1:
            writer.run(Priority.COUNTER, lambda: order.append("scan"))
        return order.count("slice") < 3

    done = writer.submit_slices(slice_of_work)
    go.set()
    done.result(10)
    assert order == ["slice", "scan", "slice", "slice"]


def test_a_slice_goes_on_until_somebody_waits_for_the_writer(writer: Writer[Unit]) -> None:
    seen: list[bool] = []

    def slice_of_work(_unit: Unit, time: SliceTime) -> bool:
        seen.append(time.is_over)
        writer.submit(Priority.BACKGROUND, lambda _unit: 1)
        seen.append(time.is_over)
        writer.submit(Priority.COUNTER, lambda _unit: 1)
        seen.append(time.is_over)
        return False

    writer.start()
    writer.submit_slices(slice_of_work).result(10)
    assert seen == [False, False, True]


def test_a_slice_has_an_end_although_nobody_waits() -> None:
    now_s = [100.0]
    time = SliceTime(lambda: False, lambda: now_s[0])
    assert not time.is_over
    now_s[0] += LONG_SLICE_S
    assert time.is_over


def test_a_full_queue_refuses_more_work_instead_of_dropping_some(writer: Writer[Unit]) -> None:
    go = held(writer)
    futures = [writer.submit(Priority.STAFF, lambda _unit: 1) for _ in range(50)]
    with pytest.raises(WriterBusyError):
        writer.submit(Priority.STAFF, lambda _unit: 1)
    go.set()
    assert [future.result(10) for future in futures] == [1] * 50


def test_stopping_finishes_what_waits_and_refuses_new_work(writer: Writer[Unit]) -> None:
    go = held(writer)
    future = writer.submit(Priority.BACKGROUND, lambda _unit: "done")
    stopper = threading.Thread(target=writer.stop)
    stopper.start()
    go.set()
    assert future.result(10) == "done"
    stopper.join(10)
    with pytest.raises(WriterStoppedError):
        writer.submit(Priority.STAFF, lambda _unit: 1)
