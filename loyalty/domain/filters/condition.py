"""What filters are made of: statements about one customer.

Each is checked on a customer's facts here and compiled to SQL by the database adapter; a test with made-up
data holds both to the same answer. Times stay words ("the last eight weeks") until the moment is known, so
that a condition is compiled once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from loyalty.domain.customer import CustomerSource
from loyalty.domain.filters.comparator import Comparator
from loyalty.domain.filters.facts import EmailReach
from loyalty.domain.filters.period import Period
from loyalty.domain.message import MessageKind
from loyalty.domain.sale import TenderKind


class NumberFact(StrEnum):
    """Numbers of a customer."""

    VISITS = "visits"
    SPEND_MINOR = "spend_minor"
    BALANCE = "balance"


class MomentFact(StrEnum):
    """Dates of a customer."""

    CREATED = "created_at"
    ENROLLED = "enrolled_at"
    FIRST_VISIT = "first_visit_at"
    LAST_VISIT = "last_visit_at"
    LAST_PAYMENT = "last_payment_at"


@dataclass(frozen=True, slots=True)
class NumberIs:
    """False for who has no such number: no balance without an account."""

    fact: NumberFact
    comparator: Comparator
    number: int


@dataclass(frozen=True, slots=True)
class MomentIn:
    """Whether a date of the customer lies in the period; false for who has none."""

    fact: MomentFact
    period: Period


@dataclass(frozen=True, slots=True)
class VisitsAtLeast:
    """So many visits in the period."""

    number: int
    period: Period


@dataclass(frozen=True, slots=True)
class SpendIs:
    """What was spent in the period, in minor units of the shop's currency."""

    comparator: Comparator
    amount_minor: int
    period: Period


@dataclass(frozen=True, slots=True)
class VisitedPlace:
    """A visit at one of the lanes."""

    lane_ids: frozenset[UUID]
    period: Period


@dataclass(frozen=True, slots=True)
class Bought:
    """Something of these items, of single variations of them, or of these categories."""

    period: Period
    item_ids: frozenset[UUID] = frozenset()
    variation_ids: frozenset[UUID] = frozenset()
    category_ids: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class PaidWith:
    """A purchase paid in one of these ways."""

    kinds: frozenset[TenderKind]
    period: Period


@dataclass(frozen=True, slots=True)
class PaidByCard:
    """A purchase paid with a card of this brand, these last digits, or both."""

    brand: str | None
    last_four: str | None
    period: Period


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """One of these messages went out to them in the period, and a visit followed, if that is asked."""

    kinds: frozenset[MessageKind]
    period: Period
    came_within_days: int | None = None


@dataclass(frozen=True, slots=True)
class InGroup:
    """In one of these manual groups."""

    group_ids: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class SourceIn:
    """The profile came from one of these."""

    sources: frozenset[CustomerSource]


@dataclass(frozen=True, slots=True)
class ReachedByEmail:
    """The address takes marketing; a private one only by those who ask further (row 71)."""

    reach: EmailReach


@dataclass(frozen=True, slots=True)
class ReachedBySms:
    """There is a number whose owner agreed to marketing by SMS (row 66)."""


@dataclass(frozen=True, slots=True)
class BirthdayInMonth:
    """Born in the month, 1 to 12."""

    month: int


@dataclass(frozen=True, slots=True)
class BirthdayWithin:
    """The birthday is kept today or within so many days."""

    days: int


@dataclass(frozen=True, slots=True)
class FieldIs:
    """A field of the shop's own has one of these canonical values."""

    field_id: UUID
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite."""

    condition: "Condition"


@dataclass(frozen=True, slots=True)
class AllOf:
    """All at once; true for everybody where there are none."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One at least; true for nobody where there are none."""

    conditions: tuple["Condition", ...]


Condition = (
    NumberIs
    | MomentIn
    | VisitsAtLeast
    | SpendIs
    | VisitedPlace
    | Bought
    | PaidWith
    | PaidByCard
    | ReceivedMessage
    | InGroup
    | SourceIn
    | ReachedByEmail
    | ReachedBySms
    | BirthdayInMonth
    | BirthdayWithin
    | FieldIs
    | Not
    | AllOf
    | AnyOf
)

EVERYBODY = AllOf(())
NOBODY = AnyOf(())


def parts_of(condition: Condition) -> Iterator[Condition]:
    """The condition and everything in it."""
    yield condition
    match condition:
        case Not():
            yield from parts_of(condition.condition)
        case AllOf() | AnyOf():
            for each in condition.conditions:
                yield from parts_of(each)
        case _:
            pass
