"""Finding customers: by filters, and by what somebody types."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.filters import FilterSet
from loyalty.domain.filters.condition import Condition
from loyalty.domain.filters.period import Moment
from loyalty.domain.search import SearchTerms
from loyalty.ports.directory import Member


@dataclass(frozen=True, slots=True)
class Listed:
    """A customer in a list, with what lists show of their activity."""

    member: Member
    visits: int
    spend_minor: int
    last_visit_at: datetime | None
    is_number_reserved: bool = False
    """Whether the number is masked for this viewer although they may see contact details; services say so."""

    @property
    def place(self) -> "Place":
        return Place(self.last_visit_at, self.member.customer.id)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list ended: lists have who came last first, then who never came, newest first."""

    last_visit_at: datetime | None
    customer_id: UUID


@dataclass(frozen=True, slots=True)
class SavedView:
    """Filters that staff come back to, under a name."""

    id: UUID
    name: str
    filters: FilterSet


class DirectoryRepository(Protocol):
    """Customers that the directory shows: merged and erased profiles are in none of these."""

    def count(self, condition: Condition, moment: Moment) -> int:
        """How many the condition holds for."""

    def counted(self, condition: Condition, moment: Moment, limit: int) -> tuple[int, Sequence[Listed]]:
        """How many, and the first of them."""

    def page(
        self, condition: Condition, moment: Moment, *, limit: int, after: Place | None = None
    ) -> Sequence[Listed]:
        """The next ones."""

    def ids(self, condition: Condition, moment: Moment, after: UUID | None, limit: int) -> Sequence[UUID]:
        """The next ids in their order, for going through all of them in slices."""

    def listed(self, customer_ids: Sequence[UUID]) -> Sequence[Listed]:
        """These customers, in the order asked for; who is not shown is left out."""

    def search(self, terms: SearchTerms, limit: int) -> Sequence[Listed]:
        """An exact reference or number first, then who came last, then the newest profiles.

        Of texts that many share, that order is kept among those who came last; of those met rarely, among all
        of them.
        """

    def views(self) -> Sequence[SavedView]:
        """By name."""

    def save_view(self, view: SavedView, at: datetime) -> None:
        """Store a view; one of the same name is replaced."""

    def remove_view(self, view_id: UUID) -> None: ...
