"""The database, copied while the station goes on, and put back where there is none."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from comptoir.errors import BackupError
from loyalty.adapters.sql.database import make_engine

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FILE_OF = {SQLITE: "database.sqlite", POSTGRESQL: "database.dump"}
"""Name in the archive."""
_TIMEOUT_S = 4 * 3600


def kind_of(url: str) -> str:
    return make_url(url).get_backend_name()


def sqlite_file(url: str) -> Path:
    return Path(make_url(url).database or "")


def copy_database(url: str, into: Path) -> str:
    """One moment of the database, whatever is written meanwhile; its schema version.

    Raises:
        BackupError: There is no database, or it cannot be read.
    """
    target = into / FILE_OF[kind_of(url)]
    if kind_of(url) == POSTGRESQL:
        schema = _schema_version(url)
        _run("pg_dump", url, "--format=custom", "--no-owner", f"--file={target}")
        return schema
    source = sqlite_file(url)
    if not source.is_file():
        raise BackupError(f"there is no database at {source}")
    try:
        with (
            contextlib.closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            contextlib.closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"the database cannot be copied: {error}") from error
    return _schema_version(f"sqlite:///{target}")


def why_not_empty(url: str) -> str:
    """What is in the way of a restore; empty where nothing is.

    Raises:
        BackupError: The database cannot be reached.
    """
    if kind_of(url) == SQLITE:
        source = sqlite_file(url)
        there = [path for path in (source, Path(f"{source}-wal")) if path.exists()]
        return f"there is a database already: {there[0]}" if there else ""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
    except SQLAlchemyError as error:
        raise BackupError(f"the database cannot be reached: {type(error).__name__}") from error
    finally:
        engine.dispose()
    return f"the database holds {len(tables)} tables already" if tables else ""


def check_copy(copy: Path) -> None:
    """Go on only with an SQLite file that is whole.

    Raises:
        BackupError: It is not.
    """
    try:
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            said = connection.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        raise BackupError(f"the database in the archive is not whole: {error}") from error
    if said != ("ok",):
        raise BackupError("the database in the archive is not whole")


def fill_postgresql(url: str, dump: Path) -> None:
    """All of it in one transaction.

    Raises:
        BackupError: It cannot be restored; the database is as empty as before.
    """
    _run("pg_restore", url, "--no-owner", "--exit-on-error", "--single-transaction", str(dump))


def _schema_version(url: str) -> str:
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            version = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        raise BackupError(f"the database cannot be read: {type(error).__name__}") from error
    finally:
        engine.dispose()
    if version is None:
        raise BackupError("the database is empty: there is nothing to back up")
    return version


def _run(tool: str, url: str, *arguments: str) -> None:
    program = shutil.which(tool)
    if program is None:
        raise BackupError(f"{tool} is not installed: apt install postgresql-client")
    parsed = make_url(url)
    environment = dict(os.environ)
    if parsed.password is not None:  # never on a command line, which everybody on the machine can read
        environment["PGPASSWORD"] = parsed.password
    done = subprocess.run(
        [program, f"--dbname={_address(parsed)}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=_TIMEOUT_S,
        check=False,
    )
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise BackupError(f"{tool} failed: {said[-1] if said else done.returncode}")


def _address(url: URL) -> str:
    plain = URL.create(
        "postgresql",
        username=url.username,
        host=url.host,
        port=url.port,
        database=url.database,
        query=url.query,
    )
    return plain.render_as_string(hide_password=False)
