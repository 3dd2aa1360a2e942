"""Each filter's SQL and its check on one customer say the same, on made-up data, in both databases."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.adapters.sql.database import SqlDatabase
from loyalty.adapters.sql.filters.membership import MembershipQuery
from loyalty.adapters.sql.migrate import migrate
from loyalty.adapters.sql.repositories import find_customers
from loyalty.domain.filters import FilterSet, filters_from_json, filters_to_json, is_true_of
from runtime.ids import new_id
from tests.contract.loyalty.filters.population import Population, populate
from tests.contract.loyalty.filters.strategies import filters, moments
from tests.fakes.clock import FakeClock
from tests.fakes.shop import service_context


@dataclass
class World:
    database: SqlDatabase
    people: Population
    facts: list[Any]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder: Path = tmp_path_factory.mktemp("people")
    url = f"sqlite:///{folder / 'shop.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql").new_database()
    migrate(url)
    database = SqlDatabase.open(url)
    with database.unit_of_work() as uow:
        people = populate(uow, service_context(FakeClock()), seed=7)
        uow.commit()
    with database.reading() as uow:
        facts = [uow.activity.facts(each) for each in people.customers]
    yield World(database, people, facts)
    database.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_sql_finds_exactly_those_of_whom_the_check_is_true(world: World, data: st.DataObject) -> None:
    # rows 4, 5, 44, 48
    chosen = tuple(data.draw(st.lists(filters(world.people), min_size=1, max_size=3)))
    moment = data.draw(moments())
    stored = filters_from_json(filters_to_json(FilterSet(chosen)))
    assert stored == FilterSet(chosen)
    with world.database.reading() as uow:
        condition = stored.condition(uow.groups.known())
        demo = set(uow.directory.ids(condition, moment, None, 1000)) - set(world.people.customers)
        found = set(uow.directory.ids(condition, moment, None, 1000)) - demo
        wanted = {
            facts.customer_id
            for facts in world.facts
            if facts.is_listed and is_true_of(condition, facts, moment)
        }
        assert found == wanted
        count = uow.directory.count(condition, moment)
        assert count == len(found | demo)
        pages = _pages(uow, condition, moment, count)
        assert set(pages) == found | demo
        assert len(pages) == count
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(find_customers, "_LOOKED_AT_FIRST", 9)
            assert _pages(uow, condition, moment, count) == pages
        counted, first = uow.directory.counted(condition, moment, 7)
        assert counted == count
        assert [each.member.customer.id for each in first] == pages[:7]
        group_id = new_id()
        query = MembershipQuery([], {group_id: condition})
        for facts in world.facts[:15]:
            is_in = group_id in query.groups_of(uow._transaction, facts.customer_id, moment)
            assert is_in == (facts.customer_id in wanted)


def _pages(uow: Any, condition: Any, moment: Any, count: int) -> list[Any]:
    ids: list[Any] = []
    place = None
    while len(ids) < count:
        page = uow.directory.page(condition, moment, limit=7, after=place)
        if not page:
            break
        ids += [each.member.customer.id for each in page]
        place = page[-1].place
    return ids
