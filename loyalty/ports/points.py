"""Loyalty accounts and their ledger."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.ledger import LedgerEntry, Lot, LoyaltyAccount
from loyalty.domain.phone import PhoneNumber


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """A cache that does not say what the entries say, or a lot used beyond what it held."""

    account_id: UUID
    what: str
    """``balance``, ``lot`` or ``lot_below_zero``."""
    cached: int
    rebuilt: int


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """How much was compared and what differs; sound where nothing does."""

    accounts: int
    entries: int
    faults: tuple[LedgerFault, ...]


class AccountRepository(Protocol):
    """Loyalty accounts: one per phone number."""

    def add(self, account: LoyaltyAccount) -> None: ...

    def get(self, account_id: UUID) -> LoyaltyAccount | None: ...

    def lock(self, account_id: UUID) -> LoyaltyAccount | None:
        """The account as it is now, held until the transaction ends: two bookings never overlap."""

    def lock_all(self, account_ids: Sequence[UUID]) -> None:
        """Hold all of these until the transaction ends, in an order that never locks each other out."""

    def give_to(self, account_id: UUID, customer_id: UUID) -> None:
        """Let the account be another profile's, who has none.

        Raises:
            ConflictError: They have one.
        """

    def detach_number(self, account_id: UUID) -> None:
        """Take the account's number away: whoever types it from now on starts anew (row 199)."""

    def change_number(self, account_id: UUID, phone_number: PhoneNumber) -> None:
        """Let the account answer to another number (row 183).

        Raises:
            ConflictError: Another account has it.
        """

    def ids(self) -> Iterator[UUID]:
        """All accounts, oldest first."""

    def page(self, after: UUID | None, limit: int) -> Sequence[LoyaltyAccount]:
        """Accounts by id, from beyond ``after`` on."""


class LedgerRepository(Protocol):
    """Append-only entries with their lots. Booking also moves the balance and the lots' remainders."""

    def book(self, entry: LedgerEntry) -> bool:
        """Append the entry; False, and nothing happens, where its idempotency key is booked already.

        Raises:
            ConflictError: A lot would fall below zero.
        """

    def book_all(self, entries: Sequence[LedgerEntry]) -> None:
        """Append many at once. The caller holds the accounts and knows that none is booked yet.

        Raises:
            ConflictError: One is booked already, or a lot would fall below zero; nothing is booked then.
        """

    def entry(self, account_id: UUID, idempotency_key: str) -> LedgerEntry | None: ...

    def entries_of(self, account_id: UUID, limit: int | None = None) -> Sequence[LedgerEntry]:
        """Oldest first; with ``limit`` the newest so many, newest first."""

    def open_lots_of(self, account_id: UUID) -> Sequence[Lot]:
        """Lots with something left, expired ones too."""

    def lots_of(self, account_id: UUID) -> Sequence[Lot]: ...

    def rewrite_caches(self, account_id: UUID, balance: int, remainders: dict[UUID, int]) -> None:
        """Mend the caches from what the entries say; entries stay as they are."""

    def of_source(self, source: str) -> Sequence[LedgerEntry]:
        """Entries that one thing caused, in the order in which they were booked."""

    def corrections_of(self, entry_id: UUID) -> Sequence[LedgerEntry]:
        """Entries of any account that name this one, oldest first."""

    def accounts_with_expired(self, now: datetime, limit: int) -> Sequence[UUID]:
        """Accounts with points in lots whose time is over."""

    def expired_lots(self, account_ids: Sequence[UUID], now: datetime) -> Mapping[UUID, Sequence[Lot]]:
        """Lots of these accounts that hold something and whose time is over."""

    def accounts_expiring(
        self, start: datetime, end: datetime, after: UUID | None, limit: int
    ) -> Sequence[UUID]:
        """Accounts with points whose time ends in between, by id, from beyond ``after`` on."""

    def compare(self) -> LedgerReport:
        """Rebuild every balance and lot from the entries and compare, as one question to the store."""
