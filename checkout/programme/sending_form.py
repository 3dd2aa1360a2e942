"""Quiet hours and caps of messages as form fields, and back."""

from collections.abc import Mapping
from datetime import time

import phonenumbers

from checkout.programme.typed import FieldReader, Problem, Typed, amount_text
from checkout.words import Words
from loyalty.domain.contact.delivery import SendingRules
from loyalty.domain.contact.quiet_hours import QuietHours
from loyalty.domain.contact.sending_choices import SendingChoices
from loyalty.domain.contact.sms_limits import SmsLimits

COUNTS = ("per_number_an_hour", "per_number_a_day", "per_device_an_hour", "per_shop_a_day")
_MOST, _MOST_MONEY = 1_000_000, 100_000_000
_FIRST_QUIET = QuietHours()


def sending_typed(rules: SendingRules, revision: int, currency: str, words: Words) -> Typed:
    """The fields that show the rules in force."""
    quiet, limits = rules.quiet_hours or _FIRST_QUIET, rules.limits
    cost = limits.cost_a_day_minor
    return Typed.of(
        [
            ("quiet", "on" if rules.quiet_hours is not None else "off"),
            ("quiet_from", quiet.start.strftime("%H:%M")),
            ("quiet_to", quiet.end.strftime("%H:%M")),
            *(("countries", country) for country in sorted(limits.countries)),
            *((name, _count_text(getattr(limits, name))) for name in COUNTS),
            ("cost_a_day", "" if cost is None else amount_text(cost, currency, words)),
            ("revision", str(revision)),
        ]
    )


def read_sending(reader: FieldReader, ceiling: SmsLimits | None, own_country: str) -> SendingChoices | None:
    """What the fields say, under the ceiling; None where the reader has problems.

    Without a ceiling (messages that go nowhere, as in the demo) a cap may be left empty.
    """
    quiet_hours = _read_quiet(reader)
    countries = reader.typed.many("countries")
    known = countries_to_choose(ceiling, own_country)
    counts = {name: _read_count(reader, name, ceiling) for name in COUNTS}
    limits = SmsLimits(
        countries=frozenset({own_country, *(each for each in countries if each in known)}),
        cost_a_day_minor=_read_cost(reader, ceiling),
        **counts,
    )
    return None if reader.problems else SendingChoices(limits, quiet_hours)


def countries_to_choose(ceiling: SmsLimits | None, own_country: str) -> frozenset[str]:
    """ISO 3166 codes, without the shop's own, which is always allowed."""
    with_numbers = frozenset(phonenumbers.SUPPORTED_REGIONS)
    allowed = with_numbers & ceiling.countries if ceiling is not None and ceiling.countries else with_numbers
    return allowed - {own_country}


def named_countries(codes: frozenset[str], words: Words) -> Mapping[str, str]:
    """Codes with their names, in the order of the names."""
    return dict(sorted(((code, words.country(code)) for code in codes), key=lambda each: each[1]))


def _read_quiet(reader: FieldReader) -> QuietHours | None:
    if reader.choice("quiet", ("on", "off"), "on") == "off":
        return None
    start, end = reader.wall_time("quiet_from"), reader.wall_time("quiet_to")
    if start == end:
        reader.refuse("quiet_to", Problem("hours_without_end"))
        return QuietHours(time(0), time(1))
    return QuietHours(start, end)


def _read_count(reader: FieldReader, name: str, ceiling: SmsLimits | None) -> int | None:
    if ceiling is None and not reader.text(name).strip():
        return None
    most = getattr(ceiling, name) if ceiling is not None else None
    return reader.whole(name, 1, most or _MOST)


def _read_cost(reader: FieldReader, ceiling: SmsLimits | None) -> int | None:
    if ceiling is None and not reader.text("cost_a_day").strip():
        return None
    most = ceiling.cost_a_day_minor if ceiling is not None else None
    return reader.money("cost_a_day", 0, most if most is not None else _MOST_MONEY)


def _count_text(count: int | None) -> str:
    return "" if count is None else str(count)
