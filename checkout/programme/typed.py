"""What somebody typed into a form, and reading it field by field; nothing typed is ever lost."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from uuid import UUID

from babel.numbers import get_currency_precision

from checkout.till.amounts import parse_amount
from checkout.words import Words
from checkout.words.reasons import reason_text
from loyalty.domain.why import Refused

_DECIMAL = re.compile(r"(\d{1,7})(?:[.,](\d{1,6}))?")
_MAX_CHARS = 2_000


@dataclass(frozen=True)
class Problem:
    """Why a field cannot be taken: a code of :data:`PROBLEMS` or of a refusal."""

    code: str
    params: Mapping[str, int | str] = field(default_factory=dict)

    @classmethod
    def of(cls, refused: Refused) -> "Problem":
        return cls(refused.reason.value, refused.params)

    def text(self, words: Words, currency: str) -> str:
        source = PROBLEMS.get(self.code)
        if source is not None:
            return words.text(source, **self.params)
        params = dict(self.params)
        if self.code == "money_out_of_range":
            return words.text(
                "An amount from {min} to {max}",
                min=words.money(int(params["min"]), currency),
                max=words.money(int(params["max"]), currency),
            )
        return reason_text(words, self.code, params, currency)


PROBLEMS: Mapping[str, str] = {
    "choose_one": "Choose one of these",
    "choose_items": "Choose at least one",
    "points_for_one": "Give points to at least one of them",
    "day_unreadable": "This is no day of the calendar",
    "time_unreadable": "A time such as 14:30",
    "ends_before_start": "The last day is before the first one",
    "tax_rate_out_of_range": "A percentage from 0 to 100, with at most four decimals",
    "rate_out_of_range": "A percentage of more than 0 and at most 100",
    "multiplier_out_of_range": "A number of more than 1 and at most 10",
    "member_unknown": "Nobody is found under this number",
    "origin_missing": "Say where the points come from",
    "opening_booked": "This member got points of this origin already; nothing more was booked",
    "day_out_of_reach": "A day up to today, of the last three years",
    "hours_without_end": "Another time than the one they begin at",
    "address_invalid": "An address that starts with https://",
    "pairing_off": "New devices cannot join yet: the station’s configuration has no section for it",
    "pairing_code_form": "Six digits, as they stand on the device’s screen",
    "pairing_lane": "A lane from 1 to 999",
    "pairing_wrong_code": "No device shows this code. After five wrong ones the device has to begin anew",
    "pairing_gone": "No device waits any more: begin anew at its screen",
    "pairing_not_signed": "The certificate could not be made; the log of comptoir-signer says why",
    "pairing_nobody_signs": "The signing process does not answer: look at comptoir-signer",
    "device_unknown": "There is no such device",
    "volume_invalid": "A volume from 0 to 100 percent",
    "staff_code_invalid": "Six to ten digits",
    "stages_invalid": "Percentages that rise, above 0 and up to 100",
    "soak_invalid": "Whole hours from 0 to 720",
    "day_in_future": "This day is still to come",
    "incident_empty": "Say what happened",
    "word_wrong": "Type the word exactly as it stands above",
    "nothing_to_print": "None of these customers has such a code yet",
    "filter_incomplete": "This filter is not complete",
    "period_too_long": "At most a year at once",
    "contrast_low": "These colours cannot be read by everybody",
    "colour_unreadable": "A colour such as #0C4A3E",
    "logo_too_large": "At most 2 MB and 8 million pixels",
    "logo_too_small": "At least {pixels} pixels high and wide",
    "logo_unreadable": "This is no PNG, JPEG or WebP picture",
    "logo_too_detailed": "Too detailed to be shown small; a logo of few colours works",
    "promise_title": "At most {chars} characters, on one or two lines",
    "promise_text": "One line of at most {chars} characters",
}
"""Source texts of problems that need no figures."""


@dataclass(frozen=True)
class Typed:
    """Texts by field name, several where a field comes several times."""

    values: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, str]]) -> "Typed":
        values: dict[str, tuple[str, ...]] = {}
        for name, value in pairs:
            values[name] = (*values.get(name, ()), value[:_MAX_CHARS])
        return cls(values)

    def one(self, name: str, default: str = "") -> str:
        found = self.values.get(name)
        return found[-1] if found else default

    def many(self, name: str) -> tuple[str, ...]:
        return self.values.get(name, ())

    def has(self, name: str, value: str) -> bool:
        return value in self.values.get(name, ())

    def with_one(self, name: str, value: str) -> "Typed":
        """The same with this one value in a field."""
        return Typed({**self.values, name: (value,)})

    def pairs(self) -> list[tuple[str, str]]:
        """All of it again, for hidden fields."""
        return [(name, value) for name, values in self.values.items() for value in values]


class FieldReader:
    """Reads fields; what cannot be read is noted in ``problems`` by field, and stands in as a default."""

    def __init__(self, typed: Typed, currency: str) -> None:
        self.typed = typed
        self.currency = currency
        self.problems: dict[str, Problem] = {}

    def refuse(self, name: str, problem: Problem | Refused) -> None:
        """Note a problem; the first one of a field stays."""
        self.problems.setdefault(name, Problem.of(problem) if isinstance(problem, Refused) else problem)

    def text(self, name: str) -> str:
        return self.typed.one(name)

    def choice(self, name: str, options: Collection[str], default: str) -> str:
        value = self.typed.one(name, default)
        if value in options:
            return value
        self.refuse(name, Problem("choose_one"))
        return default

    def whole(self, name: str, minimum: int, maximum: int) -> int:
        bare = re.sub(r"[\s\u00a0\u202f]", "", self.typed.one(name))
        value = int(bare) if re.fullmatch(r"-?[0-9]{1,9}", bare) else None
        return self._within(name, value, minimum, maximum)

    def money(self, name: str, minimum: int, maximum: int) -> int:
        value = parse_amount(self.typed.one(name), self.currency)
        if value is None or not minimum <= value <= maximum:
            self.refuse(name, Problem("money_out_of_range", {"min": minimum, "max": maximum}))
            return minimum
        return value

    def scaled(self, name: str, places: int, minimum: int, maximum: int, problem: str) -> int:
        """A decimal such as ``9,975`` as a whole number of ten-to-the-minus-``places``."""
        bare = re.sub(r"[\s\u00a0\u202f%×x]", "", self.typed.one(name))
        match = _DECIMAL.fullmatch(bare)
        value: int | None = None
        if match is not None:
            fraction = (match[2] or "").rstrip("0")
            if len(fraction) <= places:
                value = int(match[1] + fraction.ljust(places, "0"))
        if value is None or not minimum <= value <= maximum:
            self.refuse(name, Problem(problem))
            return minimum
        return value

    def optional_money(self, name: str, maximum: int) -> int | None:
        return self.money(name, 1, maximum) if self.typed.one(name).strip() else None

    def ids(self, name: str, known: Collection[UUID]) -> tuple[UUID, ...]:
        """Ids among the known ones; others are no longer there and are left out."""
        found = [uuid_of(value) for value in self.typed.many(name)]
        return tuple(dict.fromkeys(each for each in found if each is not None and each in known))

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.typed.one(name).strip())
        except ValueError:
            self.refuse(name, Problem("day_unreadable"))
            return None

    def period(self, today: date, max_days: int) -> tuple[date, date]:
        """The days of ``from`` and ``to``, both included; a period that is too long keeps its end."""
        first, last = self.day("from") or today, self.day("to") or today
        if last < first:
            self.refuse("to", Problem("ends_before_start"))
            last = first
        if (last - first).days >= max_days:
            self.refuse("from", Problem("period_too_long"))
            first = last - timedelta(days=max_days - 1)
        return first, last

    def wall_time(self, name: str) -> time:
        try:
            return time.fromisoformat(self.typed.one(name).strip()).replace(tzinfo=None)
        except ValueError:
            self.refuse(name, Problem("time_unreadable"))
            return time(0)

    def _within(self, name: str, value: int | None, minimum: int, maximum: int) -> int:
        if value is None or not minimum <= value <= maximum:
            self.refuse(name, Problem("amount_out_of_range", {"min": minimum, "max": maximum}))
            return minimum
        return value


def uuid_of(text: str) -> UUID | None:
    """The id of a text; None for any other text."""
    try:
        return UUID(text)
    except ValueError:
        return None


def whole_of(text: str) -> int:
    """The number of a hidden field; -1, which is no number of ours, for any other text."""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1


def amount_text(minor: int, currency: str, words: Words) -> str:
    """An amount as somebody would type it: ``12,50``."""
    places = get_currency_precision(currency)
    if places == 0:
        return str(minor)
    whole, part = divmod(minor, 10**places)
    return f"{whole}{words.decimal_mark}{part:0{places}d}"
