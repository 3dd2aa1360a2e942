"""The engine and its settings; opens units of work."""

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError, SQLAlchemyError

from loyalty.adapters.sql.setup_cache import SetupCache
from loyalty.adapters.sql.unit_of_work import SqlUnitOfWork
from loyalty.errors import StorageError

BUSY_TIMEOUT_MS = 10_000
_FOLD_TIMEOUT_MS = 20
_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # a committed booking survives a power cut
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA secure_delete=ON",  # who was erased does not stay in the free pages (row 176)
)
_WRITER_KIB, _READER_KIB = 16_000, 6_000
"""What a connection keeps in memory. There is one writer, and a reader for each page that is asked at once;
what they have not, the system has."""
_SNAPSHOT = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


class SqlDatabase:
    """One database for the whole process. Any thread; every unit of work belongs to one.

    Those who write have connections of their own: each SQLite connection keeps pages in memory and drops them
    when another one wrote, so a writer that shared them with readers would begin each scan with none.
    """

    def __init__(self, writing: Engine, reading: Engine) -> None:
        self._engine = writing
        self._unhurried = writing.execution_options(is_unhurried=True)
        self._reading = reading
        self._cache = SetupCache()

    @classmethod
    def open(cls, url: str) -> "SqlDatabase":
        """The database behind ``url``; nothing is connected yet.

        Args:
            url: ``sqlite:////var/lib/comptoir/comptoir.db`` or ``postgresql+psycopg://…``.

        Raises:
            StorageError: The URL is none.
        """
        return cls(make_engine(url), make_engine(url, is_reading=True))

    def unit_of_work(self) -> SqlUnitOfWork:
        """A transaction that may write. SQLite takes its one write lock at the start, not half-way."""
        return SqlUnitOfWork(self._engine, self._cache, is_reading=False)

    def unhurried(self) -> SqlUnitOfWork:
        """The same for background work that notes how far it got: its commit does not wait for the disk.

        A power cut may undo the last such transactions, each as a whole, and never one that came after them
        by :meth:`unit_of_work`. A killed process undoes none.
        """
        return SqlUnitOfWork(self._unhurried, self._cache, is_reading=False)

    def reading(self) -> SqlUnitOfWork:
        """A snapshot to read; never waits for the writer nor holds it up. Cannot be committed."""
        return SqlUnitOfWork(self._reading, self._cache, is_reading=True)

    def describe(self) -> str:
        """Name and version of the database: ``sqlite 3.40.1``."""
        with self._reading.connect() as connection:
            version = ".".join(str(part) for part in connection.dialect.server_version_info or ())
            return f"{connection.dialect.name} {version}"

    def fold_journal(self) -> bool:
        """Move SQLite's journal into the file and cut it to nothing, so that neither keeps who was erased.

        On the thread that writes, outside a unit of work; as long as the disk needs for a few megabytes.

        Returns:
            False where somebody still reads or writes what stands in the journal: ask again later.
            True on PostgreSQL, whose journal belongs to its server.

        Raises:
            StorageError: The database failed.
        """
        try:
            with self._engine.connect() as connection:
                raw = connection.connection.driver_connection
                return not isinstance(raw, sqlite3.Connection) or _is_folded(raw)
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise StorageError(f"the journal was not folded: {type(error).__name__}") from error

    def close(self) -> None:
        """Close all connections; SQLite then folds its journal into the file."""
        self._reading.dispose()
        self._engine.dispose()


def make_engine(url: str, *, is_reading: bool = False) -> Engine:
    """An engine with the settings that durability needs.

    Args:
        url: See :meth:`SqlDatabase.open`.
        is_reading: Transactions are snapshots to read.

    Raises:
        StorageError: The URL is none, or names a database that is neither SQLite nor PostgreSQL.
    """
    try:
        parsed = make_url(url)
        name = parsed.get_backend_name()
        if name == "sqlite":
            if is_reading:
                return _sqlite_engine(url, "BEGIN", _READER_KIB)
            return _sqlite_engine(url, "BEGIN IMMEDIATE", _WRITER_KIB)
        if name == "postgresql":
            options = _SNAPSHOT if is_reading else {}
            address = parsed.set(drivername="postgresql+psycopg")
            engine = create_engine(address, pool_pre_ping=True, execution_options=options)
            event.listen(engine, "connect", _set_up_on_postgresql)
            event.listen(engine, "begin", _begin_on_postgresql)
            return engine
    except (ArgumentError, SQLAlchemyError) as error:
        raise StorageError("the database URL cannot be used") from error
    raise StorageError(f"the database {name} is neither sqlite nor postgresql")


def _sqlite_engine(url: str, begin: str, cache_kib: int) -> Engine:
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        pool_use_lifo=True,  # the connection used last has the newest pages in memory
    )

    @event.listens_for(engine, "connect")
    def _set_up(raw: Any, _record: object) -> None:
        raw.isolation_level = None  # transactions are begun by hand, see below
        with contextlib.closing(raw.cursor()) as cursor:
            for pragma in (*_PRAGMAS, f"PRAGMA cache_size=-{cache_kib}"):
                cursor.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        raw = cast("sqlite3.Connection", connection.connection.driver_connection)
        try:
            _set_hurry(connection, raw)
            raw.execute(begin)
        except sqlite3.Error as error:
            raise OperationalError(begin, None, error) from error

    return engine


def _is_folded(raw: sqlite3.Connection) -> bool:
    """Does not wait for long readers as a write would: nobody behind it should."""
    raw.execute(f"PRAGMA busy_timeout={_FOLD_TIMEOUT_MS}")
    try:
        is_busy, _, _ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    return not is_busy


def _set_hurry(connection: Connection, raw: sqlite3.Connection) -> None:
    """In WAL mode NORMAL waits for the disk when the journal is folded into the file, not at each commit."""
    wanted = "NORMAL" if connection.get_execution_options().get("is_unhurried") else "FULL"
    known = connection.connection.info
    if known.get("synchronous", "FULL") != wanted:
        raw.execute(f"PRAGMA synchronous={wanted}")
        known["synchronous"] = wanted


def _set_up_on_postgresql(raw: Any, _record: object) -> None:
    """Compiling a plan costs more than it saves: what is asked for takes less than a second."""
    raw.execute("SET jit = off")
    raw.commit()


def _begin_on_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("is_unhurried"):
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


@contextlib.contextmanager
def opened(url: str) -> Iterator[SqlDatabase]:
    """A database that is closed at the end."""
    database = SqlDatabase.open(url)
    try:
        yield database
    finally:
        database.close()
