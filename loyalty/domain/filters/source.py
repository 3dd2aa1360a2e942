"""Where profiles came from."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.customer import CustomerSource
from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Said
from loyalty.domain.filters.condition import Condition, SourceIn
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class Sources:
    """The profile was made by one of these."""

    sources: frozenset[CustomerSource]
    kind: ClassVar[str] = "source"
    title: ClassVar[str] = "Source"
    form: ClassVar[tuple[FormField, ...]] = (FormField("sources", Entry.SOURCES, "Created by"),)

    def __post_init__(self) -> None:
        if not self.sources:
            raise InvalidValueError("nothing is chosen")

    def said(self) -> Said:
        return Said("Created by {names}", {"names": self.sources})

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        return SourceIn(self.sources)
