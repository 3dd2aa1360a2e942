"""Who is in a group picked by hand."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Named, Noun, Said
from loyalty.domain.filters.condition import Condition, InGroup, Not
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class ManualGroups:
    """In one of these manual groups, or in none of them. Smart groups cannot name each other in circles."""

    group_ids: frozenset[UUID]
    is_in: bool = True
    kind: ClassVar[str] = "groups"
    title: ClassVar[str] = "Manual groups"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("is_in", Entry.YES_NO, "Is in|Is not in"),
        FormField("group_ids", Entry.GROUPS, "Groups"),
    )

    def __post_init__(self) -> None:
        if not self.group_ids:
            raise InvalidValueError("nothing is chosen")

    def said(self) -> Said:
        text = "Is in {names}" if self.is_in else "Is not in {names}"
        return Said(text, {"names": Named(Noun.GROUP, self.group_ids)})

    def missing(self, known: Known) -> tuple[Missing, ...]:
        return known.missing_of(Noun.GROUP, self.group_ids)

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        inside = InGroup(self.group_ids)
        return inside if self.is_in else Not(inside)
