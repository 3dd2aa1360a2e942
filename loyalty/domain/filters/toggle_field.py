"""Each toggle among the shop's own fields is a filter by itself (row 48)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from loyalty.domain.custom_field import FieldKind
from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Named, Noun, Said
from loyalty.domain.filters.condition import Condition, FieldIs, Not


@dataclass(frozen=True, slots=True)
class ToggleField:
    """The toggle is on, or it is off or was never touched."""

    field_id: UUID
    is_on: bool = True
    kind: ClassVar[str] = "toggle"
    title: ClassVar[str] = "Yes-no field"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("field_id", Entry.FIELD, "Field"),
        FormField("is_on", Entry.YES_NO, "Yes|No"),
    )

    def said(self) -> Said:
        text = "{names}: yes" if self.is_on else "{names}: no"
        return Said(text, {"names": Named(Noun.FIELD, frozenset({self.field_id}))})

    def missing(self, known: Known) -> tuple[Missing, ...]:
        there = known.fields.get(self.field_id)
        is_there = there is not None and there.kind is FieldKind.TOGGLE
        return () if is_there else (Missing(Noun.FIELD, str(self.field_id)),)

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        is_on = FieldIs(self.field_id, frozenset({"true"}))
        return is_on if self.is_on else Not(is_on)
