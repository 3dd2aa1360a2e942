"""What customers did: purchases and their sums."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, bindparam, delete, func, or_, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.filters.tenders import tender_bits, tenders_of
from loyalty.adapters.sql.prepared import Prepared, columns_of, insert_of
from loyalty.adapters.sql.schema.base import Microseconds
from loyalty.domain.activity import (
    RECENT_VISITS,
    ActivitySummary,
    CardUsed,
    Goods,
    Purchase,
    StartFigures,
    summary_of,
    together,
)
from loyalty.domain.customer import CustomerSource
from loyalty.domain.filters import CustomerFacts, EmailReach, MessageSent
from loyalty.domain.message import MessageKind

_SUMMARIES, _PURCHASES = schema.customer_summaries, schema.customer_purchases
_CARDS, _LINES, _SALES = schema.purchase_cards, schema.sale_lines, schema.sales
_RECENT = [f"visit_{number}_at" for number in range(1, RECENT_VISITS + 1)]

_INSERT = insert_of(_PURCHASES)
_INSERT_CARD = insert_of(_CARDS)
_MARK_LINES = Prepared(
    update(_LINES)
    .where(_LINES.c.sale_id == bindparam("of_sale"))
    .values(bought_by=bindparam("buyer"), bought_at=bindparam("bought"))
)
_SUMS = {
    "spend_minor": _SUMMARIES.c.spend_minor + bindparam("spent"),
    "tenders": _SUMMARIES.c.tenders.op("|")(bindparam("ways")),
    "last_payment_at": bindparam("visited"),
    "first_visit_at": func.coalesce(_SUMMARIES.c.first_visit_at, bindparam("visited", type_=Microseconds)),
}
_VISIT = {
    "visits": _SUMMARIES.c.visits + 1,
    "visit_1_at": bindparam("visited"),
    **{later: _SUMMARIES.c[earlier] for earlier, later in pairwise(_RECENT)},
}
_IS_NEXT = [
    or_(_SUMMARIES.c[name].is_(None), _SUMMARIES.c[name] <= bindparam("visited"))
    for name in ("visit_1_at", "last_payment_at")
]
_ADD_VISIT = Prepared(
    update(_SUMMARIES).where(_SUMMARIES.c.customer_id == bindparam("buyer"), *_IS_NEXT).values(_SUMS | _VISIT)
)
_BY_ID = Prepared(select(_SUMMARIES).where(_SUMMARIES.c.customer_id == bindparam("customer_id")))
_STARTS = schema.customer_start_figures
_STARTS_OF = Prepared(
    select(_STARTS)
    .join(schema.customers, schema.customers.c.id == _STARTS.c.customer_id)
    .where(
        or_(
            and_(_STARTS.c.customer_id == bindparam("customer_id"), schema.customers.c.merged_into.is_(None)),
            schema.customers.c.merged_into == bindparam("customer_id"),
        )
    )
)
_PURCHASES_OF = Prepared(
    select(_PURCHASES)
    .where(_PURCHASES.c.customer_id == bindparam("customer_id"))
    .order_by(_PURCHASES.c.at, _PURCHASES.c.sale_id)
)


class SqlActivityRepository:
    """The next visit of a customer moves the sums on; everything else adds them up again."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def add(self, purchase: Purchase) -> None:
        self._transaction.write(_INSERT, _purchase_values(purchase))
        self._note_cards(purchase)
        mark = {"of_sale": purchase.sale_id, "buyer": purchase.customer_id, "bought": purchase.at}
        self._transaction.write(_MARK_LINES, mark)
        if not self._is_moved_on(purchase):
            self._sum_up(purchase.customer_id)

    def change(self, purchase: Purchase) -> None:
        self._remove(purchase.sale_id, purchase.customer_id)
        self._store(purchase)
        self._sum_up(purchase.customer_id)

    def put(self, customer_id: UUID, purchases: Sequence[Purchase]) -> None:
        kept = {purchase.sale_id for purchase in self.purchases(customer_id)}
        for sale_id in kept | {purchase.sale_id for purchase in purchases}:
            self._remove(sale_id, customer_id)
        for purchase in purchases:
            self._store(purchase)
        self._sum_up(customer_id)

    def summary(self, customer_id: UUID) -> ActivitySummary:
        row = self._transaction.first(_BY_ID, {"customer_id": customer_id})
        return _summary(row) if row is not None else ActivitySummary()

    def start(self, customer_id: UUID) -> StartFigures:
        return together(
            StartFigures(row.visits, row.spend_minor, row.first_visit_at, row.last_visit_at)
            for row in self._transaction.all(_STARTS_OF, {"customer_id": customer_id})
        )

    def put_starts(self, starts: Mapping[UUID, StartFigures]) -> None:
        rows = [{"customer_id": customer_id, **columns_of(start)} for customer_id, start in starts.items()]
        self._transaction.upsert_all(_STARTS, rows)
        for customer_id in starts:
            self._sum_up(customer_id)

    def purchases(self, customer_id: UUID) -> tuple[Purchase, ...]:
        rows = self._transaction.all(_PURCHASES_OF, {"customer_id": customer_id})
        cards = self._grouped(select(_CARDS).where(_CARDS.c.customer_id == customer_id))
        ids = [row.sale_id for row in rows]
        bought = select(_LINES).where(_LINES.c.sale_id.in_(ids), _LINES.c.bought_by == customer_id)
        lines = self._grouped(bought.order_by(_LINES.c.position)) if ids else {}
        return tuple(
            Purchase(
                sale_id=row.sale_id,
                customer_id=row.customer_id,
                at=row.at,
                lane_id=row.lane_id,
                spend_minor=row.spend_minor,
                is_visit=row.is_visit,
                tenders=tenders_of(row.tenders),
                cards=tuple(CardUsed(each.brand, each.last_four) for each in cards.get(row.sale_id, ())),
                goods=tuple(dict.fromkeys(_goods(each) for each in lines.get(row.sale_id, ()))),
            )
            for row in rows
        )

    def facts(self, customer_id: UUID) -> CustomerFacts | None:
        row = self._transaction.first(_BY_ID, {"customer_id": customer_id})
        if row is None:
            return None
        members, values = schema.group_members, schema.custom_values
        groups = self._transaction.all(select(members.c.group_id).where(members.c.customer_id == customer_id))
        fields = self._transaction.all(select(values).where(values.c.customer_id == customer_id))
        return CustomerFacts(
            customer_id=customer_id,
            source=CustomerSource(row.source),
            created_at=row.created_at,
            is_listed=row.is_listed,
            enrolled_at=row.enrolled_at,
            balance=row.balance,
            email=EmailReach(row.email_reach) if row.email_reach is not None else None,
            is_reached_by_sms=row.is_reached_by_sms,
            birthday=(row.birth_month, row.birth_day) if row.birth_month is not None else None,
            purchases=self.purchases(customer_id),
            start=self.start(customer_id),
            messages=self._messages(customer_id),
            groups=frozenset(each.group_id for each in groups),
            fields={each.field_id: each.text for each in fields},
        )

    def _messages(self, customer_id: UUID) -> tuple[MessageSent, ...]:
        columns = schema.received_messages.c
        statement = select(columns.kind, columns.at).where(columns.customer_id == customer_id)
        rows = self._transaction.all(statement.order_by(columns.at, columns.message_id))
        return tuple(MessageSent(MessageKind(row.kind), row.at) for row in rows)

    def sales_of(self, customer_id: UUID) -> Sequence[UUID]:
        customers = schema.customers
        into = select(customers.c.id).where(customers.c.merged_into == customer_id)
        rows = self._transaction.all(
            select(_SALES.c.id)
            .where(
                or_(_SALES.c.customer_id == customer_id, _SALES.c.customer_id.in_(into)),
                _SALES.c.state == "completed",
                _SALES.c.is_training.is_(False),
            )
            .order_by(_SALES.c.closed_at, _SALES.c.id)
        )
        return [row.id for row in rows]

    def customers_after(self, customer_id: UUID | None, limit: int) -> Sequence[UUID]:
        ids = schema.customers.c.id
        statement = select(ids).order_by(ids).limit(limit)
        rows = self._transaction.all(statement if customer_id is None else statement.where(ids > customer_id))
        return [row.id for row in rows]

    def _is_moved_on(self, purchase: Purchase) -> bool:
        """Whether this is the visit after those that are summed up already; most are."""
        if not (purchase.is_visit and purchase.is_payment):
            return False
        values = {
            "buyer": purchase.customer_id,
            "visited": purchase.at,
            "spent": purchase.spend_minor,
            "ways": tender_bits(purchase.tenders),
        }
        return self._transaction.write(_ADD_VISIT, values) == 1

    def _store(self, purchase: Purchase) -> None:
        self._transaction.write(_INSERT, _purchase_values(purchase))
        self._note_cards(purchase)
        kept = set(purchase.goods)
        lines = self._transaction.all(select(_LINES).where(_LINES.c.sale_id == purchase.sale_id))
        for line in lines:
            if _goods(line) in kept:
                self._transaction.execute(
                    update(_LINES)
                    .where(_LINES.c.id == line.id)
                    .values(bought_by=purchase.customer_id, bought_at=purchase.at)
                )

    def _note_cards(self, purchase: Purchase) -> None:
        for card in purchase.cards:
            self._transaction.write(
                _INSERT_CARD,
                {
                    "sale_id": purchase.sale_id,
                    "brand": card.brand,
                    "last_four": card.last_four,
                    "customer_id": purchase.customer_id,
                    "at": purchase.at,
                },
            )

    def _remove(self, sale_id: UUID, customer_id: UUID) -> None:
        self._transaction.execute(
            delete(_PURCHASES).where(_PURCHASES.c.sale_id == sale_id, _PURCHASES.c.customer_id == customer_id)
        )
        self._transaction.execute(
            delete(_CARDS).where(_CARDS.c.sale_id == sale_id, _CARDS.c.customer_id == customer_id)
        )
        self._transaction.execute(
            update(_LINES)
            .where(_LINES.c.sale_id == sale_id, _LINES.c.bought_by == customer_id)
            .values(bought_by=None, bought_at=None)
        )

    def _sum_up(self, customer_id: UUID) -> None:
        values = summary_values(summary_of(self.purchases(customer_id), self.start(customer_id)))
        self._transaction.execute(
            update(_SUMMARIES).where(_SUMMARIES.c.customer_id == customer_id).values(**values)
        )

    def _grouped(self, statement: Select[Any]) -> dict[UUID, list[Row[Any]]]:
        grouped: dict[UUID, list[Row[Any]]] = {}
        for row in self._transaction.all(statement):
            grouped.setdefault(row.sale_id, []).append(row)
        return grouped


