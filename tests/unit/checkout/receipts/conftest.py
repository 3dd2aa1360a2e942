"""The demo's shop on the ports in memory."""

from collections.abc import Iterator

import pytest

from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import Counter, counter, service_context


@pytest.fixture
def shop(clock: FakeClock) -> Iterator[Counter]:
    with InMemoryDatabase().unit_of_work() as uow:
        yield counter(uow, service_context(clock))
