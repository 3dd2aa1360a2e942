"""The machine is booted once for the whole run; without ``make test-system`` nothing here is collected."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.booted.guest import Guest
from tests.booted.image import image
from tests.booted.shop import install, listen, open_shop, wait_until_open
from tests.booted.usb import SCANNER

collect_ignore_glob = [] if os.environ.get("COMPTOIR_BOOTED") else ["test_*.py"]
MEMBERS = 480


@pytest.fixture(scope="session")
def seen() -> Iterator[dict[str, object]]:
    """What the run tells at its end."""
    told: dict[str, object] = {}
    yield told
    print("\n\nseen on the booted machine:")
    for what, figure in told.items():
        print(f"  {what}: {figure}")


@pytest.fixture(scope="session")
def guest(tmp_path_factory: pytest.TempPathFactory, seen: dict[str, object]) -> Iterator[Guest]:
    """A booted station with a lane whose scanner is plugged in."""
    folder: Path = tmp_path_factory.mktemp("guest")
    machine = Guest(image(), folder)
    try:
        seen["boot to all services of Debian, s"] = round(machine.power_on())
        seen["make install said last"] = install(machine).splitlines()[-2]
        open_shop(machine, MEMBERS)
        wait_until_open(machine)
        listen(machine)
        SCANNER.plug(machine)
        yield machine
    finally:
        machine.cut_power()
