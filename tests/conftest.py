"""Fixtures that several folders of tests share."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.fakes.broker import MosquittoBroker
from tests.fakes.clock import FakeClock

# How long an example takes says how busy the machine is and nothing of what is tested.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Folders whose tests wait for browsers, windows, brokers, child processes or a played machine, which may be busy.
_OF_REAL_PROCESSES = ("ui", "integration", "system", "booted")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test of real processes is tried twice before it fails; the summary names it (ADR 0028).

    They come first: their files are the long ones, and one of them at the very end would leave a core idle.
    """
    here = config.rootpath / "tests"
    of_real_processes = {
        item
        for item in items
        if item.path.is_relative_to(here) and item.path.relative_to(here).parts[0] in _OF_REAL_PROCESSES
    }
    for item in of_real_processes:
        item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=lambda item: item not in of_real_processes)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Why each first try failed, which is told of a failure only."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.section(f"first try of {report.nodeid}", sep="_")
        terminalreporter.line(report.longreprtext)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MosquittoBroker]:
    """One broker for all tests that neither stop it nor revoke anyone; use other client names or clean up."""
    shared = MosquittoBroker(tmp_path_factory.mktemp("broker"))
    shared.start()
    yield shared
    shared.stop()


@pytest.fixture
def make_broker(tmp_path: Path) -> Iterator[Callable[..., MosquittoBroker]]:
    """Makes started brokers of the test's own, which it may kill, restart and reload."""
    made: list[MosquittoBroker] = []
    numbers = itertools.count()

    def make(**arguments: object) -> MosquittoBroker:
        directory = tmp_path / f"broker{next(numbers)}"
        directory.mkdir()
        broker = MosquittoBroker(directory, **arguments)  # type: ignore[arg-type]
        made.append(broker)
        broker.start()
        return broker

    yield make
    for broker in made:
        broker.stop()