def summary_values(summary: ActivitySummary) -> dict[str, object]:
    """Columns of a summary that follow from purchases."""
    recent = [*summary.recent_visits, *[None] * RECENT_VISITS][:RECENT_VISITS]
    return {
        "visits": summary.visits,
        "spend_minor": summary.spend_minor,
        "first_visit_at": summary.first_visit_at,
        "last_payment_at": summary.last_payment_at,
        "tenders": tender_bits(summary.tenders),
        **dict(zip(_RECENT, recent, strict=True)),
    }


def _summary(row: Row[Any]) -> ActivitySummary:
    recent: Mapping[str, Any] = {name: getattr(row, name) for name in _RECENT}
    return ActivitySummary(
        visits=row.visits,
        spend_minor=row.spend_minor,
        first_visit_at=row.first_visit_at,
        recent_visits=tuple(at for at in recent.values() if at is not None),
        last_payment_at=row.last_payment_at,
        tenders=tenders_of(row.tenders),
    )


def _goods(line: Row[Any]) -> Goods:
    return Goods(line.item_id, line.category_id, line.variation_id)


def _purchase_values(purchase: Purchase) -> dict[str, object]:
    return {
        "customer_id": purchase.customer_id,
        "at": purchase.at,
        "sale_id": purchase.sale_id,
        "lane_id": purchase.lane_id,
        "spend_minor": purchase.spend_minor,
        "is_visit": purchase.is_visit,
        "tenders": tender_bits(purchase.tenders),
    }
