"""Many customers in few statements, for imports."""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.prepared import Prepared, columns_of, insert_of
from loyalty.adapters.sql.repositories.activity import SqlActivityRepository, summary_values
from loyalty.adapters.sql.repositories.bulk_reading import BulkReader
from loyalty.adapters.sql.repositories.points import SqlLedgerRepository
from loyalty.adapters.sql.search_index import index_customers, index_new
from loyalty.domain.activity import StartFigures, summary_of
from loyalty.domain.custom_field import FieldKind
from loyalty.domain.customer import MembershipCard
from loyalty.domain.importing.known import KnownCustomer
from loyalty.domain.importing.merging import Addition
from loyalty.domain.importing.rows import ImportRow
from loyalty.errors import ConflictError
from loyalty.ports.importing import Batch, Found
from runtime.ids import new_id

_CUSTOMERS, _ACCOUNTS = schema.customers, schema.loyalty_accounts
_CUSTOMER_COLUMNS = [column.name for column in _CUSTOMERS.columns]
_ADD_CUSTOMER = insert_of(_CUSTOMERS)
_ADD_ACCOUNT = insert_of(_ACCOUNTS)
_ADD_CARD = insert_of(schema.membership_cards)
_ADD_ADDRESS = insert_of(schema.customer_addresses)
_ADD_CONSENT = insert_of(schema.consent_entries)
_ADD_BIRTHDAY = insert_of(schema.customer_birthdays)
_CHANGE_CUSTOMER = (
    update(_CUSTOMERS)
    .where(_CUSTOMERS.c.id == bindparam("of_id"), _CUSTOMERS.c.version == bindparam("of_version"))
    .values({column: bindparam(f"to_{column}") for column in _CUSTOMER_COLUMNS if column != "id"})
)
_MOVE_ACCOUNT = (
    update(_ACCOUNTS).where(_ACCOUNTS.c.id == bindparam("of_id")).values(phone_number=bindparam("to_number"))
)
_ADD_START = insert_of(schema.customer_start_figures)
_SUMMED = ("visits", "spend_minor", "first_visit_at", "visit_1_at")
_SUM_UP = Prepared(
    update(schema.customer_summaries)
    .where(schema.customer_summaries.c.customer_id == bindparam("of_id"))
    .values({name: bindparam(f"to_{name}") for name in _SUMMED})
)


