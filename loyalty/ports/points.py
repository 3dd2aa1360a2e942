"""Loyalty accounts and their ledger."""

from collections.abc import Iterator, Sequence
from typing import Protocol
from uuid import UUID

from loyalty.domain.ledger import LedgerEntry, Lot, LoyaltyAccount


class AccountRepository(Protocol):
    """Loyalty accounts: one per phone number."""

    def add(self, account: LoyaltyAccount) -> None: ...

    def get(self, account_id: UUID) -> LoyaltyAccount | None: ...

    def lock(self, account_id: UUID) -> LoyaltyAccount | None:
        """The account as it is now, held until the transaction ends: two bookings never overlap."""

    def detach_number(self, account_id: UUID) -> None:
        """Take the account's number away: whoever types it from now on starts anew (row 199)."""

    def ids(self) -> Iterator[UUID]:
        """All accounts, oldest first."""


class LedgerRepository(Protocol):
    """Append-only entries with their lots. Booking also moves the balance and the lots' remainders."""

    def book(self, entry: LedgerEntry) -> bool:
        """Append the entry; False, and nothing happens, where its idempotency key is booked already.

        Raises:
            ConflictError: A lot would fall below zero.
        """

    def entry(self, account_id: UUID, idempotency_key: str) -> LedgerEntry | None: ...

    def entries_of(self, account_id: UUID, limit: int | None = None) -> Sequence[LedgerEntry]:
        """Oldest first; with ``limit`` the newest so many, newest first."""

    def open_lots_of(self, account_id: UUID) -> Sequence[Lot]:
        """Lots with something left, expired ones too."""

    def lots_of(self, account_id: UUID) -> Sequence[Lot]: ...

    def rewrite_caches(self, account_id: UUID, balance: int, remainders: dict[UUID, int]) -> None:
        """Mend the caches from what the entries say; entries stay as they are."""
