"""Reads whole profiles of many customers at once, for an import."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, String, func, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.adapters.sql.prepared import KeyedSelect
from loyalty.adapters.sql.repositories.directory import customer_from
from loyalty.adapters.sql.repositories.points import account_from
from loyalty.adapters.sql.repositories.profiles import address_from
from loyalty.domain.activity import StartFigures
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.consent import ConsentPurpose, ConsentState
from loyalty.domain.customer import Customer
from loyalty.domain.importing.fields import ImportField
from loyalty.domain.importing.known import KnownCustomer
from loyalty.domain.importing.matching import Candidates, print_of
from loyalty.domain.importing.rows import ImportRow
from loyalty.domain.ledger import EntryKind
from loyalty.ports.importing import Found

_CUSTOMERS, _ACCOUNTS, _ENTRIES = schema.customers, schema.loyalty_accounts, schema.ledger_entries
_PRINTS, _SUPPRESSIONS = schema.customer_import_prints, schema.message_suppressions
_LISTED = (_CUSTOMERS.c.merged_into.is_(None), _CUSTOMERS.c.erased_at.is_(None))
_MOST_MERGES = 20
_OPENING = "opening:"

_BY_REFERENCE = KeyedSelect(select(_CUSTOMERS).where(*_LISTED), _CUSTOMERS.c.reference_id)
_BY_PHONE = KeyedSelect(select(_CUSTOMERS).where(*_LISTED), _CUSTOMERS.c.phone_number)
_BY_EMAIL = KeyedSelect(
    select(_CUSTOMERS).where(*_LISTED), func.lower(_CUSTOMERS.c.email_address, type_=String())
)
_BY_ID = KeyedSelect(select(_CUSTOMERS), _CUSTOMERS.c.id)
_HOLDERS = KeyedSelect(select(_ACCOUNTS.c.phone_number, _ACCOUNTS.c.customer_id), _ACCOUNTS.c.phone_number)
_PRINTED = KeyedSelect(select(_PRINTS), _PRINTS.c.print)
_SUPPRESSED = KeyedSelect(select(_SUPPRESSIONS.c.address), _SUPPRESSIONS.c.address)
_OPENED = KeyedSelect(
    select(_ENTRIES.c.account_id, _ENTRIES.c.idempotency_key).where(
        _ENTRIES.c.kind == EntryKind.OPENING.value
    ),
    _ENTRIES.c.account_id,
)
_OF_CUSTOMERS = {
    table.name: KeyedSelect(select(table), table.c.customer_id)
    for table in (
        _ACCOUNTS,
        schema.customer_birthdays,
        schema.customer_start_figures,
        schema.customer_addresses,
        schema.custom_values,
        schema.consent_entries,
    )
}

Index = dict[str, list[UUID]]


class BulkReader:
    """Finds everybody whom the keys of some rows name. For one batch."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._customers: dict[UUID, Customer] = {}

    def find(self, rows: Sequence[ImportRow]) -> Found:
        references = _values(rows, ImportField.REFERENCE_ID)
        phones = _values(rows, ImportField.PHONE_NUMBER)
        emails = _values(rows, ImportField.EMAIL_ADDRESS)
        by_print = self._by_print({printed for row in rows if (printed := print_of(row)) is not None})
        self._take(_BY_REFERENCE, references)
        self._take(_BY_PHONE, phones)
        self._take(_BY_EMAIL, {email.lower() for email in emails})
        holders = self._holders(phones)
        ids = {UUID(text) for text in _values(rows, ImportField.CUSTOMER_ID)}
        survivors = self._take_ids(ids | set(by_print.values()) | set(holders.values()))
        by_id = self._profiles()
        for asked, survivor in survivors.items():
            by_id.setdefault(asked, by_id[survivor])
        candidates = Candidates(
            by_id=by_id,
            by_reference=_index((each.reference_id, each.id) for each in self._customers.values()),
            by_phone=_by_phone(self._customers.values(), holders, survivors),
            by_email=_index(
                (each.email_address and each.email_address.lower(), each.id)
                for each in self._customers.values()
            ),
            by_print={
                printed: survivors[customer_id]
                for printed, customer_id in by_print.items()
                if customer_id in survivors
            },
        )
        return Found(candidates, self._suppressed(phones | emails))

    def known(self, customer_ids: Sequence[UUID]) -> dict[UUID, KnownCustomer]:
        """The whole profiles of those whom the directory shows."""
        self._note(self._transaction.all_of(_BY_ID, customer_ids))
        return self._profiles()

    def _take(self, query: KeyedSelect, values: Collection[str]) -> None:
        self._note(self._transaction.all_of(query, values))

    def _take_ids(self, ids: Collection[UUID]) -> dict[UUID, UUID]:
        """Each id with that of the customer who took its place; forgotten ones are left out."""
        leads_to: dict[UUID, UUID] = {customer_id: customer_id for customer_id in ids}
        for _ in range(_MOST_MERGES):
            wanted = {now for now in leads_to.values() if now not in self._customers}
            if not wanted:
                break
            merged = self._note(self._transaction.all_of(_BY_ID, wanted))
            leads_to = {
                asked: merged.get(now, now)
                for asked, now in leads_to.items()
                if now in self._customers or now in merged
            }
        return {asked: now for asked, now in leads_to.items() if now in self._customers}

    def _note(self, rows: Sequence[Row[Any]]) -> dict[UUID, UUID]:
        """Keep the listed ones; whom the merged ones became."""
        merged = {}
        for row in rows:
            if row.merged_into is not None:
                merged[row.id] = row.merged_into
            elif row.erased_at is None:
                self._customers[row.id] = customer_from(row)
        return merged

    def _holders(self, phones: Collection[str]) -> dict[str, UUID]:
        rows = self._transaction.all_of(_HOLDERS, phones)
        return {row.phone_number: row.customer_id for row in rows}

    def _by_print(self, prints: Collection[str]) -> dict[str, UUID]:
        return {row.print: row.customer_id for row in self._transaction.all_of(_PRINTED, prints)}

    def _suppressed(self, addresses: set[str]) -> frozenset[str]:
        spelled = addresses | {each.lower() for each in addresses}
        return frozenset(row.address.lower() for row in self._transaction.all_of(_SUPPRESSED, spelled))

    def _profiles(self) -> dict[UUID, KnownCustomer]:
        """The customers found, each with all that a row may add to."""
        if not self._customers:
            return {}
        accounts = {row.customer_id: account_from(row) for row in self._of(_ACCOUNTS)}
        openings = self._openings([account.id for account in accounts.values()])
        birthdays = {
            row.customer_id: Birthday(row.month, row.day, row.year)
            for row in self._of(schema.customer_birthdays)
        }
        starts = {row.customer_id: _start(row) for row in self._of(schema.customer_start_figures)}
        addresses, values, consents = self._addresses(), self._custom_values(), self._consents()
        return {
            customer_id: KnownCustomer(
                customer=customer,
                account=account,
                birthday=birthdays.get(customer_id),
                addresses=tuple(addresses.get(customer_id, ())),
                custom_values=values.get(customer_id, {}),
                consents=consents.get(customer_id, {}),
                start=starts.get(customer_id),
                openings=openings.get(account.id, frozenset()) if account is not None else frozenset(),
            )
            for customer_id, customer in self._customers.items()
            for account in (accounts.get(customer_id),)
        }

    def _of(self, table: Any) -> Sequence[Row[Any]]:
        return self._transaction.all_of(_OF_CUSTOMERS[table.name], list(self._customers))

    def _openings(self, account_ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
        rows = self._transaction.all_of(_OPENED, account_ids)
        found: dict[UUID, frozenset[str]] = {}
        for row in rows:
            origin = row.idempotency_key.removeprefix(_OPENING)
            found[row.account_id] = found.get(row.account_id, frozenset()) | {origin}
        return found

    def _addresses(self) -> dict[UUID, list[Any]]:
        found: dict[UUID, list[Any]] = {}
        for row in sorted(self._of(schema.customer_addresses), key=lambda each: each.position):
            found.setdefault(row.customer_id, []).append(address_from(row))
        return found

    def _custom_values(self) -> dict[UUID, dict[UUID, str]]:
        found: dict[UUID, dict[UUID, str]] = {}
        for row in self._of(schema.custom_values):
            found.setdefault(row.customer_id, {})[row.field_id] = row.text
        return found

    def _consents(self) -> dict[UUID, dict[ConsentPurpose, ConsentState]]:
        found: dict[UUID, dict[ConsentPurpose, ConsentState]] = {}
        for row in sorted(self._of(schema.consent_entries), key=lambda each: (each.at, each.id)):
            found.setdefault(row.customer_id, {})[ConsentPurpose(row.purpose)] = ConsentState(row.state)
        return found


def _values(rows: Sequence[ImportRow], target: ImportField) -> set[str]:
    return {value for row in rows if (value := row.get(target)) is not None}


def _index(pairs: Iterable[tuple[str | None, UUID]]) -> Index:
    found: Index = {}
    for key, customer_id in pairs:
        if key is not None:
            found.setdefault(key, []).append(customer_id)
    return found


def _by_phone(customers: Iterable[Customer], holders: dict[str, UUID], survivors: dict[UUID, UUID]) -> Index:
    """By the profile's number, and by the account's, whose holder comes first."""
    found = _index((each.phone_number, each.id) for each in customers)
    for phone, holder in holders.items():
        if holder in survivors:
            others = [each for each in found.get(phone, []) if each != survivors[holder]]
            found[phone] = [survivors[holder], *others]
    return found


def _start(row: Row[Any]) -> StartFigures:
    return StartFigures(row.visits, row.spend_minor, row.first_visit_at, row.last_visit_at)
