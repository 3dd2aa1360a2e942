"""Limits against abuse of messages that cost money and bother people (row 207)."""

from dataclasses import dataclass

from loyalty.domain.why import Refusal, Refused


@dataclass(frozen=True, slots=True)
class SmsLimits:
    """What may go out. Each cap holds by itself; None means no cap of this kind.

    Pumping (somebody has messages sent to numbers that earn them money) is stopped by the countries and
    the daily cost; pestering one person by the caps per number.
    """

    countries: frozenset[str]
    """ISO 3166 codes: the shop's own country and those it chose."""
    per_number_an_hour: int | None = 3
    per_number_a_day: int | None = 8
    per_device_an_hour: int | None = 30
    """Messages that one kiosk caused."""
    per_shop_a_day: int | None = 500
    cost_a_day_minor: int | None = 50_00

    @property
    def caps(self) -> tuple[int | None, ...]:
        """The caps that count messages."""
        return (
            self.per_number_an_hour,
            self.per_number_a_day,
            self.per_device_an_hour,
            self.per_shop_a_day,
        )

    def within(self, ceiling: "SmsLimits") -> "SmsLimits":
        """These limits, none of them above the ceiling; a ceiling without countries allows any."""
        return SmsLimits(
            self.countries & ceiling.countries if ceiling.countries else self.countries,
            _lower(self.per_number_an_hour, ceiling.per_number_an_hour),
            _lower(self.per_number_a_day, ceiling.per_number_a_day),
            _lower(self.per_device_an_hour, ceiling.per_device_an_hour),
            _lower(self.per_shop_a_day, ceiling.per_shop_a_day),
            _lower(self.cost_a_day_minor, ceiling.cost_a_day_minor),
        )


@dataclass(frozen=True, slots=True)
class SmsUsage:
    """What went out already; days are the shop's, hours the last sixty minutes."""

    to_number_this_hour: int = 0
    to_number_today: int = 0
    by_device_this_hour: int = 0
    by_shop_today: int = 0
    cost_today_minor: int = 0


def why_not_send(limits: SmsLimits, usage: SmsUsage, country: str | None, cost_minor: int) -> Refused | None:
    """Why one more message must not go out; None where it may.

    Args:
        limits: The shop's.
        usage: Counted before this message.
        country: ISO 3166 code of the number's country; None, which is refused, where it has none.
        cost_minor: What this message will cost.
    """
    if country not in limits.countries:
        return Refused(Refusal.SMS_COUNTRY_NOT_ALLOWED, {"country": country or ""})
    caps = (
        (usage.to_number_this_hour, limits.per_number_an_hour, Refusal.SMS_NUMBER_LIMIT),
        (usage.to_number_today, limits.per_number_a_day, Refusal.SMS_NUMBER_LIMIT),
        (usage.by_device_this_hour, limits.per_device_an_hour, Refusal.SMS_DEVICE_LIMIT),
        (usage.by_shop_today, limits.per_shop_a_day, Refusal.SMS_SHOP_LIMIT),
    )
    for used, cap, refusal in caps:
        if cap is not None and used >= cap:
            return Refused(refusal, {"max": cap})
    if limits.cost_a_day_minor is not None and usage.cost_today_minor + cost_minor > limits.cost_a_day_minor:
        return Refused(Refusal.SMS_BUDGET_SPENT, {"max_minor": limits.cost_a_day_minor})
    return None


def _lower(cap: int | None, ceiling: int | None) -> int | None:
    return min((each for each in (cap, ceiling) if each is not None), default=None)
