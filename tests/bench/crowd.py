"""One filled database for all benches of the directory, on SQLite and on PostgreSQL, made once a run.

``COMPTOIR_BENCH_MEMBERS`` makes it smaller than a million, ``COMPTOIR_BENCH_CROWD`` names a folder in which a
SQLite file is kept for the next run, ``COMPTOIR_BENCH_POSTGRESQL`` the URL of a database that is kept;
``COMPTOIR_BENCH_DATABASES`` leaves one out: ``sqlite`` or ``postgresql``.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import psycopg

from comptoir.demo.patterns_context import patterns_context
from loyalty.adapters.sql.database import SqlDatabase
from loyalty.adapters.sql.demo_fill.fill import fill_directory
from loyalty.services.context import ServiceContext
from loyalty.services.follow_groups import follow_slice
from runtime.interpreter import answer_fast
from tests.fakes.clock import FakeClock
from tests.fakes.postgresql import postgresql_binaries, running_cluster

UNTIL = datetime(2026, 11, 28, tzinfo=UTC)
MEMBERS = int(os.environ.get("COMPTOIR_BENCH_MEMBERS", "1000000"))


@dataclass(frozen=True)
class Crowded:
    """A filled database and what asks it."""

    name: str
    url: str
    database: SqlDatabase
    ctx: ServiceContext


def wanted_databases() -> list[str]:
    """Those to measure."""
    return os.environ.get("COMPTOIR_BENCH_DATABASES", "sqlite postgresql").split()


def crowds() -> Iterator[Crowded]:
    """The filled databases, one after the other."""
    for name in wanted_databases():
        crowd = _crowd(name)
        if crowd is not None:
            yield crowd


def sqlite_file() -> Path:
    """The file of the filled SQLite database."""
    crowd = _crowd("sqlite")
    assert crowd is not None
    return Path(crowd.url.removeprefix("sqlite:///"))


@cache
def _crowd(name: str) -> Crowded | None:
    url = _sqlite_url() if name == "sqlite" else _postgresql_url()
    if url is None:
        return None
    clock = FakeClock(UNTIL)
    base = patterns_context()
    ctx = replace(base, clock=clock)
    if not _is_filled(url):
        fill_directory(url, patterns_context(), MEMBERS, seed=1, until=UNTIL)
    database = SqlDatabase.open(url)
    atexit.register(database.close)
    while _follow(database, ctx):
        pass
    answer_fast()  # as the station does, which would else search all of its memory within one of these figures
    return Crowded(database.describe(), url, database, ctx)


def _follow(database: SqlDatabase, ctx: ServiceContext) -> int:
    with database.unit_of_work() as uow:
        done = follow_slice(uow, ctx)
        uow.commit()
    return done


def _is_filled(url: str) -> bool:
    if url.startswith("sqlite:///"):
        return Path(url.removeprefix("sqlite:///")).exists()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        found = connection.execute("SELECT to_regclass('customer_search')").fetchone()
    return found is not None and found[0] is not None


def _sqlite_url() -> str:
    kept = os.environ.get("COMPTOIR_BENCH_CROWD")
    folder = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="comptoir-crowd-"))
    if not kept:
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return f"sqlite:///{folder / 'shop.db'}"


def _postgresql_url() -> str | None:
    if kept := os.environ.get("COMPTOIR_BENCH_POSTGRESQL"):
        return kept
    binaries = postgresql_binaries()
    if binaries is None:
        return None
    running = _running(binaries)
    url = running.__enter__()
    atexit.register(running.__exit__, None, None, None)
    return url


@contextmanager
def _running(binaries: Path) -> Iterator[str]:
    with running_cluster(binaries) as cluster:
        yield cluster.new_database()
