"""Reads what customers did before there were summaries out of their sales."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from loyalty.adapters.sql.migrations.activity.triggers import refresh
from loyalty.adapters.sql.schema.base import Json, Microseconds, UtcDateTime

_TENDERS = {"cash": 1, "card": 2, "gift_card": 4, "cheque": 8, "other": 16}
_ROWS = 1000
_RECENT = 5

_SALES = sa.table(
    "sales",
    sa.column("id", sa.Uuid()),
    sa.column("customer_id", sa.Uuid()),
    sa.column("closed_at", UtcDateTime()),
    sa.column("lane_id", sa.Uuid()),
    sa.column("state", sa.String()),
    sa.column("is_training", sa.Boolean()),
    sa.column("exchange_of", sa.Uuid()),
    sa.column("total_minor", sa.BigInteger()),
    sa.column("receipt", Json),
)
_LINES = sa.table(
    "sale_lines",
    sa.column("id", sa.Uuid()),
    sa.column("sale_id", sa.Uuid()),
    sa.column("quantity", sa.Integer()),
    sa.column("bought_by", sa.Uuid()),
    sa.column("bought_at", Microseconds()),
)
_REFUNDS = sa.table("refunds", sa.column("sale_id", sa.Uuid()), sa.column("quote", Json))
_PURCHASES = sa.table(
    "customer_purchases",
    sa.column("customer_id", sa.Uuid()),
    sa.column("at", Microseconds()),
    sa.column("sale_id", sa.Uuid()),
    sa.column("lane_id", sa.Uuid()),
    sa.column("spend_minor", sa.BigInteger()),
    sa.column("is_visit", sa.Boolean()),
    sa.column("tenders", sa.Integer()),
)
_CARDS = sa.table(
    "purchase_cards",
    sa.column("sale_id", sa.Uuid()),
    sa.column("brand", sa.String()),
    sa.column("last_four", sa.String()),
    sa.column("customer_id", sa.Uuid()),
    sa.column("at", Microseconds()),
)


def read() -> None:
    """Every completed sale of a customer, then a summary for each customer."""
    connection = op.get_bind()
    connection.execute(sa.text("INSERT INTO customer_summaries (customer_id) SELECT id FROM customers"))
    connection.execute(sa.text(refresh("IS NOT NULL", is_postgresql=connection.dialect.name == "postgresql")))
    wanted = sa.select(_SALES).where(
        _SALES.c.state == "completed", _SALES.c.customer_id.is_not(None), _SALES.c.is_training.is_(False)
    )
    last: Any = None
    while True:
        page = wanted if last is None else wanted.where(_SALES.c.id > last)
        rows = connection.execute(page.order_by(_SALES.c.id).limit(_ROWS)).all()
        if not rows:
            break
        for row in rows:
            _read_sale(connection, row)
        last = rows[-1].id
    connection.execute(sa.text(_sum_up()))


def _read_sale(connection: sa.Connection, row: Any) -> None:
    quotes = (
        connection.execute(sa.select(_REFUNDS.c.quote).where(_REFUNDS.c.sale_id == row.id)).scalars().all()
    )
    is_whole = any(quote["is_whole"] for quote in quotes)
    receipt = row.receipt or {}
    tenders = [] if is_whole else (receipt.get("tenders") or [receipt.get("tender") or {}])
    connection.execute(
        _PURCHASES.insert(),
        {
            "customer_id": row.customer_id,
            "at": row.closed_at,
            "sale_id": row.id,
            "lane_id": row.lane_id,
            "spend_minor": (row.total_minor or 0) - sum(quote["goods_minor"] for quote in quotes),
            "is_visit": row.exchange_of is None and not is_whole,
            "tenders": sum({_TENDERS.get(each.get("kind"), 0) for each in tenders}),
        },
    )
    cards = {(each["card"]["brand"], each["card"]["last_four"]) for each in tenders if each.get("card")}
    for brand, last_four in sorted(cards):
        values = {"sale_id": row.id, "customer_id": row.customer_id, "at": row.closed_at}
        connection.execute(_CARDS.insert(), values | {"brand": brand, "last_four": last_four})
    if not is_whole:
        _mark_lines(connection, row, quotes)


def _mark_lines(connection: sa.Connection, row: Any, quotes: Any) -> None:
    back: dict[str, int] = {}
    for quote in quotes:
        for line in quote["lines"]:
            back[line["line_id"]] = back.get(line["line_id"], 0) + line["quantity"]
    lines = connection.execute(
        sa.select(_LINES.c.id, _LINES.c.quantity).where(_LINES.c.sale_id == row.id)
    ).all()
    for line in lines:
        if line.quantity > back.get(str(line.id), 0):
            connection.execute(
                sa.update(_LINES)
                .where(_LINES.c.id == line.id)
                .values(bought_by=row.customer_id, bought_at=row.closed_at)
            )


def _sum_up() -> str:
    """Sums and last visits of every customer out of the purchases."""
    of_customer = "FROM customer_purchases p WHERE p.customer_id = customer_summaries.customer_id"
    recent = ", ".join(
        f"(SELECT p.at {of_customer} AND p.is_visit ORDER BY p.at DESC LIMIT 1 OFFSET {number})"
        for number in range(_RECENT)
    )
    tenders = " + ".join(
        f"max(CASE WHEN p.tenders & {bit} <> 0 THEN {bit} ELSE 0 END)" for bit in _TENDERS.values()
    )
    names = ", ".join(f"visit_{number}_at" for number in range(1, _RECENT + 1))
    return (
        "UPDATE customer_summaries SET "
        f"visits = (SELECT count(*) {of_customer} AND p.is_visit), "
        f"spend_minor = (SELECT coalesce(sum(p.spend_minor), 0) {of_customer}), "
        f"first_visit_at = (SELECT min(p.at) {of_customer} AND p.is_visit), "
        f"last_payment_at = (SELECT max(p.at) {of_customer} AND p.spend_minor > 0), "
        f"tenders = (SELECT coalesce({tenders}, 0) {of_customer}), "
        f"({names}) = (SELECT {recent}) "
        "WHERE customer_id IN (SELECT customer_id FROM customer_purchases)"
    )
