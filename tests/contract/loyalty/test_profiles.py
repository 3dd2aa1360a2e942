"""Addresses and custom fields of profiles, on each implementation."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from loyalty.domain.address import PostalAddress
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.errors import ConflictError
from runtime.ids import new_id
from tests.fakes.loyalty import InMemoryDatabase as Database

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


def customer() -> Customer:
    return Customer(new_id(), CustomerSource.DIRECTORY, AT, given_name="Zoé")


def test_a_profile_keeps_all_that_a_person_may_say(database: Database) -> None:
    zoe = replace(
        customer(), nickname="Zozo", preferences="sans sucre", is_email_private=True, email_bounced_at=AT
    )
    survivor = customer()
    with database.unit_of_work() as uow:
        uow.customers.add(survivor)
        uow.customers.add(zoe)
        uow.customers.save(replace(zoe, merged_into=survivor.id, erased_at=AT, version=2))
        uow.commit()
    with database.reading() as uow:
        found = uow.customers.get(zoe.id)
        assert found == replace(zoe, merged_into=survivor.id, erased_at=AT, version=2)
        assert found is not None
        assert not found.is_listed


def test_several_addresses_in_the_order_of_staff(database: Database) -> None:
    zoe = customer()
    home = PostalAddress("maison", "3 rue des Lilas", None, "Lyon", None, "69003", "FR")
    office = PostalAddress("bureau", "1 place Bellecour", "2e étage", "Lyon", None, "69002", "FR")
    with database.unit_of_work() as uow:
        uow.customers.add(zoe)
        uow.profiles.put_addresses(zoe.id, [home, office])
        uow.profiles.put_addresses(zoe.id, [office, home])
        uow.commit()
    with database.unit_of_work() as uow:
        assert uow.profiles.addresses(zoe.id) == (office, home)
        uow.profiles.forget(zoe.id)
        assert uow.profiles.addresses(zoe.id) == ()


def test_values_of_the_shops_own_fields(database: Database) -> None:
    zoe = customer()
    size = CustomField(new_id(), "Pointure", FieldKind.NUMBER, position=1)
    milk = CustomField(new_id(), "Lait", FieldKind.SELECTION, ("vache", "avoine"), position=0)
    with database.unit_of_work() as uow:
        uow.customers.add(zoe)
        for each in (size, milk):
            uow.profiles.save_custom_field(each)
        uow.profiles.put_custom_value(zoe.id, size, "38.5")
        uow.profiles.put_custom_value(zoe.id, size, "39")
        uow.profiles.put_custom_value(zoe.id, milk, "avoine")
        uow.commit()
    with database.unit_of_work() as uow:
        assert list(uow.profiles.custom_fields()) == [milk, size]
        assert uow.profiles.custom_values(zoe.id) == {size.id: "39", milk.id: "avoine"}
        uow.profiles.put_custom_value(zoe.id, milk, None)
        assert uow.profiles.custom_values(zoe.id) == {size.id: "39"}
        uow.profiles.forget(zoe.id)
        assert uow.profiles.custom_values(zoe.id) == {}


def test_two_living_fields_never_bear_one_name(database: Database) -> None:
    first = CustomField(new_id(), "Lait", FieldKind.TEXT)
    with database.unit_of_work() as uow:
        uow.profiles.save_custom_field(first)
        with pytest.raises(ConflictError):
            uow.profiles.save_custom_field(CustomField(new_id(), "Lait", FieldKind.TEXT))
        uow.profiles.save_custom_field(replace(first, archived_at=AT))
        uow.profiles.save_custom_field(CustomField(new_id(), "Lait", FieldKind.TEXT))
