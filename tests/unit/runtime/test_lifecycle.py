import os
import signal
import subprocess
import sys
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


def test_an_outer_listener_is_told_too_and_comes_back() -> None:
    with stop_signals() as outer:
        with stop_signals() as inner:
            os.kill(os.getpid(), signal.SIGINT)
            assert inner.wait(5)
            assert outer.wait(5)
        outer.clear()
        os.kill(os.getpid(), signal.SIGTERM)
        assert outer.wait(5)
    assert signal.set_wakeup_fd(-1) == -1


def test_other_signals_do_not_ask_it_to_stop() -> None:
    before = signal.signal(signal.SIGUSR1, lambda *_: None)
    try:
        with stop_signals() as asked:
            os.kill(os.getpid(), signal.SIGUSR1)
            os.kill(os.getpid(), signal.SIGTERM)
            assert asked.wait(5)
            asked.clear()
            os.kill(os.getpid(), signal.SIGUSR1)
            assert not asked.wait(0.1)
    finally:
        signal.signal(signal.SIGUSR1, before)


BUSY = """
import os, signal, sys, threading
from runtime.lifecycle import stop_signals

def work():
    while True:
        pass

deaf = {signal.SIGTERM} if sys.argv[1] == "deaf" else set()
with stop_signals() as asked:
    for _ in range(4):
        threading.Thread(target=work, daemon=True).start()
    seen = 0
    print("ready", flush=True)
    # In the narrowest loop around the event's lock, where a handler that takes it would hang for ever; deaf, the
    # main thread never hears of a signal itself, as where the kernel gives it to another thread.
    signal.pthread_sigmask(signal.SIG_BLOCK, deaf)
    while seen < int(sys.argv[2]):
        if asked.wait(None if deaf else 0.0001):
            asked.clear()
            seen += 1
            print(seen, flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("main_thread", ["hears", "deaf"])
def test_no_signal_is_lost_while_every_thread_is_busy(main_thread: str) -> None:
    many = 25
    with subprocess.Popen(
        [sys.executable, "-c", BUSY, main_thread, str(many)], stdout=subprocess.PIPE, text=True
    ) as process:
        watch = threading.Timer(60, process.kill)
        watch.start()
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            for number in range(1, many + 1):
                process.send_signal(signal.SIGTERM)
                assert process.stdout.readline() == f"{number}\n"
            assert process.wait(20) == 0
        finally:
            watch.cancel()
            process.kill()


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
