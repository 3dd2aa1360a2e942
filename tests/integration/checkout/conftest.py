"""A running station for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.checkout.counter import Counter, make_counter


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = make_counter(tmp_path)
    yield made
    made.station.stop()
    made.database.close()
