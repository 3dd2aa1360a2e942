"""Imports of customers: how far they got, their failed rows, and the directory many rows at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.importing.known import KnownCustomer
from loyalty.domain.importing.likeness import ImportLikeness, LikenessCounts
from loyalty.domain.importing.matching import Candidates
from loyalty.domain.importing.merging import Addition
from loyalty.domain.importing.record import CustomerImport
from loyalty.domain.importing.rows import FailedRow, ImportRow


class ImportRepository(Protocol):
    """Imports, and the rows of them that failed."""

    def save(self, record: CustomerImport) -> None:
        """Add it, or replace what is there."""

    def get(self, import_id: UUID) -> CustomerImport | None: ...

    def go_on(self, record: CustomerImport) -> None:
        """Store the state, the counts and the position of an import that is there."""

    def now(self, record: CustomerImport) -> CustomerImport | None:
        """The import with its state, counts and position as they are stored now; None where it is gone."""

    def recent(self, limit: int) -> Sequence[CustomerImport]:
        """Newest first."""

    def active(self) -> Sequence[CustomerImport]:
        """Those that go on without anybody's word, oldest first."""

    def finished_before(self, moment: datetime) -> Sequence[UUID]:
        """Ended imports of that age."""

    def add_failures(self, import_id: UUID, failed: Sequence[FailedRow]) -> None:
        """Note failed rows; a line that is noted already keeps the newer reasons."""

    def failures(self, import_id: UUID, after_line: int, limit: int) -> Sequence[FailedRow]:
        """By line, from beyond ``after_line`` on."""

    def forget(self, customer_id: UUID) -> None:
        """Rows of imports are no longer known as this customer's, nor proposed for them (row 176)."""

    def forget_failures(self, import_id: UUID) -> None: ...

    def add_likenesses(self, likenesses: Sequence[ImportLikeness]) -> None:
        """Note whom rows resemble; what is noted of a row and a customer already is replaced."""

    def save_likeness(self, likeness: ImportLikeness) -> None:
        """Store what became of one that is noted."""

    def likenesses(self, import_id: UUID, after_line: int, limit: int) -> Sequence[ImportLikeness]:
        """Those of at most ``limit`` rows, by line from beyond ``after_line`` on, likeliest first."""

    def likenesses_at(self, import_id: UUID, lines: Sequence[int]) -> Sequence[ImportLikeness]:
        """Those of these rows, likeliest first."""

    def count_likenesses(self, import_id: UUID) -> LikenessCounts: ...

    def forget_likenesses(self, import_id: UUID) -> None: ...


@dataclass(frozen=True, slots=True)
class Found:
    """What the directory knows of the people in some rows."""

    candidates: Candidates
    suppressed: frozenset[str]
    """Addresses among those of the rows that get no messages, in lower case."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What some rows add, for one transaction."""

    additions: Sequence[Addition]
    at: datetime
    group_id: UUID | None = None
    members: Sequence[UUID] = ()
    """Who is put into the group."""
    prints: dict[str, UUID] = field(default_factory=dict)
    """Rows that are to be known again, with their customers."""


class BulkDirectory(Protocol):
    """The directory in statements for many customers."""

    def find(self, rows: Sequence[ImportRow]) -> Found:
        """Everybody whom a key of a row names. Forgotten people are nobody; merged ones their survivors."""

    def known(self, customer_ids: Sequence[UUID]) -> Mapping[UUID, KnownCustomer]:
        """The whole profiles of customers; merged and forgotten ones are left out."""

    def store(self, batch: Batch) -> None:
        """Store it all; points are booked in the ledger.

        Raises:
            ConflictError: Something of it is taken meanwhile.
            StorageError: The database failed.
        """
