"""One-time codes."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.domain.contact.one_time_code import OneTimeCode

_TABLE = schema.one_time_codes


class SqlOneTimeCodeRepository:
    """Codes that were sent, as keyed digests."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, code: OneTimeCode) -> None:
        self._transaction.execute(_TABLE.insert(), asdict(code))

    def save(self, code: OneTimeCode) -> None:
        self._transaction.execute(
            update(_TABLE).where(_TABLE.c.id == code.id).values(tries=code.tries, used_at=code.used_at)
        )

    def lock(self, code_id: UUID) -> OneTimeCode | None:
        # SQLite has one writer and knows no such clause; SQLAlchemy leaves it out there.
        return _code_of(
            self._transaction.first(select(_TABLE).where(_TABLE.c.id == code_id).with_for_update())
        )

    def newest(self, session_id: UUID, action: str) -> OneTimeCode | None:
        statement = select(_TABLE).where(_TABLE.c.session_id == session_id, _TABLE.c.action == action)
        newest_first = statement.order_by(_TABLE.c.sent_at.desc(), _TABLE.c.id.desc()).limit(1)
        return _code_of(self._transaction.first(newest_first))

    def count_of_session(self, session_id: UUID) -> int:
        row = self._transaction.first(_COUNT.where(_TABLE.c.session_id == session_id))
        return int(row.codes) if row is not None else 0

    def count_for(self, customer_id: UUID, since: datetime) -> int:
        mine = _COUNT.where(_TABLE.c.customer_id == customer_id, _TABLE.c.sent_at >= since)
        row = self._transaction.first(mine)
        return int(row.codes) if row is not None else 0

    def forget(self, customer_id: UUID) -> None:
        self._transaction.execute(delete(_TABLE).where(_TABLE.c.customer_id == customer_id))

    def purge(self, before: datetime) -> int:
        return self._transaction.execute(delete(_TABLE).where(_TABLE.c.sent_at < before)).rowcount


_COUNT = select(func.count().label("codes")).select_from(_TABLE)


def _code_of(row: Row[Any] | None) -> OneTimeCode | None:
    if row is None:
        return None
    return OneTimeCode(
        id=row.id,
        session_id=row.session_id,
        action=row.action,
        digest=row.digest,
        sent_at=row.sent_at,
        tries=row.tries,
        used_at=row.used_at,
        customer_id=row.customer_id,
    )
