"""A phone number while it is typed, in the national format of a country."""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import AsYouTypeFormatter, PhoneNumberFormat, PhoneNumberType, ValidationResult

MAX_DIGITS = 15
"""Of E.164."""

_FIGURE_DASH = "\u2012"
_BULLET = "\u2022"
_ONE_PLAN = ("FR", "GP", "MQ", "GF", "RE", "YT")
"""Countries that dial each other without a code: 0696… is Martinique's from Paris, too."""

_CALLABLE_BY_SMS = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


class NumberProblem(StrEnum):
    """Why a number cannot be taken."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    NOT_MOBILE = "not_mobile"
    NOT_A_NUMBER = "not_a_number"
    TOO_MANY_NUMBERS = "too_many_numbers"
    """Not this one's fault: the kiosk has taken many in a short time."""


@dataclass(frozen=True, slots=True)
class PhoneEntry:
    """The digits so far; ``region`` is ISO 3166-1. ``problem`` stands from "Continue" to the next digit."""

    region: str = "FR"
    digits: str = ""
    problem: NumberProblem | None = None

    def typed(self, digit: str) -> "PhoneEntry":
        """With one more digit; unchanged when that is none, or the entry is full."""
        if len(digit) != 1 or digit not in "0123456789" or len(self.digits) >= MAX_DIGITS:
            return self
        return replace(self, digits=self.digits + digit, problem=None)

    def erased(self) -> "PhoneEntry":
        return replace(self, digits=self.digits[:-1], problem=None)

    @property
    def country_code(self) -> str:
        """As in ``+33``."""
        return f"+{phonenumbers.country_code_for_region(self.region)}"

    @property
    def shown(self) -> str:
        """The digits as people of the region write them."""
        return _formatted(self.region, self.digits)

    @property
    def slots(self) -> str:
        """What is still to be typed of a usual mobile number, as figure dashes."""
        rest = _usual(self.region, self.digits)[len(self.shown) :]
        return "".join(_FIGURE_DASH if char.isdigit() else char for char in rest)

    @property
    def masked(self) -> str:
        """The number with all but its first and last two digits hidden."""
        text = self.shown
        places = [index for index, char in enumerate(text) if char.isdigit()]
        hidden = set(places[2:-2])
        return "".join(_BULLET if index in hidden else char for index, char in enumerate(text))

    @property
    def found_problem(self) -> NumberProblem | None:
        """What is wrong with the number as it stands; None where it can be taken."""
        return _problem(_read(self.region, self.digits))

    @property
    def complete(self) -> bool:
        """Whether "Continue" would take it."""
        return self.found_problem is None

    @property
    def e164(self) -> str:
        """As in ``+33612345678``; only of a complete number."""
        number = _read(self.region, self.digits)
        if number is None:
            raise ValueError("the number is not complete")
        return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _read(region: str, digits: str) -> phonenumbers.PhoneNumber | None:
    """The first way to read the digits that gives a number which can be taken, else the usual way."""
    ways = [(digits, region)]
    if region in _ONE_PLAN:
        ways += [(digits, other) for other in _ONE_PLAN if other != region]
    if digits.startswith("00"):
        ways.append((f"+{digits[2:]}", region))
    elif len(digits) > _digit_count(_examples(region)[0]):
        ways.append((f"+{digits}", region))
    read = [_parsed(*way) for way in ways]
    return next((number for number in read if _problem(number) is None), read[0])


def _parsed(text: str, region: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _problem(number: phonenumbers.PhoneNumber | None) -> NumberProblem | None:
    if number is None:
        return NumberProblem.TOO_SHORT
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason == ValidationResult.TOO_SHORT:
        return NumberProblem.TOO_SHORT
    if reason == ValidationResult.TOO_LONG:
        return NumberProblem.TOO_LONG
    if not phonenumbers.is_valid_number(number):
        return NumberProblem.NOT_A_NUMBER
    if phonenumbers.number_type(number) not in _CALLABLE_BY_SMS:
        return NumberProblem.NOT_MOBILE
    return None


@lru_cache(maxsize=1)  # one: a number must not outlive its session in here, see forget_numbers
def _formatted(region: str, digits: str) -> str:
    usual = _usual(region, digits)
    if digits and usual:
        return _laid_into(usual, digits)
    typing = AsYouTypeFormatter(region)
    text = ""
    for digit in digits:
        text = typing.input_digit(digit)
    return str(text)


def _laid_into(usual: str, digits: str) -> str:
    """The digits in the groups of a usual number, so that nothing jumps while one types."""
    rest = iter(digits)
    text = ""
    for char in usual:
        if not char.isdigit():
            text += char
            continue
        digit = next(rest, None)
        if digit is None:
            break
        text += digit
    return text.rstrip(" -)")


def forget_numbers() -> None:
    """Drop the number that formatting remembered."""
    _formatted.cache_clear()


def _usual(region: str, digits: str) -> str:
    """A usual mobile number as somebody writes it who began with these digits; empty where they do not fit.

    Beside "+33" many leave out the 0 that stands before the number within the country.
    """
    national, bare = _examples(region)
    has_trunk_prefix = _digit_count(national) > _digit_count(bare)
    usual = bare if has_trunk_prefix and digits and digits[0] != national[0] else national
    return usual if len(digits) <= _digit_count(usual) else ""


def _digit_count(text: str) -> int:
    return sum(char.isdigit() for char in text)


@lru_cache(maxsize=8)
def _examples(region: str) -> tuple[str, str]:
    """A mobile number as dialled within the country, and as written behind the country's code."""
    number = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    if number is None:
        return "", ""
    international = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL), international.partition(" ")[2]
