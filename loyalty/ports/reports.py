"""Figures and lists for reports: reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.ledger import EntryKind, LedgerEntry
from loyalty.domain.reports.visits import LoyaltyVisit
from loyalty.ports.customer_activity import PastSale


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A ledger entry with whose it is and where it came from."""

    entry: LedgerEntry
    customer_id: UUID
    display_name: str | None
    phone_number: str | None
    lane_id: UUID | None
    """Of the sale, where the entry is of one."""


@dataclass(frozen=True, slots=True)
class LaneFigures:
    """Completed sales of one lane, training left out."""

    lane_id: UUID
    sales: int
    with_member: int
    points_earned: int
    points_redeemed: int


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What is owed to members: accounts with points, and their sum without debts."""

    accounts: int
    points: int
    debt: int
    """Points below zero after refunds; zero or more."""


class ReportRepository(Protocol):
    """Everything between ``start`` (included) and ``end`` (excluded)."""

    def ledger_rows(
        self,
        start: datetime,
        end: datetime,
        *,
        kinds: Sequence[EntryKind] = (),
        customer_id: UUID | None = None,
        after: tuple[datetime, UUID] | None = None,
        limit: int = 500,
    ) -> Sequence[LedgerRow]:
        """By time and id; ``after`` is the last row of the page before."""

    def sums_by_kind(self, start: datetime, end: datetime) -> Mapping[EntryKind, int]: ...

    def visits(self, start: datetime, end: datetime) -> Sequence[LoyaltyVisit]:
        """Visits (X13) of members with an account, oldest first."""

    def by_lane(self, start: datetime, end: datetime) -> Sequence[LaneFigures]: ...

    def sales(
        self, start: datetime, end: datetime, *, lane_id: UUID | None = None, limit: int = 200
    ) -> Sequence[PastSale]:
        """Completed sales, training left out, newest first."""

    def outstanding(self) -> Outstanding:
        """As it is now."""

    def expiring(self, start: datetime, end: datetime) -> int:
        """Points whose time ends in between."""
