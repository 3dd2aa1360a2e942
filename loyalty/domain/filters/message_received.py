"""Who got a message that the shop sends by itself, and whether they came after it (row 69)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from loyalty.domain.filters.base import Entry, FormField, Known, Missing, Said
from loyalty.domain.filters.condition import AllOf, Condition, Not, ReceivedMessage
from loyalty.domain.filters.period import ALWAYS, Period
from loyalty.domain.message import CAMPAIGNS, MessageKind
from loyalty.errors import InvalidValueError

DAYS_AFTER, MAX_DAYS = 14, 365


class Since(StrEnum):
    """What somebody did within some days after a message."""

    WHATEVER = "whatever"
    CAME = "came"
    STAYED_AWAY = "stayed_away"
    """No visit yet after any of the messages."""


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """Was sent one of these messages in the period; ``days`` says how soon after it a visit counts."""

    messages: frozenset[MessageKind]
    period: Period = ALWAYS
    since: Since = Since.WHATEVER
    days: int = DAYS_AFTER
    kind: ClassVar[str] = "message_received"
    title: ClassVar[str] = "Automatic message received"
    form: ClassVar[tuple[FormField, ...]] = (
        FormField("messages", Entry.MESSAGES, "Messages"),
        FormField("period", Entry.PERIOD, "When"),
        FormField("since", Entry.SINCE, "And since then"),
        FormField("days", Entry.DAYS_AFTER, "Within so many days after it (14 if left empty)"),
    )

    def __post_init__(self) -> None:
        if not self.messages or not self.messages <= frozenset(CAMPAIGNS):
            raise InvalidValueError("automatic messages are to be chosen")
        if not 1 <= self.days <= MAX_DAYS:
            raise InvalidValueError(f"a visit counts for 1 to {MAX_DAYS} days", days=self.days)

    def said(self) -> Said:
        text = {
            Since.WHATEVER: "Received {names}, {period}",
            Since.CAME: "Received {names}, {period}, and came within {days} days",
            Since.STAYED_AWAY: "Received {names}, {period}, and has not come within {days} days",
        }[self.since]
        return Said(text, {"names": self.messages, "period": self.period, "days": self.days})

    def missing(self, known: Known) -> tuple[Missing, ...]:  # noqa: ARG002
        return ()

    def condition(self, known: Known) -> Condition:  # noqa: ARG002
        received = ReceivedMessage(self.messages, self.period)
        came = ReceivedMessage(self.messages, self.period, came_within_days=self.days)
        match self.since:
            case Since.WHATEVER:
                return received
            case Since.CAME:
                return came
            case Since.STAYED_AWAY:
                return AllOf((received, Not(came)))
