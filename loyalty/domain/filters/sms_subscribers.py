"""Who gets marketing by SMS (rows 47, 65, 66)."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.filters.base import FormField, Known, Missing, Said
from loyalty.domain.filters.condition import Condition, ReachedBySms


@dataclass(frozen=True, slots=True)
class SmsSubscribers:
    """A number whose owner agreed; a number alone is no consent."""

    kind: ClassVar[str] = "sms_subscribers"
    title: ClassVar[str] = "SMS subscribers"
    form: ClassVar[tuple[FormField, ...]] = ()

    def said(self) -> Said:
        return Said("Gets marketing by SMS")

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        return ReachedBySms()
