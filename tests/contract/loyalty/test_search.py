"""Search of the directory as staff type, on each implementation."""

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.database import make_engine, opened
from loyalty.adapters.sql.migrate import migrate
from loyalty.adapters.sql.repositories import search
from loyalty.adapters.sql.unit_of_work import SqlUnitOfWork
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.search import entry_of, fold, search_terms
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
        ("01 23", ["Élodie"]),
        ("001122", ["Jean-Luc"]),
        ("09999", ["Du"]),
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
    _make_statements_anew()
    yield
    _make_statements_anew()


@pytest.fixture(params=[4_000, 7, 0])
def looked_at(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """How many of those who came last are looked at first."""
    monkeypatch.setattr(search, "_LOOKED_AT_FIRST", request.param)
    _make_statements_anew()
    yield request.param
    _make_statements_anew()


def _make_statements_anew() -> None:
    search._among_the_last.cache_clear()
    search._farthest.cache_clear()


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


def _matches(typed: str, customer: Customer) -> bool:
    """The plain check: what was typed stands in what the customer is found by."""
    terms, entry = search_terms(typed, "FR", sees_contact=True), entry_of(customer)
    assert terms is not None
    parts = (
        (terms.part_of_reference, entry.reference),
        *((part, entry.digits) for part in terms.parts_of_number),
        (terms.part_of_email, entry.email),
    )
    in_names = [
        word in entry.names if len(word) > 2 else f" {word}" in f" {entry.names}" for word in terms.words
    ]
    return any(part is not None and part in whole for part, whole in parts) or (
        bool(in_names) and all(in_names)
    )


def _someone(random: Random, number: int) -> Customer:
    syllables = ("ma", "ri", "lo", "du", "ber", "tho", "é", "lan")
    given, family = ("".join(random.choices(syllables, k=random.randint(2, 4))).title() for _ in range(2))
    phone = PhoneNumber(f"+336{random.choice(('12', '45'))}{number:03d}{random.randrange(1000):03d}")
    email = f"{given}.{family}{number}@exemple.fr".casefold() if number % 3 else None
    reference = f"{random.randrange(40_000):09d}" if number % 4 else None
    return Customer(new_id(), CustomerSource.DIRECTORY, AT, given, family, email, phone, reference)


def _typed_of(random: Random, customer: Customer) -> str:
    texts = (customer.given_name, customer.family_name, customer.phone_number, customer.reference_id)
    whole = random.choice([each for each in (*texts, customer.email_address) if each and len(each) > 2])
    start = random.randrange(len(whole) - 2)
    typed = whole[start : start + random.randint(3, len(whole))]
    return f"1{typed}" if typed.startswith(("00", "+")) else typed  # two digits are in no index of trigrams


def _let_some_come(uow: object) -> None:
    """Two of three, some of them at the same moment."""
    if isinstance(uow, SqlUnitOfWork):
        table = schema.customer_search
        visits = update(table).where(table.c.number % 3 != 0).values(recent=table.c.number * 7 % 40)
        uow._transaction.execute(visits)


def test_parts_find_whom_a_plain_check_finds(database: Database, ctx: ServiceContext, looked_at: int) -> None:
    """However many are met among those who came last, and whichever way is asked first."""
    random = Random(looked_at)
    people = [_someone(random, number) for number in range(60)]
    ids = {each.id for each in people}
    with database.unit_of_work() as uow:
        fill_demo_shop(uow, ctx)
        for customer in people:
            uow.customers.add(customer)
        _let_some_come(uow)
        for _ in range(150):
            typed = _typed_of(random, random.choice(people))
            found = {each.member.customer.id for each in search_customers(uow, typed, SEES_ALL, 90)}
            assert found & ids == {each.id for each in people if _matches(typed, each)}, typed


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


def test_the_index_of_trigrams_keeps_little_that_each_search_has_to_read_through(
    postgresql: PostgresqlCluster,
) -> None:
    engine = make_engine(postgresql.new_migrated_database())
    with engine.connect() as connection:
        asked = text("SELECT reloptions FROM pg_class WHERE relname = 'ix_customer_search_trigrams'")
        assert connection.execute(asked).scalar() == ["gin_pending_list_limit=128"]
    engine.dispose()


def test_where_nobody_came_yet_a_search_reads_as_little_among_many_as_among_few(
    tmp_path: Path, ctx: ServiceContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a first import: who never came is not sorted to find the newest of them."""
    monkeypatch.setattr(search, "_LOOKED_AT_FIRST", 20)
    _make_statements_anew()
    url = f"sqlite:///{tmp_path}/shop.db"
    migrate(url)
    steps = []
    with opened(url) as database, database.unit_of_work() as uow:
        fill_demo_shop(uow, ctx)
        for more in (100, 400):
            for _ in range(more):
                uow.customers.add(Customer(new_id(), CustomerSource.DIRECTORY, AT, "Marie"))
            steps.append(_steps(uow, "marie"))
    _make_statements_anew()
    assert steps[1] < 2 * steps[0]


def _steps(uow: SqlUnitOfWork, typed: str) -> int:
    """Hundreds of steps that SQLite takes to find five."""
    taken: list[None] = []
    raw = uow._transaction._raw
    assert isinstance(raw, sqlite3.Connection)
    search_customers(uow, typed, SEES_ALL, 5)
    raw.set_progress_handler(lambda: taken.append(None), 100)
    assert len(search_customers(uow, typed, SEES_ALL, 5)) == 5
    raw.set_progress_handler(None, 0)
    return len(taken)
