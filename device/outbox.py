"""The device's memory of what it said until the station has answered.

SQLite in WAL mode with synchronous FULL: what ``store`` returned for survives a power cut. An event
leaves only by the station's result; the broker's acknowledgement is no receipt. The bodies are sealed to
the station's key, so that the file holds nothing readable of a customer (row 210).
"""

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from device.errors import OutboxError, OutboxFullError

_log = logging.getLogger(__name__)

_SCHEMA_VERSION = 1
_SCHEMA = """
CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    payload BLOB NOT NULL,
    state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'quarantined')),
    waited_s REAL NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX event_by_state ON event (state, seq);
CREATE TABLE answered (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE kept (key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
INSERT INTO kept VALUES ('next_seq', CAST('1' AS BLOB));
PRAGMA user_version = 1;
"""
_NEXT_SEQ_AND_KNOWN = """
SELECT value,
    EXISTS (SELECT 1 FROM event WHERE id = ?1) OR EXISTS (SELECT 1 FROM answered WHERE id = ?1)
FROM kept WHERE key = 'next_seq'
"""
_REMEMBERED_ANSWERS = 2000
"""Ids that are not stored again: a kiosk that lost our acknowledgement says the same event twice."""


@dataclass(frozen=True)
class StoredEvent:
    """An event as it lies in the outbox and goes over the wire, byte for byte the same each time."""

    id: UUID
    seq: int
    payload: bytes
    waited_s: float = 0.0
    """How long it was unanswered while the broker was connected, in seconds."""


class Outbox:
    """Any thread; calls wait for each other's commit.

    Args:
        path: Of the file; made with its folder where it is missing. A damaged file is put aside, kept
            under another name, and ``was_damaged`` tells so.
        most_events: Undelivered events beyond which new ones are refused.
    """

    def __init__(self, path: Path, most_events: int = 10_000) -> None:
        self._lock = threading.Lock()
        self._most_events = most_events
        self.was_damaged = False
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = self._open_or_put_aside(path)
            self._queued, self._quarantined = self._count("queued"), self._count("quarantined")
        except (OSError, sqlite3.Error) as error:
            raise OutboxError(f"cannot use the outbox {path}: {error}") from error

    @property
    def queued(self) -> int:
        """Events that wait for their result."""
        return self._queued

    @property
    def quarantined(self) -> int:
        """Events that were given up on after a day of silence, kept for a person to look at."""
        return self._quarantined

    def store(self, event_id: UUID, make: Callable[[int], bytes]) -> StoredEvent | None:
        """Commit an event to disk.

        Args:
            event_id: The same id twice is the same event.
            make: Gives the payload for the device sequence number it is called with.

        Returns:
            The stored event; None where one of this id is there or was answered already.

        Raises:
            OutboxFullError: There are too many undelivered events; nothing was stored.
            OutboxError: The disk refused.
        """
        with self._lock, self._transaction() as db:
            kept, is_known = db.execute(_NEXT_SEQ_AND_KNOWN, (str(event_id),)).fetchone()
            if is_known:
                return None
            if self._queued + self._quarantined >= self._most_events:
                raise OutboxFullError(f"{self._most_events} events wait for the station")
            seq = int(kept)
            payload = make(seq)
            db.execute("INSERT INTO event (seq, id, payload) VALUES (?, ?, ?)", (seq, str(event_id), payload))
            db.execute("UPDATE kept SET value = ? WHERE key = 'next_seq'", (str(seq + 1).encode(),))
            self._queued += 1
        return StoredEvent(event_id, seq, payload)

    def queued_after(self, seq: int, limit: int) -> list[StoredEvent]:
        """The queued events with a higher sequence number, oldest first."""
        with self._lock, self._translated():
            rows = self._db.execute(
                "SELECT id, seq, payload, waited_s FROM event"
                " WHERE state = 'queued' AND seq > ? ORDER BY seq LIMIT ?",
                (seq, limit),
            ).fetchall()
        return [StoredEvent(UUID(row[0]), row[1], row[2], row[3]) for row in rows]

    def answered(self, event_ids: list[UUID]) -> None:
        """The station's results arrived: the events may go."""
        with self._lock, self._transaction() as db:
            for event_id in event_ids:
                row = db.execute(
                    "DELETE FROM event WHERE id = ? RETURNING state", (str(event_id),)
                ).fetchone()
                if row is not None:
                    self._forget(row[0])
                    db.execute("INSERT OR IGNORE INTO answered (id) VALUES (?)", (str(event_id),))
            db.execute(
                "DELETE FROM answered WHERE number <= (SELECT max(number) FROM answered) - ?",
                (_REMEMBERED_ANSWERS,),
            )

    def waited(self, event_id: UUID, waited_s: float) -> None:
        """Remember how long an event has been unanswered while connected."""
        with self._lock, self._transaction() as db:
            db.execute("UPDATE event SET waited_s = ? WHERE id = ?", (waited_s, str(event_id)))

    def quarantine(self, event_id: UUID) -> None:
        """Send an event no more; it stays in the file."""
        with self._lock, self._transaction() as db:
            moved = db.execute(
                "UPDATE event SET state = 'quarantined' WHERE id = ? AND state = 'queued'", (str(event_id),)
            )
            self._queued -= moved.rowcount
            self._quarantined += moved.rowcount

    def release(self) -> int:
        """Give every event in quarantine another day; how many there were."""
        with self._lock, self._transaction() as db:
            moved = db.execute("UPDATE event SET state = 'queued', waited_s = 0 WHERE state = 'quarantined'")
            self._queued += moved.rowcount
            self._quarantined -= moved.rowcount
        return moved.rowcount

    def keep(self, key: str, value: bytes) -> None:
        """Remember something across restarts, such as the settings last received."""
        with self._lock, self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?)", (f"kept.{key}", value))

    def kept(self, key: str) -> bytes | None:
        """What ``keep`` remembered."""
        with self._lock, self._translated():
            row = self._db.execute("SELECT value FROM kept WHERE key = ?", (f"kept.{key}",)).fetchone()
        return None if row is None else bytes(row[0])

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _forget(self, state: str) -> None:
        if state == "queued":
            self._queued -= 1
        else:
            self._quarantined -= 1

    def _count(self, state: str) -> int:
        (count,) = self._db.execute("SELECT count(*) FROM event WHERE state = ?", (state,)).fetchone()
        return int(count)

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise OutboxError(f"the outbox's disk refused: {error}") from error

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        counts = self._queued, self._quarantined
        with self._translated():
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                self._queued, self._quarantined = counts
                with contextlib.suppress(sqlite3.Error):
                    self._db.execute("ROLLBACK")
                raise

    def _open_or_put_aside(self, path: Path) -> sqlite3.Connection:
        try:
            return _open(path)
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise  # locked, read-only, disk full: the file itself may be sound
            aside = path.with_name(f"{path.name}.damaged")
            _log.error("outbox is damaged and was put aside", extra={"aside": str(aside)})
            for suffix in ("", "-wal", "-shm"):
                with contextlib.suppress(FileNotFoundError):
                    path.with_name(path.name + suffix).replace(aside.with_name(aside.name + suffix))
            self.was_damaged = True
            return _open(path)


def _open(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5.0)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        (version,) = db.execute("PRAGMA user_version").fetchone()
        if version == 0:
            db.executescript(f"BEGIN;{_SCHEMA}COMMIT;")
        elif version != _SCHEMA_VERSION:
            raise OutboxError(f"the outbox {path} was written by a newer release")
        if db.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise sqlite3.DatabaseError("quick_check failed")
    except BaseException:
        db.close()
        raise
    return db
