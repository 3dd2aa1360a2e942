"""Who gets marketing by e-mail (rows 47, 65, 70-72)."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import FormField, Known, Missing, Said
from loyalty.domain.filters.condition import AllOf, AnyOf, Condition, MomentFact, MomentIn, ReachedByEmail
from loyalty.domain.filters.facts import EmailReach
from loyalty.domain.filters.period import last_months

_PAID_LATELY = MomentIn(MomentFact.LAST_PAYMENT, last_months(12))


@dataclass(frozen=True, slots=True)
class EmailSubscribers:
    """A public address that works and whose owner agreed, or the private one of somebody who pays."""

    kind: ClassVar[str] = "email_subscribers"
    title: ClassVar[str] = "E-mail subscribers"
    form: ClassVar[tuple[FormField, ...]] = ()

    def said(self) -> Said:
        return Said("Gets marketing by e-mail")

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        return AnyOf(
            (ReachedByEmail(EmailReach.PUBLIC), AllOf((ReachedByEmail(EmailReach.PRIVATE), _PAID_LATELY)))
        )
