"""Brings a database to the current schema; an existing SQLite file is copied first (architecture §6)."""

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from loyalty.adapters.sql.database import make_engine
from loyalty.errors import StorageError

_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(url: str) -> Path | None:
    """Run the migrations that are missing.

    Returns:
        The copy made before, or None where nothing was to be done or the database was new or not SQLite.

    Raises:
        StorageError: The database cannot be migrated; a copy, if one was made, is named.
    """
    engine = make_engine(url)
    copy: Path | None = None
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
        if current == head_revision():
            return None
        if current is not None:
            copy = _copy_sqlite(url, current)
        with engine.begin() as connection:
            command.upgrade(_config(connection), "head")
    except (SQLAlchemyError, CommandError, sqlite3.Error, OSError) as error:
        kept = f"; the copy made before is {copy}" if copy is not None else ""
        raise StorageError(f"the database cannot be migrated: {type(error).__name__}{kept}") from error
    finally:
        engine.dispose()
    return copy


def head_revision() -> str:
    """The newest schema version that this release knows."""
    head = ScriptDirectory.from_config(_config(None)).get_current_head()
    if head is None:
        raise StorageError("this release holds no migrations")
    return head


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def _copy_sqlite(url: str, revision: str) -> Path | None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    source = Path(parsed.database)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    copy = source.with_name(f"{source.name}.before-{revision}-{stamp}")
    with (
        contextlib.closing(sqlite3.connect(source)) as old,
        contextlib.closing(sqlite3.connect(copy)) as new,
    ):
        old.backup(new)
    copy.chmod(source.stat().st_mode & 0o777)
    return copy
