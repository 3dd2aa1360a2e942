"""The rows that an import left, once more through the bare driver: what an import is measured against."""

import shutil
import sqlite3
import time
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.string import TextLoader

from tests.fakes.postgresql import PostgresqlCluster

_TABLES = (
    "customers",
    "customer_addresses",
    "customer_birthdays",
    "loyalty_accounts",
    "membership_cards",
    "ledger_entries",
    "lots",
    "customer_search",
)
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000")
_Rows = list[tuple[str, list[tuple[Any, ...]]]]


class OnSqlite:
    """A file in a folder, and a copy of it from before the import."""

    def __init__(self, folder: Path) -> None:
        self._filled, self._empty = folder / "station.db", folder / "baseline.db"
        self.url = f"sqlite:///{self._filled}"

    def keep_empty(self) -> None:
        shutil.copyfile(self._filled, self._empty)

    def bare_s(self) -> tuple[float, float]:
        """Seconds for the same rows in one transaction, and those that this process worked."""
        rows = self._rows()
        connection = sqlite3.connect(self._empty, isolation_level=None)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        began, began_cpu = time.perf_counter(), time.process_time()
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in rows:
            connection.executemany(statement, values)
        connection.execute("COMMIT")
        took_s, worked_s = time.perf_counter() - began, time.process_time() - began_cpu
        connection.close()
        return took_s, worked_s

    def _rows(self) -> _Rows:
        connection = sqlite3.connect(self._filled)
        connection.execute("ATTACH ? AS before", (str(self._empty),))
        found: _Rows = []
        for table in _TABLES:
            columns = [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]
            known = f"SELECT {columns[0]} FROM before.{table}"
            values = connection.execute(
                f"SELECT * FROM main.{table} WHERE {columns[0]} NOT IN ({known}) ORDER BY rowid"
            ).fetchall()
            found.append((_insert(table, columns, "?"), values))
        connection.close()
        return found


class OnPostgresql:
    """A database of a cluster, and a copy of it from before the import."""

    def __init__(self, cluster: PostgresqlCluster) -> None:
        self._cluster = cluster
        self.url = cluster.new_database()
        self._empty = ""

    def keep_empty(self) -> None:
        self._empty = self._cluster.copy_of(self.url)

    def bare_s(self) -> tuple[float, float]:
        """Seconds for the same rows in one transaction, and those that this process worked."""
        with psycopg.connect(_address(self.url)) as filled, psycopg.connect(_address(self._empty)) as empty:
            filled.adapters.register_loader("jsonb", TextLoader)
            rows = [_new_rows(table, filled, empty) for table in _TABLES]
            empty.commit()
            began, began_cpu = time.perf_counter(), time.process_time()
            with empty.cursor() as cursor:
                for statement, values in rows:
                    cursor.executemany(statement, values)  # type: ignore[arg-type]
            empty.commit()
            return time.perf_counter() - began, time.process_time() - began_cpu


def _new_rows(
    table: str, filled: "psycopg.Connection[Any]", empty: "psycopg.Connection[Any]"
) -> tuple[str, list[tuple[Any, ...]]]:
    cursor = filled.execute(f"SELECT * FROM {table} ORDER BY ctid")  # type: ignore[arg-type]
    columns = [column.name for column in cursor.description or ()]
    known = {row[0] for row in empty.execute(f"SELECT {columns[0]} FROM {table}")}  # type: ignore[arg-type]
    return _insert(table, columns, "%s"), [row for row in cursor if row[0] not in known]


def _insert(table: str, columns: list[str], mark: str) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})"


def _address(url: str) -> str:
    return url.replace("+psycopg", "")
