"""Takes rows as plain values and writes them by the thousand, the quick way of each database."""

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

Row = Sequence[Any]


class RowSink:
    """Rows of several tables on one connection. One thread.

    Args:
        connection: Inside a transaction.
    """

    def __init__(self, connection: Connection) -> None:
        self._is_postgresql = connection.dialect.name == "postgresql"
        self._raw: Any = connection.connection.driver_connection

    def write(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Insert rows whose values are numbers, texts, booleans and None; ids are 32 hex digits."""
        if not rows:
            return
        names = ", ".join(f'"{name}"' for name in columns)
        if self._is_postgresql:
            with self._raw.cursor() as cursor, cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        holes = ", ".join("?" * len(columns))
        self._raw.executemany(f"INSERT INTO {table} ({names}) VALUES ({holes})", rows)  # noqa: S608

    def moment(self, at: datetime) -> str:
        """As a column of moments takes it."""
        text = at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")
        return f"{text}+00" if self._is_postgresql else text


def plain(value: Any) -> Any:
    """What a driver gave, as the other drivers take it too."""
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, dict | list):
        return json.dumps(value)
    return value
