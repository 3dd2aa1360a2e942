"""Statements of the counter's path and of searches, compiled once.

They run on the driver's own connection, inside the transaction that SQLAlchemy opened: what SQLAlchemy does
around each execution took 70 of 90 µs on SQLite, with seventeen of them between a scan and its result, and as
much as the driver itself on PostgreSQL. Types and SQL still come from the schema.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Dialect,
    Insert,
    Select,
    String,
    Table,
    TableClause,
    Update,
    any_,
    bindparam,
    func,
    select,
)

Convert = Callable[[Any], Any]


class Prepared:
    """One constant statement. Any thread.

    Args:
        statement: With a ``bindparam`` for everything that varies; an insert takes all columns of its table.
    """

    def __init__(self, statement: Select[Any] | Insert | Update) -> None:
        self.statement = statement
        self._compiled: dict[str, CompiledStatement] = {}
        self._copy: PostgresqlCopy | None = None

    def compiled(self, dialect: Dialect) -> "CompiledStatement":
        """The statement as the driver takes it."""
        compiled = self._compiled.get(dialect.name)
        if compiled is None:  # two threads that come at once make the same
            compiled = self._compiled[dialect.name] = CompiledStatement(self.statement, dialect)
        return compiled

    def as_copy(self, dialect: Dialect, names: tuple[str, ...]) -> "PostgresqlCopy | None":
        """An insert of these columns for many rows on PostgreSQL; None for other statements."""
        if not isinstance(self.statement, Insert):
            return None
        if self._copy is None or self._copy.names != names:
            self._copy = PostgresqlCopy(self.statement.table, names, dialect)
        return self._copy


class KeyedSelect:
    """A constant query of the rows whose ``column`` is one of some keys, however many. Any thread.

    All keys are one parameter, a JSON text on SQLite: a list would be another statement for each length.
    """

    def __init__(self, query: Select[Any], column: ColumnElement[Any]) -> None:
        keys = func.json_each(bindparam("keys", type_=String(), required=True)).table_valued("value")
        self.on_sqlite = Prepared(query.where(column.in_(select(keys.c.value))))
        self.elsewhere = Prepared(query.where(column == any_(bindparam("keys", type_=ARRAY(column.type)))))


class PostgresqlCopy:
    """Many new rows as one ``COPY``: an insert for each would make the server do each on its own."""

    def __init__(self, table: TableClause, names: tuple[str, ...], dialect: Dialect) -> None:
        self.names = names
        quote = dialect.identifier_preparer.quote
        columns = sql.SQL(", ").join(sql.SQL(quote(name)) for name in names)
        self._order = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.SQL(quote(table.name)), columns)
        self._converts = [
            (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names
        ]

    def run(self, raw: "psycopg.Connection[Any]", rows: Sequence[Mapping[str, object]]) -> None:
        with raw.cursor() as cursor, cursor.copy(self._order) as copy:
            for values in rows:
                copy.write_row([_converted(convert, values[name]) for name, convert in self._converts])


class CompiledStatement:
    """SQL text, where its parameters come from, and what becomes of its columns."""

    def __init__(self, statement: Select[Any] | Insert | Update, dialect: Dialect) -> None:
        keys = list(statement.table.c.keys()) if isinstance(statement, Insert) else None
        compiled: Any = statement.compile(dialect=dialect, column_keys=keys)
        self.sql = str(compiled)
        self._is_named = not compiled.positional
        self._parameters: list[tuple[str, Convert | None, Any]] = []
        for name in compiled.binds if self._is_named else compiled.positiontup or ():
            bound = compiled.binds[name]
            convert = bound.type.dialect_impl(dialect).bind_processor(dialect)
            constant = _VARIES if bound.required else _converted(convert, bound.effective_value)
            self._parameters.append((name, convert, constant))
        self._columns = list(statement.selected_columns) if isinstance(statement, Select) else []
        self._dialect = dialect
        self._row: Any = namedtuple("_row", [column.key for column in self._columns])  # type: ignore[misc]
        self._converted: list[tuple[int, Convert]] | None = None

    def reader(self, cursor: "sqlite3.Cursor | psycopg.Cursor[Any]") -> Callable[[Sequence[Any]], Any]:
        """Makes of what the cursor fetches rows with an attribute for each column."""
        if self._converted is None:
            described = zip(self._columns, cursor.description or (), strict=True)
            converts = [self._convert(column, found[1]) for column, found in described]
            self._converted = [(place, each) for place, each in enumerate(converts) if each is not None]
        return self._read if self._converted else self._row._make

    def _convert(self, column: Any, found_type: object) -> Convert | None:
        convert: Convert | None = column.type.dialect_impl(self._dialect).result_processor(
            self._dialect, found_type
        )
        return convert

    def _read(self, fetched: Sequence[Any]) -> Any:
        cells = list(fetched)
        for place, convert in self._converted or ():
            cells[place] = convert(cells[place])
        return self._row._make(cells)

    def arguments(self, values: Mapping[str, object]) -> Any:
        """The parameters as the driver takes them: in their order, or by name."""
        arguments: list[Any] = []
        for name, convert, constant in self._parameters:
            if constant is not _VARIES:
                arguments.append(constant)
                continue
            value = values[name]
            arguments.append(value if convert is None or value is None else convert(value))
        if self._is_named:
            return {name: value for (name, _, _), value in zip(self._parameters, arguments, strict=True)}
        return arguments


_VARIES = object()


def _converted(convert: Convert | None, value: object) -> object:
    """Nothing is NULL in every type of the schema."""
    return value if convert is None or value is None else convert(value)


def insert_of(table: Table) -> Prepared:
    """The insert of one whole row."""
    return Prepared(table.insert())


def columns_of(value: Any) -> dict[str, object]:
    """The fields of a flat dataclass as a row: ``asdict`` copies deeply, which took twenty times as long."""
    return {name: getattr(value, name) for name in _FIELDS_OF(type(value))}


_FIELDS_OF: Callable[[Any], tuple[str, ...]] = cache(lambda kind: tuple(field.name for field in fields(kind)))
