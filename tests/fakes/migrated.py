"""Databases at the current schema, copied from one that was migrated once in this run.

Running every migration for every test took the larger part of the suites' time. What migrations do is
tested in ``tests/contract/loyalty/test_migrations.py`` on databases that start empty.
"""

import atexit
import shutil
import sqlite3
import tempfile
from functools import cache
from pathlib import Path

from loyalty.adapters.sql.migrate import migrate


def migrated_sqlite(path: Path) -> str:
    """The URL of a new SQLite file at ``path``."""
    shutil.copyfile(_template(), path)
    return f"sqlite:///{path}"


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="comptoir-schema-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "template.db"
    migrate(f"sqlite:///{path}")
    # What the write-ahead log holds belongs into the file that is copied.
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path
