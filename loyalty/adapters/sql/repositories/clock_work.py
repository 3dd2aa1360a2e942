"""Runs of work that the clock starts, and daily digests."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.ports.clock_work import JobRun

_RUNS, _DIGESTS = schema.job_runs, schema.daily_digests


class SqlJobRepository:
    """Runs by their names."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def get(self, name: str) -> JobRun | None:
        row = self._transaction.first(select(_RUNS).where(_RUNS.c.name == name))
        return _run(row) if row is not None else None

    def save(self, run: JobRun) -> None:
        self._transaction.upsert(_RUNS, asdict(run))

    def unfinished(self, prefix: str) -> list[JobRun]:
        statement = select(_RUNS).where(
            _RUNS.c.name.startswith(prefix, autoescape=True), _RUNS.c.finished_at.is_(None)
        )
        return [_run(row) for row in self._transaction.all(statement.order_by(_RUNS.c.name))]


class SqlDigestRepository:
    """Digests by the shop's day."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, day: date, at: datetime, content: Mapping[str, Any]) -> bool:
        values = {"day": day.isoformat(), "made_at": at, "content": dict(content)}
        return self._transaction.insert_new(_DIGESTS, values)

    def of_day(self, day: date) -> Mapping[str, Any] | None:
        row = self._transaction.first(select(_DIGESTS).where(_DIGESTS.c.day == day.isoformat()))
        if row is None:
            return None
        content: Mapping[str, Any] = row.content
        return content


def _run(row: Row[Any]) -> JobRun:
    return JobRun(row.name, row.cursor, row.done, row.finished_at)
