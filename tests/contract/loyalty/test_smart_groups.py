"""Who joins and leaves smart groups, by what they do and by the clock, to the microsecond."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.filters import Comparator, FilterSet, Moment, Period, PeriodKind
from loyalty.domain.filters.birthday_soon import BirthdaySoon
from loyalty.domain.filters.visits import Visits
from loyalty.domain.group import Group
from loyalty.domain.presets import RULES, BusinessType, Preset, preset_filters
from loyalty.ports.smart_groups import Cause, Change
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.follow_groups import follow_slice
from loyalty.services.group_view import group_view
from runtime.ids import new_id
from tests.contract.loyalty.test_activity import bought
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase as Database
from tests.fakes.shop import IDRIS, counter

COFFEE = "Café crème"


def smart_group(uow: UnitOfWork, filters: FilterSet, name: str = "Groupe") -> Group:
    group = Group(new_id(), name)
    uow.groups.add(group)
    uow.groups.put_filters(group.id, filters)
    return group


def follow(database: Database, ctx: ServiceContext) -> None:
    for _ in range(50):
        with database.unit_of_work() as uow:
            done = follow_slice(uow, ctx)
            uow.commit()
        if not done:
            return
    raise AssertionError("the work does not end")


def told(database: Database, group: Group) -> Sequence[tuple[Change, Cause, datetime]]:
    with database.reading() as uow:
        return [(each.change, each.cause, each.at) for each in uow.smart_groups.changes(group.id, 100)][::-1]


def count(database: Database, group: Group) -> int:
    with database.reading() as uow:
        state = uow.smart_groups.state(group.id)
        assert state is not None
        assert state.is_built
        assert state.members == len(uow.smart_groups.members(group.id, 100))
        return state.members


def test_regulars_become_lapsed_at_the_very_instant_with_no_event(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # rows 55, 56, 177, X1
    with database.unit_of_work() as uow:
        counter(uow, ctx)
        regulars = smart_group(uow, preset_filters(Preset.REGULARS, BusinessType.FOOD), "Habituels")
        lapsed = smart_group(uow, preset_filters(Preset.LAPSED, BusinessType.FOOD), "Inactifs")
        uow.commit()
    follow(database, ctx)
    for _ in range(4):
        clock.advance(3600)
        with database.unit_of_work() as uow:
            last = bought(counter(uow, ctx), IDRIS, COFFEE).closed_at
            uow.commit()
    assert last is not None
    clock.advance(20)
    follow(database, ctx)
    assert [each[:2] for each in told(database, regulars)] == [(Change.JOINED, Cause.ACTIVITY)]
    clock.advance(timedelta(weeks=8).total_seconds() - 21)
    follow(database, ctx)
    assert (count(database, regulars), count(database, lapsed)) == (1, 0)
    clock.advance(7 * 24 * 3600 + 0.5)
    follow(database, ctx)
    boundary = last + timedelta(weeks=8)
    assert told(database, regulars)[-1] == (Change.LEFT, Cause.CLOCK, boundary)
    assert told(database, lapsed) == [(Change.JOINED, Cause.CLOCK, boundary)]
    assert (count(database, regulars), count(database, lapsed)) == (0, 1)
    with database.unit_of_work() as uow:
        bought(counter(uow, ctx), IDRIS, COFFEE)
        uow.commit()
    follow(database, ctx)
    assert (count(database, regulars), count(database, lapsed)) == (1, 0)
    follow(database, ctx)
    assert len(told(database, lapsed)) == 2
    with database.unit_of_work() as uow:
        trend = group_view(uow, ctx, regulars.id, counter(uow, ctx).staff).trend
    moved = [(each.joined, each.left, each.members) for each in trend if each.joined or each.left]
    assert moved[-1][2] == 1, "back again"
    assert sum(each[0] for each in moved) == 2
    assert [each.members for each in trend[:3]] == [0, 0, 0]
    assert (1, 0, 1) in moved, "the week of the first visits"
    assert len(trend) == 12


@pytest.mark.parametrize("business", list(BusinessType))
def test_regular_and_lapsed_never_hold_at_once(
    database: Database, ctx: ServiceContext, clock: FakeClock, business: BusinessType
) -> None:
    # rows 58, 59, 60, X1, X2
    regulars, lapsed = RULES[business]
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        for _ in range(4):
            at = bought(shop, IDRIS, COFFEE).closed_at
            clock.advance(1)
        assert at is not None
        known = uow.groups.known()
        conditions = [
            preset_filters(each, business).condition(known) for each in (Preset.REGULARS, Preset.LAPSED)
        ]
        assert regulars.weeks == lapsed.weeks
        boundary = at + timedelta(weeks=regulars.weeks)
        for moment, wanted in (
            (boundary - timedelta(microseconds=1), [1, 0]),
            (boundary, [0, 1]),
            (boundary + timedelta(weeks=500), [0, 1]),
        ):
            held = [uow.directory.count(each, Moment(moment, "Europe/Paris")) for each in conditions]
            assert held == wanted


def test_all_customers_are_those_who_came_twice_in_a_year(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # rows 62, X4
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        condition = preset_filters(Preset.ALL_CUSTOMERS).condition(uow.groups.known())
        bought(shop, IDRIS, COFFEE)
        assert uow.directory.count(condition, Moment(clock.now(), "Europe/Paris")) == 0
        clock.advance(60)
        bought(shop, IDRIS, COFFEE)
        assert uow.directory.count(condition, Moment(clock.now(), "Europe/Paris")) == 1
        a_year_on = datetime(2027, 3, 2, 22, 59, 59, tzinfo=UTC)
        assert uow.directory.count(condition, Moment(a_year_on, "Europe/Paris")) == 1
        assert uow.directory.count(condition, Moment(a_year_on + timedelta(seconds=1), "Europe/Paris")) == 0


def test_the_first_list_tells_of_nobody_and_a_new_definition_of_everybody(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # rows 45, 57, 61
    with database.unit_of_work() as uow:
        bought(counter(uow, ctx), IDRIS, COFFEE)
        group = smart_group(uow, FilterSet((Visits(Comparator.AT_LEAST, 1),)))
        uow.commit()
    follow(database, ctx)
    assert told(database, group) == []
    assert count(database, group) == 1
    with database.unit_of_work() as uow:
        uow.groups.put_filters(group.id, FilterSet((Visits(Comparator.AT_LEAST, 2),)))
        uow.commit()
    follow(database, ctx)
    assert told(database, group) == [(Change.LEFT, Cause.DEFINITION, clock.now())]
    assert count(database, group) == 0


def test_a_station_that_was_off_for_months_tells_each_change_at_its_time(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    with database.unit_of_work() as uow:
        counter(uow, ctx)
        week = FilterSet((Visits(Comparator.EXACTLY, 1, Period(PeriodKind.DAYS, 7)),))
        group = smart_group(uow, week)
        uow.commit()
    follow(database, ctx)
    times = []
    for _ in range(2):
        with database.unit_of_work() as uow:
            times.append(bought(counter(uow, ctx), IDRIS, COFFEE).closed_at)
            uow.commit()
        follow(database, ctx)
        clock.advance(3 * 24 * 3600)
    clock.advance(90 * 24 * 3600)
    follow(database, ctx)
    first, second = times
    assert first is not None
    assert second is not None
    assert told(database, group) == [
        (Change.JOINED, Cause.ACTIVITY, first),
        (Change.LEFT, Cause.ACTIVITY, second),
        (Change.JOINED, Cause.CLOCK, first + timedelta(days=7)),
        (Change.LEFT, Cause.CLOCK, second + timedelta(days=7)),
    ]


def test_a_birthday_comes_and_goes_at_midnight_of_the_shop(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    with database.unit_of_work() as uow:
        idris = counter(uow, ctx).member(IDRIS).customer
        uow.birthdays.put(idris.id, Birthday(3, 5))
        group = smart_group(uow, FilterSet((BirthdaySoon(1),)))
        uow.commit()
    follow(database, ctx)
    clock.advance(10 * 24 * 3600)
    follow(database, ctx)
    assert told(database, group) == [
        (Change.JOINED, Cause.CLOCK, datetime(2026, 3, 3, 23, tzinfo=UTC)),
        (Change.LEFT, Cause.CLOCK, datetime(2026, 3, 5, 23, tzinfo=UTC)),
    ]
