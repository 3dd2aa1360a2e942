import os
import signal
import threading

import pytest

from runtime.errors import LifecycleError
from runtime.ids import boot_id, new_id
from runtime.lifecycle import Worker, stop_signals
from runtime.notify import watchdog_interval_s


def test_a_worker_ends_when_it_is_asked() -> None:
    worker = Worker("w", lambda stopping: stopping.wait(10)).start()
    worker.stop(5)
    assert not worker.is_alive
    assert not worker.failed


def test_a_worker_that_does_not_end_is_an_error() -> None:
    release = threading.Event()
    worker = Worker("stuck", lambda stopping: release.wait(30)).start()
    with pytest.raises(LifecycleError, match="stuck"):
        worker.stop(0.05)
    release.set()
    worker.stop(5)


def test_a_death_is_told() -> None:
    told: list[str] = []

    def die(stopping: threading.Event) -> None:
        raise RuntimeError("boom")

    worker = Worker("mortal", die, told.append).start()
    worker.stop(5)
    assert worker.failed
    assert told == ["mortal"]


def test_sigterm_asks_the_process_to_stop_and_the_old_handler_comes_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stop_signals() as asked:
        os.kill(os.getpid(), signal.SIGTERM)
        assert asked.wait(5)
    assert signal.getsignal(signal.SIGTERM) is before


def test_ids_sort_by_the_time_they_were_made_and_the_boot_stays_the_same() -> None:
    made = [new_id() for _ in range(200)]
    assert made == sorted(made)
    assert {each.version for each in made} == {7}
    assert boot_id() == boot_id()


def test_the_watchdog_is_fed_twice_per_period(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "10000000")
    assert watchdog_interval_s() == 5.0
    monkeypatch.setenv("WATCHDOG_USEC", "x")
    assert watchdog_interval_s() is None
