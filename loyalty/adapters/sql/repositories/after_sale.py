"""Refunds, linked payment cards, birthdays, the audit log."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, bindparam, delete, func, or_, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.json_values import (
    refund_quote_from_json,
    refund_quote_to_json,
    tenders_from_json,
    tenders_to_json,
)
from loyalty.adapters.sql.repositories.merged import of_person
from loyalty.domain.audit import AuditAction, AuditEntry
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.payment_card import CardToken, LinkedCard
from loyalty.domain.refunds import Refund, RefundKind
from loyalty.ports.after_sale import AuditWanted

_REFUNDS, _CARDS = schema.refunds, schema.linked_cards
_BIRTHDAYS, _AUDIT = schema.customer_birthdays, schema.audit_entries
_LINKED = select(_CARDS).where(
    _CARDS.c.fingerprint == bindparam("fingerprint"), _CARDS.c.unlinked_at.is_(None)
)


class SqlRefundRepository:
    """Refunds, only ever inserted."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, refund: Refund, key: str) -> None:
        self._transaction.execute(
            _REFUNDS.insert(),
            {
                "id": refund.id,
                "sale_id": refund.sale_id,
                "key": key,
                "kind": refund.kind.value,
                "at": refund.at,
                "amount_minor": refund.quote.amount_minor,
                "is_whole": refund.quote.is_whole,
                "quote": refund_quote_to_json(refund.quote),
                "reason": refund.reason,
                "given_by": refund.given_by,
                "tenders": tenders_to_json(refund.tenders),
                "exchange_sale_id": refund.exchange_sale_id,
            },
        )

    def by_key(self, key: str) -> Refund | None:
        row = self._transaction.first(select(_REFUNDS).where(_REFUNDS.c.key == key))
        return refund_from(row) if row is not None else None

    def of_sale(self, sale_id: UUID) -> Sequence[Refund]:
        statement = select(_REFUNDS).where(_REFUNDS.c.sale_id == sale_id)
        rows = self._transaction.all(statement.order_by(_REFUNDS.c.at, _REFUNDS.c.id))
        return [refund_from(row) for row in rows]

    def between(self, start: datetime, end: datetime, staff_id: UUID | None = None) -> Sequence[Refund]:
        statement = select(_REFUNDS).where(_REFUNDS.c.at >= start, _REFUNDS.c.at < end)
        if staff_id is not None:
            statement = statement.where(_REFUNDS.c.given_by == staff_id)
        rows = self._transaction.all(statement.order_by(_REFUNDS.c.at, _REFUNDS.c.id))
        return [refund_from(row) for row in rows]


class SqlLinkedCardRepository:
    """Payment cards of members."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, card: LinkedCard) -> None:
        values = asdict(card)
        self._transaction.execute(_CARDS.insert(), values | values.pop("card"))

    def unlink(self, card_id: UUID, at: datetime) -> None:
        self._transaction.execute(
            update(_CARDS)
            .where(_CARDS.c.id == card_id, _CARDS.c.unlinked_at.is_(None))
            .values(unlinked_at=at)
        )

    def forget(self, customer_id: UUID) -> None:
        self._transaction.execute(delete(_CARDS).where(_CARDS.c.customer_id == customer_id))

    def by_fingerprint(self, fingerprint: str) -> LinkedCard | None:
        row = self._transaction.first(_LINKED, {"fingerprint": fingerprint})
        return _linked(row) if row is not None else None

    def of_customer(self, customer_id: UUID) -> Sequence[LinkedCard]:
        rows = self._transaction.all(
            select(_CARDS)
            .where(of_person(_CARDS.c.customer_id, customer_id), _CARDS.c.unlinked_at.is_(None))
            .order_by(_CARDS.c.linked_at, _CARDS.c.id)
        )
        return [_linked(row) for row in rows]


class SqlBirthdayRepository:
    """Birthdays."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def put(self, customer_id: UUID, birthday: Birthday | None) -> None:
        if birthday is None:
            self._transaction.execute(delete(_BIRTHDAYS).where(_BIRTHDAYS.c.customer_id == customer_id))
        else:
            self._transaction.upsert(_BIRTHDAYS, {"customer_id": customer_id, **asdict(birthday)})

    def of_customer(self, customer_id: UUID) -> Birthday | None:
        row = self._transaction.first(select(_BIRTHDAYS).where(_BIRTHDAYS.c.customer_id == customer_id))
        return Birthday(row.month, row.day, row.year) if row is not None else None

    def on_days(
        self, days: Collection[tuple[int, int]], after: UUID | None, limit: int
    ) -> Sequence[tuple[UUID, Birthday]]:
        if not days:
            return []
        columns = _BIRTHDAYS.c
        is_one = or_(*(and_(columns.month == month, columns.day == day) for month, day in sorted(days)))
        statement = select(_BIRTHDAYS).where(is_one)
        if after is not None:
            statement = statement.where(columns.customer_id > after)
        rows = self._transaction.all(statement.order_by(columns.customer_id).limit(limit))
        return [(row.customer_id, Birthday(row.month, row.day, row.year)) for row in rows]


