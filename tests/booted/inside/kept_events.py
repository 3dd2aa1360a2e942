"""kept_events.py DATABASE OUTBOX: which events station and device hold, and what they came to, as one JSON object."""

import json
import sqlite3
import sys
import uuid
from typing import Any


def rows(path: str, query: str) -> list[Any]:
    database = sqlite3.connect(f"file:{path}?mode=rw", uri=True)
    assert database.execute("pragma integrity_check").fetchall() == [("ok",)], path
    return database.execute(query).fetchall()


def known(value: bytes | str) -> str:
    return str(uuid.UUID(bytes=value) if isinstance(value, bytes) else uuid.UUID(value))


ledger, outbox = sys.argv[1:]
joined = (
    "from consent_entries e join customers c on c.id = e.customer_id where c.phone_number like '+3361234%'"
)
told = {
    "taken": [known(value) for (value,) in rows(ledger, "select event_id from processed_events")],
    "waiting": [known(value) for (value,) in rows(outbox, "select id from event")],
    "identified": dict(
        rows(
            ledger,
            "select c.reference_id, count(*) from identifications i join customers c on c.id = i.customer_id"
            " where c.reference_id is not null group by c.id",
        )
    ),
    "joined": [
        count for (count,) in rows(ledger, f"select count(*) {joined} group by c.phone_number, e.purpose")
    ],
}
print(json.dumps(told))
