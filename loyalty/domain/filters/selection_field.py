"""Each selection among the shop's own fields is a filter by itself (row 48)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from loyalty.domain.custom_field import FieldKind
from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Named, Noun, Said
from loyalty.domain.filters.condition import Condition, FieldIs
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class SelectionField:
    """One of these choices was made."""

    field_id: UUID
    choices: frozenset[str]
    kind: ClassVar[str] = "selection"
    title: ClassVar[str] = "Selection field"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("field_id", Entry.FIELD, "Field"),
        FormField("choices", Entry.CHOICES, "Choices"),
    )

    def __post_init__(self) -> None:
        if not self.choices:
            raise InvalidValueError("nothing is chosen")

    def said(self) -> Said:
        names = Named(Noun.FIELD, frozenset({self.field_id}))
        return Said("{names}: {choices}", {"names": names, "choices": ", ".join(sorted(self.choices))})

    def missing(self, known: Known) -> tuple[Missing, ...]:
        there = known.fields.get(self.field_id)
        if there is None or there.kind is not FieldKind.SELECTION:
            return (Missing(Noun.FIELD, str(self.field_id)),)
        return tuple(Missing(Noun.CHOICE, each) for each in sorted(self.choices - set(there.choices)))

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        return FieldIs(self.field_id, self.choices)
