"""The machine is booted once for the whole run; without ``make test-system`` nothing here is collected."""

import os
from collections.abc import Iterator

import pytest

from tests.booted.guest import Guest
from tests.booted.image import image
from tests.booted.kept import open_again, open_counter
from tests.booted.missing import missing

_IS_ASKED = bool(os.environ.get("COMPTOIR_BOOTED"))
collect_ignore_glob = [] if _IS_ASKED else ["test_*.py"]


def pytest_configure() -> None:
    """Where the machine cannot be booted nothing is tried; whether that is a failure the caller has said."""
    if _IS_ASKED and (lacking := missing()):
        is_failure = not os.environ.get("COMPTOIR_BOOTED_OPTIONAL")
        pytest.exit(f"test-system: skipped, for want of {lacking}", returncode=int(is_failure))


@pytest.fixture(scope="session")
def seen() -> Iterator[dict[str, object]]:
    """What the run tells at its end."""
    told: dict[str, object] = {}
    yield told
    print("\n\nseen on the booted machine:")
    for what, figure in told.items():
        print(f"  {what}: {figure}")


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory, seen: dict[str, object]) -> Iterator[Guest]:
    """An open station with a lane whose scanner is plugged in."""
    machine, figures = open_counter(image(), tmp_path_factory.mktemp("guest"))
    seen.update(figures)
    try:
        yield machine
    finally:
        machine.cut_power()


@pytest.fixture(autouse=True)
def _on_a_machine_that_runs(request: pytest.FixtureRequest, seen: dict[str, object]) -> None:
    """A second try of a test whose machine fell begins on one that runs; without it the fall fails all that follow."""
    for name in {"guest", "logged"} & set(request.fixturenames):
        machine: Guest = request.getfixturevalue(name)
        if not machine.runs:
            seen[f"the machine had fallen before {request.node.name}; its last words"] = machine.last_words()
            open_again(machine)


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory, seen: dict[str, object]) -> Iterator[Guest]:
    """Another one, whose disk's writes are written down."""
    folder = tmp_path_factory.mktemp("logged")
    machine, figures = open_counter(image(), folder, log=folder / "writes.log")
    seen.update(figures)
    try:
        yield machine
    finally:
        machine.cut_power()
