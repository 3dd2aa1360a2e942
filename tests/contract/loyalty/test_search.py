"""Search of the directory as staff type, on each implementation."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from loyalty.adapters.sql.database import make_engine, opened
from loyalty.adapters.sql.migrate import migrate
from loyalty.adapters.sql.repositories import search
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.search import fold
from loyalty.domain.staff import Permission, Role, StaffMember
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.demo_shop import fill_demo_shop
from loyalty.services.find_customers import search_customers
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase as Database
from tests.fakes.postgresql import PostgresqlCluster
from tests.fakes.shop import ZOE, counter

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
PEOPLE = (
    ("Élodie", "L’Écuyer-Tremblay", "+15145550123", "A-00042", "elodie@example.org"),
    ("Jean-Luc", "Œuvrard", "+33645001122", "00042", "jl.oeuvrard@example.org"),
    ("Søren", "Ångström", "+33645001133", "ZZ%_7", None),
    ("محمد", "العربي", "+33645001144", None, None),
    ("Du", "Xu", "+33145009999", "X9", None),
)


def viewer(*permissions: Permission) -> StaffMember:
    return StaffMember(new_id(), "v", "V", Role(new_id(), "v", frozenset(permissions)))


SEES_ALL = viewer(Permission.VIEW_CUSTOMERS, Permission.VIEW_CONTACT)
SEES_NAMES = viewer(Permission.VIEW_CUSTOMERS)


def fill(uow: UnitOfWork, ctx: ServiceContext) -> None:
    fill_demo_shop(uow, ctx)
    for given, family, phone, reference, email in PEOPLE:
        uow.customers.add(
            Customer(
                new_id(), CustomerSource.DIRECTORY, AT, given, family, email, PhoneNumber(phone), reference
            )
        )


def names(uow: UnitOfWork, typed: str, staff: StaffMember = SEES_ALL) -> Sequence[str | None]:
    return [each.member.customer.given_name for each in search_customers(uow, typed, staff)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ecuyer", ["Élodie"]),
        ("tremblay elodie", ["Élodie"]),
        ("l'ecu", ["Élodie"]),
        ("jean luc", ["Jean-Luc"]),
        ("OEUV", ["Jean-Luc"]),
        ("angst", ["Søren"]),
        ("soren", ["Søren"]),
        ("العر", ["محمد"]),
        ("xu", ["Du"]),
        ("du x", ["Du"]),
        ("06 45 00 11 22", ["Jean-Luc"]),
        ("0645.0011", ["محمد", "Søren", "Jean-Luc"]),
        ("500112", ["Jean-Luc"]),
        ("+1 514", ["Élodie"]),
        ("0033645001133", ["Søren"]),
        ("00042", ["Jean-Luc", "Élodie"]),
        ("a-00", ["Élodie"]),
        ("%_7", ["Søren"]),
        ("oeuvrard@", ["Jean-Luc"]),
        ("nobody at all", []),
        ("", []),
        ("   ", []),
        ("\x00", []),
        ('"; DROP TABLE customers --', []),
        ("x" * 5000, []),
        ("😀😀😀", []),
        ("%%%", []),
    ],
)
def test_what_is_typed_finds(database: Database, ctx: ServiceContext, typed: str, found: list[str]) -> None:
    with database.unit_of_work() as uow:
        fill(uow, ctx)
        assert names(uow, typed) == found


NEAR = (
    ("Anne", "Charpentier", "+33612345678", "000123987", "anne.charpentier@exemple.fr"),
    ("Luc", "Arpentage", "+33612345670", "000123980", "luc@charpente.example"),
    ("Paul", "Tierce", "+33698765432", "000987123", None),
)


@pytest.fixture
def index_alone(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nobody is met among those who came last: the index of trigrams has to know them."""
    monkeypatch.setattr(search, "_LOOKED_AT_FIRST", 0)
    search._among_the_last.cache_clear()
    yield
    search._among_the_last.cache_clear()


@pytest.mark.usefixtures("index_alone")
def test_the_index_alone_finds_whole_parts_and_nothing_near(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        fill_demo_shop(uow, ctx)
        for given, family, phone, reference, email in NEAR:
            number = PhoneNumber(phone)
            customer = Customer(
                new_id(), CustomerSource.DIRECTORY, AT, given, family, email, number, reference
            )
            uow.customers.add(customer)
        for typed, found in {
            "charpentier": {"Anne"},
            "arpent": {"Anne", "Luc"},
            "anne.charpentier@ex": {"Anne"},
            "luc@charpente": {"Luc"},
            "@exemple": {"Anne"},
            "+33612345678": {"Anne"},
            "+3361234567": {"Anne", "Luc"},
            "06 12 34 56 7": {"Anne", "Luc"},
            "06123": {"Anne", "Luc"},
            "345678": {"Anne"},
            "000123987": {"Anne"},
            "00012398": {"Anne", "Luc"},
            "123987": {"Anne"},
            "98712": {"Paul"},
            "0612345679": set(),
            "charpentiers": set(),
        }.items():
            assert set(names(uow, typed)) == found, typed


def test_an_exact_reference_comes_first_then_who_came_last(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    from tests.contract.loyalty.test_activity import bought

    with database.unit_of_work() as uow:
        fill(uow, ctx)
        shop = counter(uow, ctx)
        zoe = shop.member(ZOE).customer
        uow.customers.save(replace(zoe, company_name="Écuyer SARL", version=zoe.version + 1))
        assert names(uow, "ecuyer") == ["Élodie", "Zoé"]
        bought(shop, ZOE, "Café crème")
        assert names(uow, "ecuyer") == ["Zoé", "Élodie"]


def test_who_sees_no_contact_details_cannot_guess_them_by_searching(
    database: Database, ctx: ServiceContext
) -> None:
    # rows 9, 10
    with database.unit_of_work() as uow:
        fill(uow, ctx)
        assert names(uow, "0645.0011", SEES_NAMES) == []
        assert names(uow, "oeuvrard@", SEES_NAMES) == []
        assert names(uow, "06 45 00 11 22", SEES_NAMES) == ["Jean-Luc"]
        assert names(uow, "oeuvrard", SEES_NAMES) == ["Jean-Luc"]


def test_who_is_not_listed_is_not_found(database: Database, ctx: ServiceContext) -> None:
    with database.unit_of_work() as uow:
        fill(uow, ctx)
        found = search_customers(uow, "ecuyer", SEES_ALL)[0].member.customer
        uow.customers.save(replace(found, erased_at=AT, version=2))
        assert names(uow, "ecuyer") == []
        assert names(uow, "A-00042") == []


def test_names_are_folded_as_people_type_them() -> None:
    assert fold("  Éléonore  D’ARC-Œuf ") == "eleonore d arc oeuf"
    assert fold("STRASSE straße") == "strasse strasse"


def test_a_database_user_who_may_create_no_extension_can_search_all_the_same(
    postgresql: PostgresqlCluster, ctx: ServiceContext, caplog: pytest.LogCaptureFixture
) -> None:
    url = postgresql.new_database()
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE ROLE plain LOGIN"))
        connection.execute(text("GRANT ALL ON SCHEMA public TO plain"))
    engine.dispose()
    plain_url = url.replace("comptoir@", "plain@")
    migrate(plain_url)
    assert "pg_trgm" in caplog.text
    with opened(plain_url) as database, database.unit_of_work() as uow:
        fill(uow, ctx)
        assert names(uow, "ecuyer") == ["Élodie"]
        assert names(uow, "xu") == ["Du"]
