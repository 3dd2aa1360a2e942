"""Two profiles that may be one person, and what staff said of them (row 182)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.reasons import Agreement


class PairState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    APART = "apart"
    """Staff said that they are not the same person: never proposed again."""
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """``first_id`` is the smaller one; ``score`` is the chance that both are one person."""

    first_id: UUID
    second_id: UUID
    score: float
    agreements: Mapping[Field, Agreement]
    found_at: datetime
    state: PairState = PairState.OPEN
    decided_at: datetime | None = None
    decided_by: UUID | None = None


def ordered_pair(one: UUID, other: UUID) -> tuple[UUID, UUID]:
    """The two ids, the smaller one first."""
    return (one, other) if one < other else (other, one)
