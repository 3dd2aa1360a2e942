"""One kiosk window for all tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.ui.kiosk.driving import KioskWindow


@pytest.fixture(scope="session")
def shared_window() -> Iterator[KioskWindow]:
    window = KioskWindow("800x480")
    yield window
    window.close()


@pytest.fixture
def window(shared_window: KioskWindow) -> KioskWindow:
    shared_window.open()
    return shared_window
