"""Accounts, entries and lots in memory, with the signs that the database holds too."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from loyalty.domain.ledger import LedgerEntry, Lot, LoyaltyAccount
from loyalty.domain.phone import PhoneNumber
from loyalty.errors import ConflictError, UnknownIdError
from loyalty.ports.points import LedgerReport
from tests.fakes.loyalty_programme import (
    compare_in_memory,
)
from tests.fakes.loyalty_tables import Repository


class InMemoryAccounts(Repository):
    def add(self, account: LoyaltyAccount) -> None:
        self._known_customer(account.customer_id)
        for other in self._tables.accounts.values():
            is_taken = account.phone_number is not None and account.phone_number == other.phone_number
            if is_taken or account.customer_id == other.customer_id:
                raise ConflictError("number or customer taken")
        self._tables.accounts[account.id] = account

    def get(self, account_id: UUID) -> LoyaltyAccount | None:
        return self._tables.accounts.get(account_id)

    def lock(self, account_id: UUID) -> LoyaltyAccount | None:
        return self.get(account_id)

    def give_to(self, account_id: UUID, customer_id: UUID) -> None:
        if any(each.customer_id == customer_id for each in self._tables.accounts.values()):
            raise ConflictError("customer taken")
        account = self._tables.accounts[account_id]
        self._tables.accounts[account_id] = replace(account, customer_id=customer_id)

    def detach_number(self, account_id: UUID) -> None:
        account = self._tables.accounts[account_id]
        self._tables.accounts[account_id] = replace(account, phone_number=None)

    def change_number(self, account_id: UUID, phone_number: PhoneNumber) -> None:
        for other in self._tables.accounts.values():
            if other.id != account_id and other.phone_number == phone_number:
                raise ConflictError("number taken")
        account = self._tables.accounts[account_id]
        self._tables.accounts[account_id] = replace(account, phone_number=phone_number)

    def ids(self) -> Iterator[UUID]:
        yield from sorted(self._tables.accounts)

    def page(self, after: UUID | None, limit: int) -> Sequence[LoyaltyAccount]:
        ids = [each for each in sorted(self._tables.accounts) if after is None or each > after]
        return [self._tables.accounts[each] for each in ids[:limit]]

    def lock_all(self, account_ids: Sequence[UUID]) -> None:
        pass


class InMemoryLedger(Repository):
    def book(self, entry: LedgerEntry) -> bool:
        if self.entry(entry.account_id, entry.idempotency_key) is not None:
            return False
        account = self._tables.accounts.get(entry.account_id)
        if account is None:
            raise UnknownIdError("no such loyalty account")
        _check_signs(entry)
        if entry.points > 0 and entry.earned_at is not None:
            filled = Lot(entry.id, entry.points, entry.earned_at, entry.expires_at)
            self._tables.lots[entry.id] = (entry.account_id, filled)
        for use in entry.uses:
            owner, lot = self._tables.lots.get(use.lot_id, (None, None))
            if lot is None or owner != entry.account_id or lot.remaining < use.points:
                raise ConflictError("a lot would fall below zero")
            self._tables.lots[lot.id] = (entry.account_id, replace(lot, remaining=lot.remaining - use.points))
        self._tables.entries.append(entry)
        self._tables.accounts[account.id] = replace(
            account, balance=account.balance + entry.points, sequence=account.sequence + 1
        )
        return True

    def entry(self, account_id: UUID, idempotency_key: str) -> LedgerEntry | None:
        found = (e for e in self._tables.entries if e.account_id == account_id)
        return next((e for e in found if e.idempotency_key == idempotency_key), None)

    def entries_of(self, account_id: UUID, limit: int | None = None) -> Sequence[LedgerEntry]:
        found = [entry for entry in self._tables.entries if entry.account_id == account_id]
        found.sort(key=lambda entry: (entry.booked_at, entry.id), reverse=limit is not None)
        return found[:limit]

    def open_lots_of(self, account_id: UUID) -> Sequence[Lot]:
        return [lot for lot in self.lots_of(account_id) if lot.remaining > 0]

    def lots_of(self, account_id: UUID) -> Sequence[Lot]:
        return [lot for owner, lot in self._tables.lots.values() if owner == account_id]

    def book_all(self, entries: Sequence[LedgerEntry]) -> None:
        for entry in entries:
            if not self.book(entry):
                raise ConflictError("booked already")

    def of_source(self, source: str) -> Sequence[LedgerEntry]:
        return self._whole(lambda entry: entry.source == source)

    def corrections_of(self, entry_id: UUID) -> Sequence[LedgerEntry]:
        return self._whole(lambda entry: entry.corrects == entry_id)

    def _whole(self, is_meant: Callable[[LedgerEntry], bool]) -> list[LedgerEntry]:
        found = [entry for entry in self._tables.entries if is_meant(entry)]
        return sorted(found, key=lambda entry: (entry.booked_at, entry.id))

    def accounts_with_expired(self, now: datetime, limit: int) -> Sequence[UUID]:
        lots = [item for item in self._tables.lots.values() if item[1].remaining > 0]
        over = [(lot.expires_at, owner) for owner, lot in lots if lot.is_expired(now)]
        return sorted({owner for _, owner in sorted(over)[:limit]})

    def expired_lots(self, account_ids: Sequence[UUID], now: datetime) -> Mapping[UUID, Sequence[Lot]]:
        over = {
            owner: [lot for lot in self.open_lots_of(owner) if lot.is_expired(now)] for owner in account_ids
        }
        return {owner: lots for owner, lots in over.items() if lots}

    def accounts_expiring(
        self, start: datetime, end: datetime, after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        owners = {
            owner
            for owner, lot in self._tables.lots.values()
            if lot.remaining > 0 and lot.expires_at is not None and start < lot.expires_at <= end
        }
        return [owner for owner in sorted(owners) if after is None or owner > after][:limit]

    def compare(self) -> LedgerReport:
        return compare_in_memory(self._tables)

    def rewrite_caches(self, account_id: UUID, balance: int, remainders: dict[UUID, int]) -> None:
        account = self._tables.accounts[account_id]
        self._tables.accounts[account_id] = replace(account, balance=balance)
        for lot_id, remaining in remainders.items():
            owner, lot = self._tables.lots[lot_id]
            self._tables.lots[lot_id] = (owner, replace(lot, remaining=remaining))


def _check_signs(entry: LedgerEntry) -> None:
    kind = entry.kind.value
    is_wrong = (
        entry.points == 0
        or (kind in ("earn", "opening") and entry.points < 0)
        or (kind == "redeem" and entry.points > 0)
        or (kind == "correction" and entry.corrects is None)
        or (entry.points > 0) != (entry.earned_at is not None)
    )
    if is_wrong:
        raise ConflictError("the database refused a change: a sign")
