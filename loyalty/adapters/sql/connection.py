"""One transaction's connection: runs statements and translates the library's errors at this edge."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any, cast
from uuid import UUID

import psycopg
from sqlalchemy import Connection, CursorResult, Executable, Row, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from loyalty.adapters.sql.prepared import KeyedSelect, Prepared, SqliteStatement
from loyalty.errors import ConflictError, StorageError

Values = Mapping[str, object]


class Transaction:
    """A connection inside a transaction. One thread at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_postgresql = connection.dialect.name == "postgresql"
        self._raw: sqlite3.Connection | None = None
        if connection.dialect.name == "sqlite":
            self._raw = cast("sqlite3.Connection", connection.connection.driver_connection)

    @property
    def is_sqlite(self) -> bool:
        return self._raw is not None

    def execute(
        self, statement: Executable, values: Values | Sequence[Values] | None = None
    ) -> CursorResult[Any]:
        """Run a statement.

        Raises:
            ConflictError: A constraint of uniqueness, of a sign or of a reference does not hold.
            StorageError: The database failed.
        """
        try:
            return self._connection.execute(statement, values)
        except IntegrityError as error:
            raise ConflictError(f"the database refused a change: {_constraint(error)}") from error
        except SQLAlchemyError as error:
            raise StorageError(f"the database failed: {type(error).__name__}") from error

    def first(self, statement: Executable | Prepared, values: Values | None = None) -> Row[Any] | None:
        if not isinstance(statement, Prepared):
            return self.execute(statement, values).first()
        if self._raw is None:
            return self.execute(statement.statement, values).first()
        cursor = self._run_raw(self._raw, statement, values)
        fetched = cursor.fetchone()
        cursor.close()
        row: Row[Any] | None = None if fetched is None else self._on_sqlite(statement).row(fetched)
        return row

    def all(self, statement: Executable | Prepared, values: Values | None = None) -> Sequence[Row[Any]]:
        if not isinstance(statement, Prepared):
            return self.execute(statement, values).all()
        if self._raw is None:
            return self.execute(statement.statement, values).all()
        as_row = self._on_sqlite(statement).row
        return [as_row(fetched) for fetched in self._run_raw(self._raw, statement, values)]

    def all_of(self, query: KeyedSelect, keys: Collection[str] | Collection[UUID]) -> Sequence[Row[Any]]:
        """The rows of some keys; nothing is asked where there are none. Raises as ``execute``."""
        if not keys:
            return []
        if self._raw is None:
            return self.execute(query.elsewhere, {"keys": list(keys)}).all()
        texts = [key.hex if isinstance(key, UUID) else key for key in keys]
        return self.all(query.on_sqlite, {"keys": json.dumps(texts)})

    def write(self, statement: Prepared, values: Values) -> int:
        """Run a prepared insert or update; how many rows it touched. Raises as ``execute``."""
        if self._raw is None:
            return self.execute(statement.statement, values).rowcount
        return self._run_raw(self._raw, statement, values).rowcount

    def write_all(self, statement: Prepared, rows: Sequence[Values]) -> None:
        """Run a prepared statement for each of some rows, all of the same columns. Raises as ``execute``."""
        if self._raw is None:
            self._write_all_on_postgresql(statement, rows)
            return
        try:
            self._on_sqlite(statement).execute_all(self._raw, rows)
        except sqlite3.IntegrityError as error:
            raise ConflictError(f"the database refused a change: {error}") from error
        except sqlite3.Error as error:
            raise StorageError(f"the database failed: {type(error).__name__}") from error

    def _write_all_on_postgresql(self, statement: Prepared, rows: Sequence[Values]) -> None:
        copy = statement.as_copy(self._connection.dialect, tuple(rows[0])) if len(rows) > 1 else None
        if copy is None:
            self.execute(statement.statement, rows)
            return
        raw = cast("psycopg.Connection[Any]", self._connection.connection.driver_connection)
        try:
            copy.run(raw, rows)
        except psycopg.IntegrityError as error:
            name = error.diag.constraint_name or "unnamed"
            raise ConflictError(f"the database refused a change: {name}") from error
        except psycopg.Error as error:
            raise StorageError(f"the database failed: {type(error).__name__}") from error

    def _on_sqlite(self, statement: Prepared) -> SqliteStatement:
        return statement.on_sqlite(self._connection.dialect)

    def _run_raw(self, raw: sqlite3.Connection, statement: Prepared, values: Values | None) -> sqlite3.Cursor:
        try:
            return self._on_sqlite(statement).execute(raw, values)
        except sqlite3.IntegrityError as error:
            raise ConflictError(f"the database refused a change: {error}") from error
        except sqlite3.Error as error:
            raise StorageError(f"the database failed: {type(error).__name__}") from error

    def insert_new(self, table: Table, values: Values) -> bool:
        """Insert unless a row of the same unique value is there; whether it was inserted."""
        statement = _insert_new(table, is_postgresql=self._is_postgresql)
        return self.execute(statement, values).rowcount == 1

    def upsert(self, table: Table, values: Values) -> None:
        """Insert, or replace the columns of the row with the same primary key."""
        self.upsert_all(table, [values])

    def upsert_all(self, table: Table, rows: Sequence[Values]) -> None:
        """The same for several rows that have the same columns."""
        if rows:
            statement = _upsert(table, tuple(rows[0]), is_postgresql=self._is_postgresql)
            self.execute(statement, rows if len(rows) > 1 else rows[0])


@cache
def _insert_new(table: Table, *, is_postgresql: bool) -> Executable:
    insert = postgresql_insert(table) if is_postgresql else sqlite_insert(table)
    statement: Executable = insert.on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    return statement


@cache
def _upsert(table: Table, names: tuple[str, ...], *, is_postgresql: bool) -> Executable:
    """Made once for each table and set of columns: making it costs more than running it."""
    insert = postgresql_insert(table) if is_postgresql else sqlite_insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {name: insert.excluded[name] for name in names if name not in keys}
    if not changed:
        return insert.on_conflict_do_nothing()
    return insert.on_conflict_do_update(index_elements=keys, set_=changed)


def _constraint(error: IntegrityError) -> str:
    """The name of what did not hold, without the values of the row."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name or "unnamed")
    return str(error.orig).split("\n", 1)[0]
