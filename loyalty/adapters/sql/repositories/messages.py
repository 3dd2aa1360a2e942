"""Messages to members and status links."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.domain.message import MemberMessage, MessageKind, MessageState

_TABLE, _LINKS = schema.member_messages, schema.status_links
_CUSTOMER_OF = select(_LINKS.c.customer_id).where(
    _LINKS.c.token_hash == bindparam("token_hash"), _LINKS.c.revoked_at.is_(None)
)


class SqlMessageRepository:
    """The queue of messages to members."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def queue(self, message: MemberMessage) -> bool:
        return self._transaction.insert_new(_TABLE, asdict(message))

    def knows(self, event_key: str) -> bool:
        return self._transaction.first(select(_TABLE.c.id).where(_TABLE.c.event_key == event_key)) is not None

    def queued(self, limit: int) -> Sequence[MemberMessage]:
        statement = select(_TABLE).where(_TABLE.c.state == "queued")
        rows = self._transaction.all(statement.order_by(_TABLE.c.queued_at, _TABLE.c.id).limit(limit))
        return [message_of(row) for row in rows]

    def recent(self, limit: int) -> Sequence[MemberMessage]:
        rows = self._transaction.all(select(_TABLE).order_by(_TABLE.c.id.desc()).limit(limit))
        return [message_of(row) for row in rows]

    def forget(self, customer_id: UUID) -> None:
        mine = _TABLE.c.customer_id == customer_id
        self._transaction.execute(
            update(_TABLE)
            .where(mine, _TABLE.c.state == MessageState.QUEUED.value)
            .values(state=MessageState.DROPPED.value, detail="erased")
        )
        self._transaction.execute(
            update(_TABLE).where(mine).values(to="", body="", html=None, opt_out_link=None)
        )

    def settle(self, message_id: UUID, state: MessageState, attempts: int, at: datetime) -> None:
        self._transaction.execute(
            update(_TABLE)
            .where(_TABLE.c.id == message_id)
            .values(state=state.value, attempts=attempts, settled_at=at)
        )


class SqlStatusLinkRepository:
    """Links to status pages."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, token_hash: bytes, customer_id: UUID, at: datetime) -> None:
        self._transaction.execute(
            _LINKS.insert(), {"token_hash": token_hash, "customer_id": customer_id, "created_at": at}
        )

    def customer_of(self, token_hash: bytes) -> UUID | None:
        row = self._transaction.first(_CUSTOMER_OF, {"token_hash": token_hash})
        return row.customer_id if row is not None else None

    def revoke_all_of(self, customer_id: UUID, at: datetime) -> None:
        self._transaction.execute(
            update(_LINKS)
            .where(_LINKS.c.customer_id == customer_id, _LINKS.c.revoked_at.is_(None))
            .values(revoked_at=at)
        )


def message_of(row: Row[Any]) -> MemberMessage:
    return MemberMessage(
        id=row.id,
        event_key=row.event_key,
        kind=MessageKind(row.kind),
        customer_id=row.customer_id,
        to=row.to,
        language=row.language,
        body=row.body,
        queued_at=row.queued_at,
        state=MessageState(row.state),
        attempts=row.attempts,
        settled_at=row.settled_at,
        due_at=row.due_at,
        expires_at=row.expires_at,
        device=row.device,
        opt_out_link=row.opt_out_link,
        html=row.html,
        detail=row.detail,
    )
