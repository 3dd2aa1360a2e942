"""What happens beside and after a sale: refunds, payment cards, birthdays, the audit log."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.audit import AuditAction, AuditEntry
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.payment_card import LinkedCard
from loyalty.domain.refunds import Refund


class RefundRepository(Protocol):
    """Refunds, voids and exchanges; never changed."""

    def add(self, refund: Refund, key: str) -> None:
        """Store it under its idempotency key.

        Raises:
            ConflictError: The key is taken.
        """

    def by_key(self, key: str) -> Refund | None: ...

    def of_sale(self, sale_id: UUID) -> Sequence[Refund]:
        """Oldest first."""

    def between(self, start: datetime, end: datetime, staff_id: UUID | None = None) -> Sequence[Refund]:
        """Oldest first; with ``staff_id`` those that this one gave (row 206)."""


class LinkedCardRepository(Protocol):
    """Payment cards that say who is there; never a number of one."""

    def add(self, card: LinkedCard) -> None:
        """Store a link.

        Raises:
            ConflictError: The card is linked to somebody.
        """

    def unlink(self, card_id: UUID, at: datetime) -> None: ...

    def forget(self, customer_id: UUID) -> None:
        """Delete all links of a customer, those that are over too (row 176)."""

    def by_fingerprint(self, fingerprint: str) -> LinkedCard | None:
        """The link that is in force."""

    def of_customer(self, customer_id: UUID) -> Sequence[LinkedCard]:
        """Links in force, oldest first."""


class BirthdayRepository(Protocol):
    """Birthdays of customers."""

    def put(self, customer_id: UUID, birthday: Birthday | None) -> None:
        """Add, replace, or forget with None."""

    def of_customer(self, customer_id: UUID) -> Birthday | None: ...

    def on_days(
        self, days: Collection[tuple[int, int]], after: UUID | None, limit: int
    ) -> Sequence[tuple[UUID, Birthday]]:
        """Customers with a birthday on one of these (month, day), by id, from beyond ``after`` on."""


@dataclass(frozen=True, slots=True)
class AuditWanted:
    """Which deeds somebody looks for."""

    start: datetime
    end: datetime
    """Not included."""
    staff_id: UUID | None = None
    is_nobody: bool = False
    """Only what nobody signed in did."""
    action: AuditAction | None = None
    about: str | None = None
    """The subject, ``noun:id``, or its id alone."""


class AuditLog(Protocol):
    """What staff did; append-only."""

    def add(self, entry: AuditEntry) -> None: ...

    def between(self, start: datetime, end: datetime, staff_id: UUID | None = None) -> Sequence[AuditEntry]:
        """Oldest first."""

    def newest(self, wanted: AuditWanted, after: UUID | None, limit: int) -> Sequence[AuditEntry]:
        """Newest first; ``after`` is the last one that was read before."""

    def count(self, start: datetime, end: datetime, action: AuditAction) -> int:
        """How often it was done, ``end`` not included."""

    def of_subject(self, subject: str) -> Sequence[AuditEntry]:
        """Oldest first."""
