"""Keeps what customers are found by in step with their profiles."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select, true, update

from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.prepared import columns_of, insert_of
from loyalty.adapters.sql.schema.directory import customers
from loyalty.adapters.sql.schema.points import loyalty_accounts
from loyalty.adapters.sql.schema.search import customer_search
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.phone import PhoneNumber
from loyalty.domain.search import SearchEntry, entry_of

_ROWS = 5_000
_INSERT = insert_of(customer_search)
_READ = (
    select(
        customers.c.id,
        customers.c.given_name,
        customers.c.family_name,
        customers.c.nickname,
        customers.c.company_name,
        customers.c.reference_id,
        customers.c.phone_number,
        customers.c.email_address,
        customers.c.merged_into,
        customers.c.erased_at,
        customers.c.created_at,
        loyalty_accounts.c.phone_number.label("account_number"),
        customer_search.c.number,
        *(customer_search.c[name].label(f"old_{name}") for name in SearchEntry.__dataclass_fields__),
    )
    .select_from(
        customers.outerjoin(loyalty_accounts, loyalty_accounts.c.customer_id == customers.c.id).outerjoin(
            customer_search, customer_search.c.customer_id == customers.c.id
        )
    )
    .order_by(customers.c.id)
)


def index_customers(transaction: Transaction, customer_ids: Collection[UUID]) -> None:
    """Write anew what these customers are found by; who is not listed is found no more."""
    if not customer_ids:
        return
    added, changed, gone = _differences(transaction.all(_READ.where(customers.c.id.in_(list(customer_ids)))))
    if added:
        transaction.execute(insert(customer_search), added)
    for values in changed:
        number = values.pop("number")
        transaction.execute(
            update(customer_search).where(customer_search.c.number == number).values(**values)
        )
    if gone:
        transaction.execute(delete(customer_search).where(customer_search.c.number.in_(gone)))


def index_new(transaction: Transaction, added: Sequence[tuple[Customer, PhoneNumber | None]]) -> None:
    """The same for customers stored just now, with the numbers of their accounts; nothing is read."""
    never_came = {"number": None, "recent": 0} if transaction.is_sqlite else {}  # it numbers what has none
    rows = [
        {"customer_id": customer.id, **never_came, **columns_of(entry_of(customer, number))}
        for customer, number in added
    ]
    if rows:
        transaction.write_all(_INSERT, rows)


def fill_index(connection: Connection) -> None:
    """Index everybody, in slices; for a migration."""
    last: UUID | None = None
    while True:
        after = customers.c.id > last if last is not None else true()
        rows: Sequence[Any] = connection.execute(_READ.where(after).limit(_ROWS)).all()
        if not rows:
            return
        added, _, _ = _differences(rows)
        if added:
            connection.execute(insert(customer_search), added)
        last = rows[-1].id


def _differences(
    rows: Sequence[Any],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[int]]:
    added: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    gone: list[int] = []
    for row in rows:
        entry = asdict(_entry(row))
        is_listed = row.merged_into is None and row.erased_at is None
        if row.number is None:
            if is_listed:
                added.append({"customer_id": row.id, **entry})
        elif not is_listed:
            gone.append(row.number)
        elif any(getattr(row, f"old_{name}") != value for name, value in entry.items()):
            changed.append({"number": row.number, **entry})
    return added, changed, gone


def _entry(row: Row[Any]) -> SearchEntry:
    customer = Customer(
        id=row.id,
        source=CustomerSource.DIRECTORY,
        created_at=row.created_at,
        given_name=row.given_name,
        family_name=row.family_name,
        nickname=row.nickname,
        company_name=row.company_name,
        reference_id=row.reference_id,
        phone_number=PhoneNumber(row.phone_number) if row.phone_number is not None else None,
        email_address=row.email_address,
    )
    return entry_of(customer, row.account_number)
