"""Every suite here runs on the tests' own memory, on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.adapters.sql.database import SqlDatabase
from loyalty.services.context import ServiceContext
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.migrated import migrated_sqlite
from tests.fakes.postgresql import PostgresqlCluster, postgresql_binaries, running_cluster
from tests.fakes.shop import SIGNER, VERIFIER


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlCluster]:
    binaries = postgresql_binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed")
    with running_cluster(binaries) as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'shop.db'}"
    cluster: PostgresqlCluster = request.getfixturevalue("postgresql")
    return cluster.new_database()


@pytest.fixture
def sql_database(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[SqlDatabase]:
    if database_url.startswith("sqlite"):
        migrated_sqlite(tmp_path / "shop.db")
    else:
        cluster: PostgresqlCluster = request.getfixturevalue("postgresql")
        cluster.fill(database_url)
    database = SqlDatabase.open(database_url)
    yield database
    database.close()


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlDatabase | InMemoryDatabase]:
    if request.param == "memory":
        yield InMemoryDatabase()
        return
    if request.param == "postgresql":
        cluster: PostgresqlCluster = request.getfixturevalue("postgresql")
        url = cluster.new_migrated_database()
    else:
        url = migrated_sqlite(tmp_path / "shop.db")
    sql = SqlDatabase.open(url)
    yield sql
    sql.close()


@pytest.fixture
def ctx(clock: FakeClock) -> ServiceContext:
    return ServiceContext(clock, VERIFIER, TemplateWording(), "https://lumen.example", SIGNER)
