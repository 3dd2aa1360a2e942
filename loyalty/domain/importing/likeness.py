"""Rows without a matching key that resemble somebody in the directory: proposed, and never merged unasked.

Before a row is stored staff may say that it is that person, or somebody new. Whoever nobody decided on is
stored as somebody new, and stands among the proposals of duplicates from then on (row 182).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.reasons import Agreement
from loyalty.domain.importing.fields import ImportField
from loyalty.domain.importing.rows import ImportRow

MOST_A_ROW = 3
"""Customers that are proposed for one row, the likeliest."""


class LikenessDecision(StrEnum):
    """What staff said of a row and a customer."""

    SAME = "same"
    """The row is about this customer: it adds to the profile."""
    OTHER = "other"
    """They are two people."""


@dataclass(frozen=True, slots=True)
class ImportLikeness:
    """A row that may be about a customer; ``score`` is the chance that it is."""

    import_id: UUID
    line: int
    customer_id: UUID
    score: float
    agreements: Mapping[Field, Agreement]
    decision: LikenessDecision | None = None
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    made_id: UUID | None = None
    """The customer that the row has become; None until it is stored."""


@dataclass(frozen=True, slots=True)
class LikenessCounts:
    """Rows of an import for which somebody is proposed."""

    rows: int = 0
    undecided: int = 0


def has_enough_to_compare(row: ImportRow) -> bool:
    """Whether a likeness could be told: a name alone is many people's."""
    has_name = row.get(ImportField.GIVEN_NAME) is not None or row.get(ImportField.FAMILY_NAME) is not None
    more = (ImportField.BIRTHDAY, ImportField.LINE_1, ImportField.POSTAL_CODE, ImportField.LOCALITY)
    return has_name and any(row.get(each) is not None for each in more)


def birthday_of(row: ImportRow) -> date | None:
    """The whole date of birth; None where the row knows the day alone, or nothing."""
    text = row.get(ImportField.BIRTHDAY)
    return date.fromisoformat(text) if text is not None and not text.startswith("--") else None
