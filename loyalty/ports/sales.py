"""Sales, identifications and the sessions that have ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.group import Group
from loyalty.domain.identification import Identification
from loyalty.domain.sale import Sale
from loyalty.domain.trust import Trust, TrustPolicy


@dataclass(frozen=True, slots=True)
class TermsThen:
    """What a completed sale was priced with besides itself, so that any day can be reckoned again (row 174).

    Programme versions and promotions are never changed: their number and time of making name them.
    """

    programme_version: int | None
    groups: tuple[Group, ...]
    trust: TrustPolicy
    timezone: str
    promotion_history: Mapping[UUID, tuple[datetime, ...]] = field(default_factory=dict)
    attached_late: bool = False
    """The member came to the sale after it was paid: only its points are reckoned with these terms."""


@dataclass(frozen=True, slots=True)
class UnfinishedSale:
    """A sale of an account that is open or held, without its content."""

    sale_id: UUID
    lane_id: UUID
    is_held: bool
    since: datetime
    """When the member came to it."""
    points: int
    """What the rewards on it will cost."""


class SaleRepository(Protocol):
    """Sales with their lines and rewards. A lane has at most one open sale."""

    def add(self, sale: Sale) -> None:
        """Store a new sale.

        Raises:
            ConflictError: The lane has an open one.
        """

    def save(self, sale: Sale) -> None:
        """Store a changed sale whose ``version`` is one more than the stored one's.

        Raises:
            ConflictError: Somebody else changed it first.
        """

    def get(self, sale_id: UUID) -> Sale | None: ...

    def open_in_lane(self, lane_id: UUID) -> Sale | None: ...

    def held(self) -> Sequence[Sale]:
        """Sales on hold, oldest first."""

    def completed_by_key(self, completion_key: str) -> Sale | None: ...

    def by_receipt_number(self, number: int) -> Sale | None: ...

    def reserved_points(self, account_id: UUID, except_sale: UUID | None) -> int:
        """Points that rewards on unfinished sales of the account will cost, leaving one sale out."""

    def unfinished_of(self, account_id: UUID) -> Sequence[UnfinishedSale]:
        """All unfinished sales of the account, training left out; the longest there first (row 168)."""

    def next_receipt_number(self, *, is_training: bool = False) -> int:
        """The next of the shop's receipts, without a gap; training has a series of its own (row 202)."""

    def last_closed_in_lane(self, lane_id: UUID) -> Sale | None:
        """The sale closed last in the lane, for the receipt screen (row 28)."""

    def keep_terms(self, sale_id: UUID, terms: TermsThen) -> None:
        """What the sale was priced with, once it is completed."""

    def terms_of(self, sale_id: UUID) -> TermsThen | None:
        """None for a sale that is not completed."""

    def completed_between(self, start: datetime, end: datetime) -> Sequence[UUID]:
        """Completed sales in the order of completion, training left out."""

    def confirmed_redemptions(self, account_id: UUID, since: datetime) -> int:
        """Rewards that staff confirmed, on sales of the account that are unfinished or closed since."""


class IdentificationRepository(Protocol):
    """Records of who was identified."""

    def add(self, identification: Identification) -> None: ...

    def last_of_session(self, session_id: UUID) -> Identification | None: ...

    def trust_in_session(self, session_id: UUID, customer_id: UUID, *, sale_id: UUID | None) -> Trust | None:
        """The best evidence that a session gave for a customer; None where it gave none.

        A one-time code counts for the sale that it was asked for and for no other; one that was asked for
        the history counts where ``sale_id`` is None.
        """

    def sessions_on(self, sale_id: UUID) -> Sequence[UUID]:
        """Sessions in which somebody was identified for the sale."""


class SessionRepository(Protocol):
    """Customer sessions at kiosks that are over."""

    def end(self, session_id: UUID, device: str, reason: str, at: datetime) -> None:
        """Note the end; the first one stands."""

    def is_ended(self, session_id: UUID) -> bool: ...

    def purge(self, before: datetime) -> int:
        """Forget sessions that ended before; returns how many."""