class SqlAuditLog:
    """Deeds of staff."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, entry: AuditEntry) -> None:
        self._transaction.execute(_AUDIT.insert(), asdict(entry) | {"params": dict(entry.params)})

    def between(self, start: datetime, end: datetime, staff_id: UUID | None = None) -> Sequence[AuditEntry]:
        statement = select(_AUDIT).where(_AUDIT.c.at >= start, _AUDIT.c.at < end)
        if staff_id is not None:
            statement = statement.where(_AUDIT.c.staff_id == staff_id)
        return [_audit(row) for row in self._transaction.all(statement.order_by(_AUDIT.c.at, _AUDIT.c.id))]

    def newest(self, wanted: AuditWanted, after: UUID | None, limit: int) -> Sequence[AuditEntry]:
        columns = _AUDIT.c
        statement = select(_AUDIT).where(columns.at >= wanted.start, columns.at < wanted.end)
        if wanted.is_nobody:
            statement = statement.where(columns.staff_id.is_(None))
        elif wanted.staff_id is not None:
            statement = statement.where(columns.staff_id == wanted.staff_id)
        if wanted.action is not None:
            statement = statement.where(columns.action == wanted.action.value)
        if wanted.about is not None:
            is_it = columns.subject == wanted.about
            statement = statement.where(
                or_(is_it, columns.subject.endswith(f":{wanted.about}", autoescape=True))
            )
        last = self._transaction.first(select(_AUDIT).where(columns.id == after)) if after else None
        if last is not None:
            older = or_(columns.at < last.at, and_(columns.at == last.at, columns.id < last.id))
            statement = statement.where(older)
        rows = self._transaction.all(statement.order_by(columns.at.desc(), columns.id.desc()).limit(limit))
        return [_audit(row) for row in rows]

    def count(self, start: datetime, end: datetime, action: AuditAction) -> int:
        columns = _AUDIT.c
        which = and_(columns.at >= start, columns.at < end, columns.action == action.value)
        row = self._transaction.first(select(func.count().label("deeds")).select_from(_AUDIT).where(which))
        return int(row.deeds) if row is not None else 0

    def of_subject(self, subject: str) -> Sequence[AuditEntry]:
        statement = select(_AUDIT).where(_AUDIT.c.subject == subject)
        return [_audit(row) for row in self._transaction.all(statement.order_by(_AUDIT.c.at, _AUDIT.c.id))]


def refund_from(row: Row[Any]) -> Refund:
    """The refund in a row of its table."""
    return Refund(
        id=row.id,
        sale_id=row.sale_id,
        kind=RefundKind(row.kind),
        at=row.at,
        quote=refund_quote_from_json(row.quote),
        reason=row.reason,
        given_by=row.given_by,
        tenders=tenders_from_json(row.tenders),
        exchange_sale_id=row.exchange_sale_id,
    )


def _linked(row: Row[Any]) -> LinkedCard:
    token = CardToken(row.brand, row.last_four, row.fingerprint)
    return LinkedCard(row.id, row.customer_id, token, row.linked_at, row.unlinked_at)


def _audit(row: Row[Any]) -> AuditEntry:
    return AuditEntry(row.id, row.at, row.staff_id, AuditAction(row.action), row.subject, row.params)
