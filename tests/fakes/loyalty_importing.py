"""Imports, and the directory many rows at a time, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from loyalty.domain.activity import StartFigures
from loyalty.domain.consent import current_consents
from loyalty.domain.customer import MembershipCard
from loyalty.domain.importing.fields import ImportField
from loyalty.domain.importing.known import KnownCustomer
from loyalty.domain.importing.likeness import ImportLikeness, LikenessCounts
from loyalty.domain.importing.matching import Candidates
from loyalty.domain.importing.merging import Addition
from loyalty.domain.importing.record import ACTIVE, CustomerImport, ImportState
from loyalty.domain.importing.rows import FailedRow, ImportRow
from loyalty.domain.ledger import EntryKind
from loyalty.ports.importing import Batch, Found
from runtime.ids import new_id

if TYPE_CHECKING:
    from loyalty.ports.unit_of_work import UnitOfWork


@dataclass
class ImportTables:
    """What imports leave."""

    imports: dict[UUID, CustomerImport] = field(default_factory=dict)
    failures: dict[tuple[UUID, int], FailedRow] = field(default_factory=dict)
    prints: dict[str, UUID] = field(default_factory=dict)
    starts: dict[UUID, StartFigures] = field(default_factory=dict)
    likenesses: dict[tuple[UUID, int, UUID], ImportLikeness] = field(default_factory=dict)

    def copy(self) -> "ImportTables":
        return ImportTables(
            self.imports.copy(),
            self.failures.copy(),
            self.prints.copy(),
            self.starts.copy(),
            self.likenesses.copy(),
        )


class InMemoryImports:
    """See ``loyalty.ports.importing.ImportRepository``."""

    def __init__(self, tables: ImportTables) -> None:
        self._tables = tables

    def save(self, record: CustomerImport) -> None:
        self._tables.imports[record.id] = record

    def get(self, import_id: UUID) -> CustomerImport | None:
        return self._tables.imports.get(import_id)

    def go_on(self, record: CustomerImport) -> None:
        self._tables.imports[record.id] = replace(
            self._tables.imports[record.id],
            state=record.state,
            counts=record.counts,
            position=record.position,
            finished_at=record.finished_at,
        )

    def now(self, record: CustomerImport) -> CustomerImport | None:
        stored = self._tables.imports.get(record.id)
        if stored is None:
            return None
        return replace(record, state=stored.state, counts=stored.counts, position=stored.position)

    def recent(self, limit: int) -> Sequence[CustomerImport]:
        return sorted(self._tables.imports.values(), key=lambda each: each.id, reverse=True)[:limit]

    def active(self) -> Sequence[CustomerImport]:
        return sorted(
            (each for each in self._tables.imports.values() if each.state in ACTIVE), key=lambda each: each.id
        )

    def finished_before(self, moment: datetime) -> Sequence[UUID]:
        ended = {ImportState.FINISHED, ImportState.DROPPED, ImportState.UNREADABLE}
        return sorted(
            each.id
            for each in self._tables.imports.values()
            if each.state in ended and each.finished_at is not None and each.finished_at < moment
        )

    def add_failures(self, import_id: UUID, failed: Sequence[FailedRow]) -> None:
        for row in failed:
            self._tables.failures[import_id, row.line] = row

    def failures(self, import_id: UUID, after_line: int, limit: int) -> Sequence[FailedRow]:
        found = [
            row
            for (owner, line), row in sorted(self._tables.failures.items(), key=lambda item: item[0][1])
            if owner == import_id and line > after_line
        ]
        return found[:limit]

    def forget(self, customer_id: UUID) -> None:
        for printed in [each for each, owner in self._tables.prints.items() if owner == customer_id]:
            del self._tables.prints[printed]
        for key, each in list(self._tables.likenesses.items()):
            if customer_id in (each.customer_id, each.made_id):
                del self._tables.likenesses[key]

    def add_likenesses(self, likenesses: Sequence[ImportLikeness]) -> None:
        for each in likenesses:
            self.save_likeness(each)

    def save_likeness(self, likeness: ImportLikeness) -> None:
        key = (likeness.import_id, likeness.line, likeness.customer_id)
        self._tables.likenesses[key] = likeness

    def likenesses(self, import_id: UUID, after_line: int, limit: int) -> Sequence[ImportLikeness]:
        lines = sorted({line for owner, line, _ in self._tables.likenesses if owner == import_id})
        return self.likenesses_at(import_id, [line for line in lines if line > after_line][:limit])

    def likenesses_at(self, import_id: UUID, lines: Sequence[int]) -> Sequence[ImportLikeness]:
        found = [
            each
            for each in self._tables.likenesses.values()
            if each.import_id == import_id and each.line in lines
        ]
        return sorted(found, key=lambda each: (each.line, -each.score, each.customer_id))

    def count_likenesses(self, import_id: UUID) -> LikenessCounts:
        of_import = [each for each in self._tables.likenesses.values() if each.import_id == import_id]
        waiting = {each.line for each in of_import if each.decision is None and each.made_id is None}
        return LikenessCounts(len({each.line for each in of_import}), len(waiting))

    def forget_likenesses(self, import_id: UUID) -> None:
        for key in [key for key in self._tables.likenesses if key[0] == import_id]:
            del self._tables.likenesses[key]

    def forget_failures(self, import_id: UUID) -> None:
        for key in [key for key in self._tables.failures if key[0] == import_id]:
            del self._tables.failures[key]


class InMemoryBulkDirectory:
    """See ``loyalty.ports.importing.BulkDirectory``; over the other repositories and their tables."""

    def __init__(self, uow: "UnitOfWork", tables: Any, imports: ImportTables) -> None:
        self._uow = uow
        self._tables = tables
        self._imports = imports

    def find(self, rows: Sequence[ImportRow]) -> Found:
        candidates = Candidates()
        for customer in self._tables.customers.values():
            if customer.is_listed:
                candidates.note(self._known(customer.id))
        for account in self._tables.accounts.values():
            if account.phone_number is not None and account.customer_id in candidates.by_id:
                holders = candidates.by_phone.setdefault(account.phone_number, [])
                if account.customer_id not in holders:
                    holders.insert(0, account.customer_id)
        for asked in list(self._tables.customers):
            survivor = self._survivor(asked)
            if survivor in candidates.by_id:
                candidates.by_id[asked] = candidates.by_id[survivor]
        for printed, customer_id in self._imports.prints.items():
            if self._survivor(customer_id) in candidates.by_id:
                candidates.by_print[printed] = self._survivor(customer_id)
        addresses = {
            value
            for row in rows
            for target in (ImportField.PHONE_NUMBER, ImportField.EMAIL_ADDRESS)
            if (value := row.get(target)) is not None
        }
        spelled = addresses | {each.lower() for each in addresses}
        return Found(
            candidates,
            frozenset(each.lower() for each in spelled if self._uow.suppressions.of(each) is not None),
        )

    def known(self, customer_ids: Sequence[UUID]) -> dict[UUID, KnownCustomer]:
        return {
            customer_id: self._known(customer_id)
            for customer_id in customer_ids
            if customer_id in self._tables.customers and self._tables.customers[customer_id].is_listed
        }

    def _survivor(self, customer_id: UUID) -> UUID:
        while (merged := self._tables.customers[customer_id].merged_into) is not None:
            customer_id = merged
        return customer_id

    def _known(self, customer_id: UUID) -> KnownCustomer:
        member = self._uow.customers.member(customer_id)
        assert member is not None
        entries = self._uow.ledger.entries_of(member.account.id) if member.account is not None else ()
        return KnownCustomer(
            customer=member.customer,
            account=member.account,
            birthday=self._uow.birthdays.of_customer(customer_id),
            addresses=self._uow.profiles.addresses(customer_id),
            custom_values=self._uow.profiles.custom_values(customer_id),
            consents=current_consents(self._uow.consents.of_customer(customer_id)),
            start=self._imports.starts.get(customer_id),
            openings=frozenset(
                entry.idempotency_key.removeprefix("opening:")
                for entry in entries
                if entry.kind is EntryKind.OPENING
            ),
        )

    def store(self, batch: Batch) -> None:
        fields = {each.id: each for each in self._uow.profiles.custom_fields()}
        for each in batch.additions:
            self._store_customer(each)
            self._store_account(each, batch.at)
            self._store_profile(each)
            for field_id, text in each.custom_values.items():
                self._uow.profiles.put_custom_value(each.after.customer.id, fields[field_id], text)
        if batch.group_id is not None:
            for customer_id in batch.members:
                self._uow.groups.add_member(batch.group_id, customer_id, batch.at)
        self._imports.prints.update(batch.prints)

    def _store_customer(self, each: Addition) -> None:
        customer = each.after.customer
        if each.before is None:
            self._uow.customers.add(customer)
        elif each.is_customer_changed:
            self._tables.customers[customer.id] = customer

    def _store_account(self, each: Addition, at: datetime) -> None:
        account = each.after.account
        if account is not None and each.has_new_account:
            self._uow.accounts.add(replace(account, balance=0, sequence=0))
            self._uow.cards.add(MembershipCard(new_id(), account.customer_id, at))
        elif account is not None:
            stored = self._tables.accounts[account.id]
            self._tables.accounts[account.id] = replace(stored, phone_number=account.phone_number)
        if each.opening is not None:
            self._uow.ledger.book_all([each.opening])

    def _store_profile(self, each: Addition) -> None:
        customer_id = each.after.customer.id
        self._uow.profiles.put_addresses(customer_id, each.after.addresses)
        if each.after.birthday is not None:
            self._uow.birthdays.put(customer_id, each.after.birthday)
        for entry in each.consents:
            self._uow.consents.add(entry)
        if each.after.start is not None:
            self._imports.starts[customer_id] = each.after.start
