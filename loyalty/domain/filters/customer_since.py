"""Profiles made in a period."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Said
from loyalty.domain.filters.condition import Condition, MomentFact, MomentIn
from loyalty.domain.filters.period import Period


@dataclass(frozen=True, slots=True)
class CustomerSince:
    """When the profile was made."""

    period: Period
    kind: ClassVar[str] = "customer_since"
    title: ClassVar[str] = "Profile created"
    form: ClassVar[tuple[FormField, ...]] = (FormField("period", Entry.PERIOD, "When"),)

    def said(self) -> Said:
        return Said("Profile created: {period}", {"period": self.period})

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        return MomentIn(MomentFact.CREATED, self.period)
