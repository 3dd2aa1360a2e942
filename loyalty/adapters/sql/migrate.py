"""Brings a database to the current schema; an existing SQLite file is copied first (architecture §6)."""

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from loyalty.adapters.sql.database import make_engine
from loyalty.errors import StorageError

if TYPE_CHECKING:
    from alembic.config import Config

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
        current = _current_revision(engine)
        if current == head_revision():
            return None
        if current is not None:
            copy = _copy_sqlite(url, current)
        with engine.begin() as connection:
            _upgrade(connection)
    except (SQLAlchemyError, StorageError, sqlite3.Error, OSError) as error:
        kept = f"; the copy made before is {copy}" if copy is not None else ""
        raise StorageError(f"the database cannot be migrated: {type(error).__name__}{kept}") from error
    finally:
        engine.dispose()
    return copy


def head_revision() -> str:
    """The newest schema version that this release knows."""
    scripts = (_SCRIPTS / "versions").glob("v[0-9]*.py")
    return max(script.name.partition("_")[0] for script in scripts)


def _upgrade(connection: Connection) -> None:
    """Run what is missing within a transaction.

    The library is loaded here: with all migrations it takes megabytes that only a first start needs.

    Raises:
        StorageError: The database's version is none of ours.
    """
    from alembic import command  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    try:
        command.upgrade(_config(connection), "head")
    except CommandError as error:
        raise StorageError("the version of the database is not known here") from error


def _config(connection: Connection | None) -> "Config":
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    return config


def _current_revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return revision


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