class SqlBulkDirectory:
    """See ``loyalty.ports.importing.BulkDirectory``."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def find(self, rows: Sequence[ImportRow]) -> Found:
        return BulkReader(self._transaction).find(rows)

    def known(self, customer_ids: Sequence[UUID]) -> Mapping[UUID, KnownCustomer]:
        return BulkReader(self._transaction).known(customer_ids)

    def store(self, batch: Batch) -> None:
        additions = batch.additions
        self._add_all(_ADD_CUSTOMER, [columns_of(each.after.customer) for each in additions if each.is_new])
        self._change_customers(additions)
        self._store_accounts(batch)
        self._index(additions)
        self._store_addresses(additions)
        self._store_birthdays(additions)
        self._store_values(additions)
        self._add_all(_ADD_CONSENT, [columns_of(entry) for each in additions for entry in each.consents])
        self._store_start(additions)
        self._store_members(batch)
        prints = [{"print": text, "customer_id": customer_id} for text, customer_id in batch.prints.items()]
        self._transaction.upsert_all(schema.customer_import_prints, prints)

    def _index(self, additions: Sequence[Addition]) -> None:
        new = [each.after for each in additions if each.is_new]
        numbers = [each.account.phone_number if each.account is not None else None for each in new]
        index_new(
            self._transaction, [(each.customer, number) for each, number in zip(new, numbers, strict=True)]
        )
        index_customers(self._transaction, [each.after.customer.id for each in additions if not each.is_new])

    def _add_all(self, statement: Prepared, rows: Sequence[dict[str, object]]) -> None:
        if rows:
            self._transaction.write_all(statement, rows)

    def _change_customers(self, additions: Sequence[Addition]) -> None:
        for each in additions:
            if each.before is None or not each.is_customer_changed:
                continue
            values = columns_of(each.after.customer)
            changes = {f"to_{name}": value for name, value in values.items() if name != "id"}
            key = {"of_id": each.after.customer.id, "of_version": each.before.customer.version}
            if self._transaction.execute(_CHANGE_CUSTOMER, {**changes, **key}).rowcount != 1:
                raise ConflictError("somebody else changed this customer", customer=str(key["of_id"]))

    def _store_accounts(self, batch: Batch) -> None:
        opened = [each.after.account for each in batch.additions if each.has_new_account]
        accounts = [account for account in opened if account is not None]
        self._add_all(_ADD_ACCOUNT, [columns_of(each) for each in accounts])
        cards = [MembershipCard(new_id(), account.customer_id, batch.at) for account in accounts]
        self._add_all(_ADD_CARD, [columns_of(card) for card in cards])
        for each in batch.additions:
            before = each.before.account if each.before is not None else None
            after = each.after.account
            if before is not None and after is not None and before.phone_number != after.phone_number:
                self._transaction.execute(_MOVE_ACCOUNT, {"of_id": after.id, "to_number": after.phone_number})
        ledger = SqlLedgerRepository(self._transaction)
        openings = [
            (each.has_new_account, each.opening) for each in batch.additions if each.opening is not None
        ]
        ledger.add_openings([entry for is_first, entry in openings if is_first])
        ledger.book_all([entry for is_first, entry in openings if not is_first])

    def _store_addresses(self, additions: Sequence[Addition]) -> None:
        table = schema.customer_addresses
        changed = [
            each
            for each in additions
            if each.after.addresses != (each.before.addresses if each.before else ())
        ]
        replaced = [each.after.customer.id for each in changed if each.before is not None]
        if replaced:
            self._transaction.execute(delete(table).where(table.c.customer_id.in_(replaced)))
        rows = [
            {
                "id": new_id(),
                "customer_id": each.after.customer.id,
                "position": position,
                **columns_of(address),
            }
            for each in changed
            for position, address in enumerate(each.after.addresses)
        ]
        self._add_all(_ADD_ADDRESS, rows)

    def _store_birthdays(self, additions: Sequence[Addition]) -> None:
        changed = [
            (each, each.after.birthday)
            for each in additions
            if each.after.birthday is not None
            and (each.before is None or each.before.birthday != each.after.birthday)
        ]
        rows = [
            (each.before is None or each.before.birthday is None,
             {"customer_id": each.after.customer.id, **columns_of(birthday)})
            for each, birthday in changed
        ]  # fmt: skip
        self._add_all(_ADD_BIRTHDAY, [values for is_first, values in rows if is_first])
        self._transaction.upsert_all(
            schema.customer_birthdays, [values for is_first, values in rows if not is_first]
        )

    def _store_values(self, additions: Sequence[Addition]) -> None:
        changed = [
            (each.after.customer.id, field_id, text)
            for each in additions
            for field_id, text in each.custom_values.items()
        ]
        if not changed:
            return
        fields = schema.custom_fields
        kinds = self._transaction.all(select(fields.c.id).where(fields.c.kind == FieldKind.NUMBER.value))
        numbers = {row.id for row in kinds}
        self._transaction.upsert_all(
            schema.custom_values,
            [
                {
                    "customer_id": customer_id,
                    "field_id": field_id,
                    "text": text,
                    "number": _decimal(text) if field_id in numbers else None,
                }
                for customer_id, field_id, text in changed
            ],
        )

    def _store_start(self, additions: Sequence[Addition]) -> None:
        """Sums of customers without purchases follow from the figures alone; others are added up."""
        changed = [
            (each, each.after.start)
            for each in additions
            if each.after.start is not None and (each.before is None or each.before.start != each.after.start)
        ]
        first = [(each.after.customer.id, start) for each, start in changed if each.before is None]
        self._add_all(_ADD_START, [{"customer_id": of_id, **columns_of(start)} for of_id, start in first])
        self._add_all(_SUM_UP, [{"of_id": of_id, **_sums(start)} for of_id, start in first])
        later = {each.after.customer.id: start for each, start in changed if each.before is not None}
        SqlActivityRepository(self._transaction).put_starts(later)

    def _store_members(self, batch: Batch) -> None:
        if batch.group_id is None or not batch.members:
            return
        members = schema.group_members
        there = self._transaction.all(
            select(members.c.customer_id).where(
                members.c.group_id == batch.group_id, members.c.customer_id.in_(batch.members)
            )
        )
        known = {row.customer_id for row in there}
        rows = [
            {"group_id": batch.group_id, "customer_id": customer_id, "added_at": batch.at}
            for customer_id in dict.fromkeys(batch.members)
            if customer_id not in known
        ]
        if rows:
            self._transaction.execute(members.insert(), rows)


def _sums(start: StartFigures) -> dict[str, object]:
    values = summary_values(summary_of((), start))
    return {f"to_{name}": values[name] for name in _SUMMED}


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
