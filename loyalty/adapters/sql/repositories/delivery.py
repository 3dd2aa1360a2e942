"""Exactly-once bookkeeping."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.prepared import Prepared, columns_of, insert_of
from loyalty.domain.delivery import (
    MAX_DEAD_PAYLOAD_BYTES,
    DeadLetter,
    OutboundMessage,
    ProcessedEvent,
)

_PROCESSED, _DEAD, _OUTBOUND = schema.processed_events, schema.dead_letters, schema.outbound_messages
_FIND = Prepared(
    select(_PROCESSED).where(
        _PROCESSED.c.source == bindparam("source"), _PROCESSED.c.event_id == bindparam("event_id")
    )
)
_REMEMBER, _QUEUE = insert_of(_PROCESSED), insert_of(_OUTBOUND)
_UNPUBLISHED = (
    select(_OUTBOUND)
    .where(_OUTBOUND.c.published_at.is_(None))
    .order_by(_OUTBOUND.c.created_at, _OUTBOUND.c.id)
)


class SqlInbox:
    """Events that have had their effect."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, source: str, event_id: UUID) -> ProcessedEvent | None:
        row = self._transaction.first(_FIND, {"source": source, "event_id": event_id})
        if row is None:
            return None
        return ProcessedEvent(row.source, row.event_id, bytes(row.digest), row.result, row.processed_at)

    def add(self, event: ProcessedEvent) -> None:
        self._transaction.write(_REMEMBER, columns_of(event))

    def purge(self, before: datetime) -> int:
        return self._transaction.execute(
            delete(_PROCESSED).where(_PROCESSED.c.processed_at < before)
        ).rowcount


class SqlDeadLetters:
    """Payloads that could not be taken."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, letter: DeadLetter) -> None:
        values = asdict(letter)
        values["payload"] = letter.payload[:MAX_DEAD_PAYLOAD_BYTES]
        self._transaction.execute(_DEAD.insert(), values)

    def recent(self, limit: int) -> Sequence[DeadLetter]:
        rows = self._transaction.all(select(_DEAD).order_by(_DEAD.c.id.desc()).limit(limit))
        return [
            DeadLetter(row.id, row.reason, row.source, row.topic, bytes(row.payload), row.received_at)
            for row in rows
        ]

    def count(self) -> int:
        row = self._transaction.first(select(func.count().label("letters")).select_from(_DEAD))
        return int(row.letters) if row is not None else 0


class SqlOutbound:
    """Messages to publish."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, message: OutboundMessage) -> None:
        self._transaction.write(_QUEUE, columns_of(message))

    def unpublished(self, limit: int) -> Sequence[OutboundMessage]:
        rows = self._transaction.all(_UNPUBLISHED.limit(limit))
        return [
            OutboundMessage(row.id, row.topic, bytes(row.payload), row.created_at, row.published_at)
            for row in rows
        ]

    def mark_published(self, message_ids: Sequence[UUID], at: datetime) -> None:
        self._transaction.execute(
            update(_OUTBOUND).where(_OUTBOUND.c.id.in_(message_ids)).values(published_at=at)
        )

    def purge_published(self, before: datetime) -> int:
        return self._transaction.execute(delete(_OUTBOUND).where(_OUTBOUND.c.published_at < before)).rowcount
