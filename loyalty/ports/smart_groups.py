"""Who is in a smart group, kept so that lists are quick and comings and goings are known (row 177)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from loyalty.domain.filters.condition import Condition
from loyalty.domain.filters.period import Moment, Span
from loyalty.domain.filters.timelines import Timeline


class Change(StrEnum):
    """What happened to a customer."""

    JOINED = "joined"
    LEFT = "left"


class Cause(StrEnum):
    """What made it happen."""

    ACTIVITY = "activity"
    """Something that the customer or the staff did."""
    CLOCK = "clock"
    DEFINITION = "definition"
    """Somebody changed what the group asks."""


@dataclass(frozen=True, slots=True)
class GroupState:
    """How far the list of a smart group is kept.

    ``definition`` names what it was built with; ``swept_until`` is the instant up to which the clock has been
    followed. The first build tells of nobody who joined: they were there before the group was.
    """

    group_id: UUID
    definition: str
    swept_until: datetime
    built_up_to: UUID | None = None
    is_built: bool = False
    is_first_build: bool = True
    members: int = 0


@dataclass(frozen=True, slots=True)
class GroupChange:
    """A customer joined or left a group."""

    id: UUID
    group_id: UUID
    customer_id: UUID
    change: Change
    cause: Cause
    at: datetime


@dataclass(frozen=True, slots=True)
class Movement:
    """How many joined and left a group from an instant on, until the next one."""

    since: datetime
    joined: int
    left: int


@dataclass(frozen=True, slots=True)
class BuildSlice:
    """Some customers in the order of their ids: who belongs in the list, and who is in it."""

    last_id: UUID | None
    belong: frozenset[UUID]
    are_in: frozenset[UUID]


class SmartGroupRepository(Protocol):
    """Lists of smart groups."""

    def take_turn(self) -> bool:
        """Whether the lists are this transaction's to move; False while another station moves them."""

    def state(self, group_id: UUID) -> GroupState | None: ...

    def save_state(self, state: GroupState) -> None:
        """Store how far a list is kept; its number of members is counted by ``change`` alone."""

    def slice(self, group_id: UUID, condition: Condition, moment: Moment, limit: int) -> BuildSlice:
        """The next customers after the state's ``built_up_to``; ``last_id`` is None once there are none."""

    def belong(self, condition: Condition, moment: Moment, customer_ids: Collection[UUID]) -> frozenset[UUID]:
        """Those of the customers for whom the condition holds."""

    def are_in(self, group_id: UUID, customer_ids: Collection[UUID]) -> frozenset[UUID]:
        """Those of the customers who are in the list."""

    def change(self, changes: Sequence[GroupChange], *, is_told: bool) -> None:
        """Put customers into lists and take them out; kept as events where ``is_told``."""

    def crossing(self, timeline: Timeline, span: Span, limit: int) -> Sequence[tuple[datetime, UUID]]:
        """Dates in the span with their customers, oldest first; all of an instant or none of it."""

    def with_birthdays(self, days: Collection[tuple[int, int]]) -> Sequence[UUID]:
        """Customers born on these days."""

    def take_touched(self, limit: int) -> Sequence[UUID]:
        """The next customers of whom something changed, noted no more from here on."""

    def members(
        self, group_id: UUID, limit: int, after: tuple[datetime, UUID] | None = None
    ) -> Sequence[tuple[datetime, UUID]]:
        """Since when who is in the list, latest first."""

    def changes(self, group_id: UUID, limit: int) -> Sequence[GroupChange]:
        """Comings and goings, latest first."""

    def movements(self, group_id: UUID, edges: Sequence[datetime]) -> Sequence[Movement]:
        """Comings and goings between each edge and the next one, oldest first; one fewer than edges."""
