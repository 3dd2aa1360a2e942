"""Use cases on the ports in memory."""

from collections.abc import Iterator

import pytest

from loyalty.services.context import ServiceContext
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import Counter, counter, service_context


@pytest.fixture
def database() -> InMemoryDatabase:
    return InMemoryDatabase()


@pytest.fixture
def ctx(clock: FakeClock) -> ServiceContext:
    return service_context(clock)


@pytest.fixture
def shop(database: InMemoryDatabase, ctx: ServiceContext) -> Iterator[Counter]:
    """The demo's shop in a unit of work that stays open for the test."""
    with database.unit_of_work() as uow:
        yield counter(uow, ctx)
