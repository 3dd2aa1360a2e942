"""What a shop chose about its messages: when members are left alone, and how much may go out (row 207)."""

import re
from dataclasses import dataclass

from loyalty.domain.contact.quiet_hours import QuietHours
from loyalty.domain.contact.sms_limits import SmsLimits
from loyalty.errors import InvalidValueError

_COUNTRY = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class SendingChoices:
    """The shop's own decision, in force from the next message on; the machine may hold it lower."""

    limits: SmsLimits
    quiet_hours: QuietHours | None
    revision: int = 1
    """Counts the changes, so that two people who change at once do not undo each other."""

    def __post_init__(self) -> None:
        if any(not _COUNTRY.fullmatch(country) for country in self.limits.countries):
            raise InvalidValueError("countries are ISO 3166 codes of two capital letters")
        if (
            any(cap is not None and cap < 1 for cap in self.limits.caps)
            or (self.limits.cost_a_day_minor or 0) < 0
        ):
            raise InvalidValueError("a cap lets at least one message through")
