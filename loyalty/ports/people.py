"""Everything about one person: for a copy to hand over, for forgetting them, and for who stayed away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.identification import Identification
from loyalty.domain.message import MemberMessage
from loyalty.domain.privacy import ErasedPerson, Incident, PastSale, PrivacySettings


@dataclass(frozen=True, slots=True)
class InactivePage:
    """Some of the people who stayed away; ``last`` is where to go on, None at the end."""

    customer_ids: tuple[UUID, ...]
    last: UUID | None


class PersonRepository(Protocol):
    """Looks at all tables from one person's side."""

    def sales_of(self, customer_id: UUID) -> Sequence[PastSale]:
        """Completed ones, oldest first."""

    def identifications_of(self, customer_id: UUID) -> Sequence[Identification]:
        """Oldest first."""

    def messages_of(self, customer_id: UUID) -> Sequence[MemberMessage]:
        """Oldest first."""

    def merged_into(self, customer_id: UUID) -> Sequence[UUID]:
        """Profiles whose place this one took."""

    def has_unfinished_sale(self, customer_id: UUID) -> bool:
        """Whether they stand on a sale that is open or on hold."""

    def forget_traces(self, customer_id: UUID) -> None:
        """Empty stored answers that may greet them; forget rows of imports and cards that were theirs."""

    def note_erased(self, customer_id: UUID, at: datetime) -> None:
        """Remember that they were erased; the first time stays."""

    def erased(self) -> Sequence[ErasedPerson]:
        """Oldest first."""

    def inactive(self, since: datetime, after: UUID | None, limit: int) -> InactivePage:
        """Of the next ``limit`` people by id, those who were there before ``since`` and not seen after it.

        Seen are: an identification, a sale, an enrolment, a consent given or withdrawn.
        """

    def is_inactive(self, customer_id: UUID, since: datetime) -> bool: ...

    def note_told(self, customer_id: UUID, at: datetime) -> bool:
        """Remember when they were told that they will be forgotten; False where they were told before."""

    def told_until(self, until: datetime, limit: int) -> Sequence[UUID]:
        """Who was told by then, the earliest first."""

    def is_told(self, customer_id: UUID) -> bool: ...

    def forget_told(self, customer_id: UUID) -> None: ...


class PrivacyRepository(Protocol):
    """What the shop decided about personal data, and its record of incidents."""

    def settings(self) -> PrivacySettings:
        """What was saved last, else the defaults."""

    def save_settings(self, settings: PrivacySettings) -> None: ...

    def save_incident(self, incident: Incident) -> None:
        """Add or change one."""

    def incidents(self) -> Sequence[Incident]:
        """Newest first."""
