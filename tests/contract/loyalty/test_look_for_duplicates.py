"""Profiles that may be one person are found by and by, on each implementation."""

from dataclasses import replace
from datetime import timedelta

from loyalty.domain.address import PostalAddress
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.duplicate_pair import DuplicatePair, PairState, ordered_pair
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.reasons import Agreement
from loyalty.domain.profile import ProfileEdit, ProfileField
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.duplicate_list import proposals, say_apart
from loyalty.services.edit_profile import edit_profile
from loyalty.services.look_for_duplicates import (
    look_at_changed_slice,
    look_at_new_slice,
    search_directory,
)
from loyalty.services.merge_customers import MergeOrder, merge_customers
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase as Database
from tests.fakes.shop import counter
from tests.people import tables


def person(uow: UnitOfWork, clock: FakeClock, given: str, family: str, **more: object) -> Customer:
    birthday, street = more.pop("birthday", None), more.pop("street", None)
    customer = Customer(
        new_id(), CustomerSource.DIRECTORY, clock.now(), given_name=given, family_name=family, **more
    )
    uow.customers.add(customer)
    if isinstance(birthday, Birthday):
        uow.birthdays.put(customer.id, birthday)
    if isinstance(street, str):
        uow.profiles.put_addresses(customer.id, [PostalAddress(line_1=street, locality="Annecy")])
    return customer


def look_at_all(uow: UnitOfWork, ctx: ServiceContext) -> None:
    while look_at_new_slice(uow, ctx):
        pass


def open_pairs(uow: UnitOfWork) -> list[DuplicatePair]:
    assert uow.duplicates.count_open() == len(uow.duplicates.open_pairs(100))
    return list(uow.duplicates.open_pairs(100))


def test_a_new_profile_that_looks_like_another_is_proposed_with_reasons(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # part of row 182
    with database.unit_of_work() as uow:
        counter(uow, ctx)
        day = Birthday(3, 9, 1987)
        one = person(uow, clock, "Anne", "Wetherby", email_address="anne@example.org", birthday=day)
        look_at_all(uow, ctx)
        assert open_pairs(uow) == []
        other = person(uow, clock, "Ane", "Wetherby", email_address="anne@example.org", birthday=day)
        person(uow, clock, "Paul", "Wetherby", birthday=Birthday(3, 9, 1987))
        look_at_all(uow, ctx)
        (pair,) = open_pairs(uow)
        assert (pair.first_id, pair.second_id) == ordered_pair(one.id, other.id)
        assert pair.score > 0.9
        assert pair.agreements[Field.GIVEN_NAME] is Agreement.ALIKE
        assert pair.agreements[Field.EMAIL] is Agreement.EQUAL


def test_a_household_is_not_proposed(database: Database, ctx: ServiceContext, clock: FakeClock) -> None:
    with database.unit_of_work() as uow:
        counter(uow, ctx)
        for given, year in (("Anne", 1960), ("Paul", 1961), ("Lucie", 1990)):
            person(
                uow,
                clock,
                given,
                "Wetherby",
                email_address="famille@example.org",
                street="3 rue du Lac",
                birthday=Birthday(5, 4, year),
            )
        look_at_all(uow, ctx)
        assert open_pairs(uow) == []


def test_a_changed_profile_is_looked_at_again(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # part of row 182
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        day = Birthday(3, 9, 1987)
        one = person(uow, clock, "Anne", "Wetherby", birthday=day)
        other = person(uow, clock, "Xavier", "Quintal", birthday=day)
        look_at_all(uow, ctx)
        look_at_changed_slice(uow, ctx)
        assert open_pairs(uow) == []
        clock.advance(60)
        texts = {ProfileField.GIVEN_NAME: "Anne", ProfileField.FAMILY_NAME: "Wetherby"}
        edit_profile(uow, ctx, other.id, ProfileEdit(texts), shop.staff)
        clock.advance(60)
        look_at_changed_slice(uow, ctx)
        (pair,) = open_pairs(uow)
        assert {pair.first_id, pair.second_id} == {one.id, other.id}


def test_what_staff_decided_is_not_proposed_again(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # part of row 182
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        day = Birthday(3, 9, 1987)
        people = [person(uow, clock, "Anne", "Wetherby", birthday=day) for _ in range(3)]
        look_at_all(uow, ctx)
        assert len(open_pairs(uow)) == 3
        assert say_apart(uow, ctx, people[1].id, people[0].id, shop.staff)
        assert not say_apart(uow, ctx, people[0].id, people[1].id, shop.staff)
        merge_customers(uow, ctx, MergeOrder(people[0].id, people[2].id), shop.staff)
        assert open_pairs(uow) == []  # the third pair names a profile that is merged
        for pair in search_directory(lambda: uow_of(database, uow), clock.now()):
            uow.duplicates.propose(pair)
        apart = uow.duplicates.get(*ordered_pair(people[0].id, people[1].id))
        assert apart is not None
        assert apart.state is PairState.APART
        assert proposals(uow, shop.staff, 10) == (0, [])


def uow_of(database: Database, uow: UnitOfWork) -> UnitOfWork:
    uow.commit()
    return database.reading()


def test_the_whole_directory_is_searched(database: Database, ctx: ServiceContext, clock: FakeClock) -> None:
    # part of row 182
    rows, truth = tables.table(replace(tables.FRENCH, persons=150), 9)
    with database.unit_of_work() as uow:
        counter(uow, ctx)
        ids = []
        for row in rows:
            year, month, day = (
                (int(part) for part in row["birthday"].split("-")) if row["birthday"] else (0, 0, 0)
            )
            made = person(
                uow,
                clock,
                row["given_name"],
                row["surname"],
                email_address=row["email"] or None,
                street=row["street"] or None,
                birthday=Birthday(month, day, year) if year else None,
            )
            ids.append(made.id)
        clock.advance(timedelta(days=1).total_seconds())
        uow.commit()
    who = dict(zip(ids, truth, strict=True))
    found = list(search_directory(database.reading, clock.now()))
    right = [who[pair.first_id] == who[pair.second_id] for pair in found]
    assert len(found) > 40
    assert sum(right) / len(found) > 0.9
    assert [pair.score for pair in found] == sorted((pair.score for pair in found), reverse=True)
