"""One transaction's connection: runs statements and translates the library's errors at this edge."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from contextlib import closing
from functools import cache
from typing import Any, cast
from uuid import UUID

import psycopg
from sqlalchemy import Connection, CursorResult, Executable, Row, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from loyalty.adapters.sql.prepared import CompiledStatement, KeyedSelect, Prepared
from loyalty.errors import ConflictError, StorageError

Values = Mapping[str, object]


class Transaction:
    """A connection inside a transaction. One thread at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._raw = cast(
            "sqlite3.Connection | psycopg.Connection[Any]", connection.connection.driver_connection
        )
        self.is_sqlite = isinstance(self._raw, sqlite3.Connection)

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
            raise ConflictError(f"the database refused a change: {_constraint(error.orig)}") from error
        except SQLAlchemyError as error:
            raise StorageError(f"the database failed: {type(error).__name__}") from error

    def first(self, statement: Executable | Prepared, values: Values | None = None) -> Row[Any] | None:
        if not isinstance(statement, Prepared):
            return self.execute(statement, values).first()
        with closing(self._run(statement, values)) as cursor:
            fetched = cursor.fetchone()
            row: Row[Any] | None = self._compiled(statement).reader(cursor)(fetched) if fetched else None
            return row

    def all(self, statement: Executable | Prepared, values: Values | None = None) -> Sequence[Row[Any]]:
        if not isinstance(statement, Prepared):
            return self.execute(statement, values).all()
        with closing(self._run(statement, values)) as cursor:
            as_row = self._compiled(statement).reader(cursor)
            return [as_row(fetched) for fetched in cursor.fetchall()]

    def all_of(self, query: KeyedSelect, keys: Collection[str] | Collection[UUID]) -> Sequence[Row[Any]]:
        """The rows of some keys; nothing is asked where there are none. Raises as ``execute``."""
        if not keys:
            return []
        if not self.is_sqlite:
            return self.all(query.elsewhere, {"keys": list(keys)})
        texts = [key.hex if isinstance(key, UUID) else key for key in keys]
        return self.all(query.on_sqlite, {"keys": json.dumps(texts)})

    def write(self, statement: Prepared, values: Values) -> int:
        """Run a prepared insert or update; how many rows it touched. Raises as ``execute``."""
        with closing(self._run(statement, values)) as cursor:
            return cursor.rowcount

    def write_all(self, statement: Prepared, rows: Sequence[Values]) -> None:
        """Run a prepared statement for each of some rows, all of the same columns. Raises as ``execute``."""
        raw, dialect = self._raw, self._connection.dialect
        copy = statement.as_copy(dialect, tuple(rows[0])) if len(rows) > 1 and not self.is_sqlite else None
        try:
            if isinstance(raw, sqlite3.Connection):
                compiled = self._compiled(statement)
                raw.executemany(compiled.sql, (compiled.arguments(values) for values in rows))
            elif copy is not None:
                copy.run(raw, rows)
            else:
                self.execute(statement.statement, rows)
        except (sqlite3.Error, psycopg.Error) as error:
            raise self._translated(error) from error

    def _compiled(self, statement: Prepared) -> CompiledStatement:
        return statement.compiled(self._connection.dialect)

    def _run(self, statement: Prepared, values: Values | None) -> "sqlite3.Cursor | psycopg.Cursor[Any]":
        compiled = self._compiled(statement)
        if not (self.is_sqlite or self._connection.in_transaction()):
            self._connection.begin()  # after a commit or roll-back, as SQLAlchemy's own statements do
        try:
            return self._raw.execute(compiled.sql, compiled.arguments(values or {}))
        except (sqlite3.Error, psycopg.Error) as error:
            raise self._translated(error) from error

    def _translated(self, error: sqlite3.Error | psycopg.Error) -> ConflictError | StorageError:
        """What ``execute`` would raise; a connection that is lost is handed to nobody again."""
        if isinstance(error, (sqlite3.IntegrityError, psycopg.IntegrityError)):
            return ConflictError(f"the database refused a change: {_constraint(error)}")
        if getattr(self._raw, "broken", False):
            self._connection.invalidate(error)
        return StorageError(f"the database failed: {type(error).__name__}")

    def insert_new(self, table: Table, values: Values) -> bool:
        """Insert unless a row of the same unique value is there; whether it was inserted."""
        statement = _insert_new(table, is_postgresql=not self.is_sqlite)
        return self.execute(statement, values).rowcount == 1

    def upsert(self, table: Table, values: Values) -> None:
        """Insert, or replace the columns of the row with the same primary key."""
        self.upsert_all(table, [values])

    def upsert_all(self, table: Table, rows: Sequence[Values]) -> None:
        """The same for several rows that have the same columns."""
        if rows:
            statement = _upsert(table, tuple(rows[0]), is_postgresql=not self.is_sqlite)
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


def _constraint(error: BaseException | None) -> str:
    """The name of what did not hold, without the values of the row."""
    diagnosis = getattr(error, "diag", None)
    if diagnosis is not None:
        return str(diagnosis.constraint_name or "unnamed")
    return str(error).split("\n", 1)[0]
