"""All tables from one person's side; who stayed away; who was erased."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.repositories.identifications import identification_of
from loyalty.adapters.sql.repositories.merged import of_person
from loyalty.adapters.sql.repositories.messages import message_of
from loyalty.domain.identification import Identification
from loyalty.domain.message import MemberMessage
from loyalty.domain.privacy import ErasedPerson, PastSale
from loyalty.ports.people import InactivePage

_CUSTOMERS, _SALES, _LINES = schema.customers, schema.sales, schema.sale_lines
_SEEN, _CONSENTS, _ACCOUNTS = schema.identifications, schema.consent_entries, schema.loyalty_accounts
_MESSAGES, _EVENTS = schema.member_messages, schema.processed_events
_ERASED, _TOLD = schema.erased_people, schema.retention_notices

_SESSIONS_AT_ONCE = 50


class SqlPersonRepository:
    """See ``loyalty.ports.people.PersonRepository``."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def sales_of(self, customer_id: UUID) -> Sequence[PastSale]:
        mine = and_(of_person(_SALES.c.customer_id, customer_id), _SALES.c.state == "completed")
        lines = self._transaction.all(
            select(_LINES.c.sale_id, _LINES.c.name, _LINES.c.quantity)
            .join(_SALES, _SALES.c.id == _LINES.c.sale_id)
            .where(mine)
            .order_by(_LINES.c.position)
        )
        items: dict[UUID, list[tuple[str, int]]] = {}
        for line in lines:
            items.setdefault(line.sale_id, []).append((line.name, line.quantity))
        return [
            PastSale(
                id=row.id,
                closed_at=row.closed_at,
                currency=row.currency,
                total_minor=row.total_minor or 0,
                points_earned=row.points_earned or 0,
                points_redeemed=row.points_redeemed or 0,
                items=tuple(items.get(row.id, ())),
            )
            for row in self._transaction.all(select(_SALES).where(mine).order_by(_SALES.c.closed_at))
        ]

    def identifications_of(self, customer_id: UUID) -> Sequence[Identification]:
        statement = select(_SEEN).where(of_person(_SEEN.c.customer_id, customer_id))
        rows = self._transaction.all(statement.order_by(_SEEN.c.at, _SEEN.c.id))
        return [identification_of(row) for row in rows]

    def messages_of(self, customer_id: UUID) -> Sequence[MemberMessage]:
        statement = select(_MESSAGES).where(of_person(_MESSAGES.c.customer_id, customer_id))
        rows = self._transaction.all(statement.order_by(_MESSAGES.c.queued_at, _MESSAGES.c.id))
        return [message_of(row) for row in rows]

    def merged_into(self, customer_id: UUID) -> Sequence[UUID]:
        statement = select(_CUSTOMERS.c.id).where(_CUSTOMERS.c.merged_into == customer_id)
        return [row.id for row in self._transaction.all(statement.order_by(_CUSTOMERS.c.id))]

    def has_unfinished_sale(self, customer_id: UUID) -> bool:
        statement = select(_SALES.c.id).where(
            of_person(_SALES.c.customer_id, customer_id), _SALES.c.state.in_(("open", "held"))
        )
        return self._transaction.first(statement.limit(1)) is not None

    def forget_traces(self, customer_id: UUID) -> None:
        for table in (schema.customer_import_prints, schema.purchase_cards, schema.smart_group_members):
            self._transaction.execute(delete(table).where(table.c.customer_id == customer_id))
        oldest = select(func.min(_EVENTS.c.processed_at)).scalar_subquery()
        recent = and_(_SEEN.c.session_id.is_not(None), _SEEN.c.at >= oldest)
        statement = select(_SEEN.c.session_id).where(_SEEN.c.customer_id == customer_id, recent)
        rows = self._transaction.all(statement.distinct())
        sessions = [str(row.session_id) for row in rows]
        for start in range(0, len(sessions), _SESSIONS_AT_ONCE):
            some = sessions[start : start + _SESSIONS_AT_ONCE]
            names_one = or_(*(_EVENTS.c.result.contains(session, autoescape=True) for session in some))
            self._transaction.execute(update(_EVENTS).where(names_one).values(result=""))

    def note_erased(self, customer_id: UUID, at: datetime) -> None:
        self._transaction.insert_new(_ERASED, {"customer_id": customer_id, "at": at})

    def erased(self) -> Sequence[ErasedPerson]:
        rows = self._transaction.all(select(_ERASED).order_by(_ERASED.c.at, _ERASED.c.customer_id))
        return [ErasedPerson(row.customer_id, row.at) for row in rows]

    def inactive(self, since: datetime, after: UUID | None, limit: int) -> InactivePage:
        ids = select(_CUSTOMERS.c.id).order_by(_CUSTOMERS.c.id).limit(limit)
        if after is not None:
            ids = ids.where(_CUSTOMERS.c.id > after)
        page = [row.id for row in self._transaction.all(ids)]
        if not page:
            return InactivePage((), None)
        statement = select(_CUSTOMERS.c.id).where(
            _CUSTOMERS.c.id.between(page[0], page[-1]), *_stayed_away(since)
        )
        found = self._transaction.all(statement.order_by(_CUSTOMERS.c.id))
        return InactivePage(tuple(row.id for row in found), page[-1] if len(page) == limit else None)

    def is_inactive(self, customer_id: UUID, since: datetime) -> bool:
        statement = select(_CUSTOMERS.c.id).where(_CUSTOMERS.c.id == customer_id, *_stayed_away(since))
        return self._transaction.first(statement) is not None

    def note_told(self, customer_id: UUID, at: datetime) -> bool:
        return self._transaction.insert_new(_TOLD, {"customer_id": customer_id, "told_at": at})

    def told_until(self, until: datetime, limit: int) -> Sequence[UUID]:
        statement = select(_TOLD.c.customer_id).where(_TOLD.c.told_at <= until)
        in_order = statement.order_by(_TOLD.c.told_at, _TOLD.c.customer_id).limit(limit)
        return [row.customer_id for row in self._transaction.all(in_order)]

    def is_told(self, customer_id: UUID) -> bool:
        statement = select(_TOLD.c.customer_id).where(_TOLD.c.customer_id == customer_id)
        return self._transaction.first(statement) is not None

    def forget_told(self, customer_id: UUID) -> None:
        self._transaction.execute(delete(_TOLD).where(_TOLD.c.customer_id == customer_id))


def _stayed_away(since: datetime) -> list[ColumnElement[bool]]:
    def no_row(table: Any, moment: Any) -> ColumnElement[bool]:
        return ~exists().where(table.c.customer_id == _CUSTOMERS.c.id, moment >= since)

    return [
        _CUSTOMERS.c.erased_at.is_(None),
        _CUSTOMERS.c.merged_into.is_(None),
        _CUSTOMERS.c.created_at < since,
        no_row(_SEEN, _SEEN.c.at),
        no_row(_SALES, _SALES.c.opened_at),
        no_row(_ACCOUNTS, _ACCOUNTS.c.enrolled_at),
        no_row(_CONSENTS, _CONSENTS.c.at),
    ]
