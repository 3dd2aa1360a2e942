"""Identifications and ended sessions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, delete, func, or_, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.prepared import Prepared, columns_of, insert_of
from loyalty.domain.identification import Attachment, Identification, IdentificationMethod
from loyalty.domain.trust import Trust

_TABLE, _ENDED = schema.identifications, schema.ended_sessions
_INSERT = insert_of(_TABLE)
_LAST = Prepared(
    select(_TABLE)
    .where(_TABLE.c.session_id == bindparam("session_id"))
    .order_by(_TABLE.c.at.desc(), _TABLE.c.id.desc())
    .limit(1)
)
_BEST_OF_SESSION = select(func.max(_TABLE.c.trust).label("trust")).where(
    _TABLE.c.session_id == bindparam("session_id"), _TABLE.c.customer_id == bindparam("customer_id")
)
_IS_NO_CODE = _TABLE.c.method != IdentificationMethod.ONE_TIME_CODE.value
_BEST_ON_SALE = Prepared(_BEST_OF_SESSION.where(or_(_IS_NO_CODE, _TABLE.c.sale_id == bindparam("sale_id"))))
_BEST_OFF_SALE = Prepared(_BEST_OF_SESSION.where(or_(_IS_NO_CODE, _TABLE.c.sale_id.is_(None))))
_SESSIONS_ON = Prepared(
    select(_TABLE.c.session_id)
    .where(_TABLE.c.sale_id == bindparam("sale_id"), _TABLE.c.session_id.is_not(None))
    .distinct()
)
_IS_ENDED = Prepared(select(_ENDED.c.session_id).where(_ENDED.c.session_id == bindparam("session_id")))


class SqlIdentificationRepository:
    """Records of who was identified."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, identification: Identification) -> None:
        self._transaction.write(_INSERT, {**columns_of(identification), "trust": int(identification.trust)})

    def last_of_session(self, session_id: UUID) -> Identification | None:
        row = self._transaction.first(_LAST, {"session_id": session_id})
        return identification_of(row) if row is not None else None

    def trust_in_session(self, session_id: UUID, customer_id: UUID, *, sale_id: UUID | None) -> Trust | None:
        who = {"session_id": session_id, "customer_id": customer_id}
        if sale_id is None:
            row = self._transaction.first(_BEST_OFF_SALE, who)
        else:
            row = self._transaction.first(_BEST_ON_SALE, {**who, "sale_id": sale_id})
        return Trust(row.trust) if row is not None and row.trust is not None else None

    def sessions_on(self, sale_id: UUID) -> Sequence[UUID]:
        return [row.session_id for row in self._transaction.all(_SESSIONS_ON, {"sale_id": sale_id})]


class SqlSessionRepository:
    """Ended customer sessions."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def end(self, session_id: UUID, device: str, reason: str, at: datetime) -> None:
        self._transaction.insert_new(
            _ENDED, {"session_id": session_id, "device": device, "reason": reason, "ended_at": at}
        )

    def is_ended(self, session_id: UUID) -> bool:
        return self._transaction.first(_IS_ENDED, {"session_id": session_id}) is not None

    def purge(self, before: datetime) -> int:
        return self._transaction.execute(delete(_ENDED).where(_ENDED.c.ended_at < before)).rowcount


def identification_of(row: Row[Any]) -> Identification:
    """The identification of a whole row."""
    return Identification(
        id=row.id,
        customer_id=row.customer_id,
        account_id=row.account_id,
        method=IdentificationMethod(row.method),
        trust=Trust(row.trust),
        lane_id=row.lane_id,
        session_id=row.session_id,
        at=row.at,
        device_time=row.device_time,
        sale_id=row.sale_id,
        attachment=Attachment(row.attachment),
    )
