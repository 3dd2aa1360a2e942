"""What the text of a cell means, in the one form in which it is stored and compared."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from loyalty.domain.booking.by_hand import MAX_BY_HAND
from loyalty.domain.calendar import local_date
from loyalty.domain.contact.email_address import parse_email_address
from loyalty.domain.importing.blanks import says_nothing
from loyalty.domain.importing.countries import country_code
from loyalty.domain.importing.dates import DateOrder, order_of, parse_birthday, parse_moment
from loyalty.domain.importing.fields import ImportField as F
from loyalty.domain.importing.figures import all_digits, figure, is_scientific, money
from loyalty.domain.importing.reasons import CellReason
from loyalty.domain.importing.words import (
    LANGUAGES,
    NO_WORDS,
    SUBSCRIBED_WORDS,
    UNKNOWN_WORDS,
    UNSUBSCRIBED_WORDS,
    YES_WORDS,
    plain_word,
)
from loyalty.domain.phone import parse_phone_number
from loyalty.domain.text import clean_line, clean_lines

SUBSCRIBED, UNSUBSCRIBED = "subscribed", "unsubscribed"

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2})?")
_MAX_COUNT = 10_000_000
_MAX_AMOUNT = Decimal(10) ** 12
_THOUSANDTHS = 3
"""Decimals of currencies such as the Tunisian dinar."""


@dataclass(frozen=True, slots=True)
class CellContext:
    """How this shop reads cells. ``minor_digits`` are those of its currency behind the point."""

    phone_region: str
    minor_digits: int
    date_order: DateOrder
    today: date
    timezone: str


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that means nothing for its field; ``max`` or ``choices`` where those are the reason."""

    reason: CellReason
    max: int | None = None
    choices: str | None = None


Meaning = str | None | Unread
"""The canonical text; None where the cell says nothing."""


def read_cell(target: F, text: str, context: CellContext) -> Meaning:
    """What a cell that is not empty means for a field."""
    if says_nothing(text):
        return None
    if target in _LINES:
        return _line(text, _LINES[target])
    return _READERS[target](text, context)


_LINES = {
    F.GIVEN_NAME: 100,
    F.FAMILY_NAME: 100,
    F.FULL_NAME: 200,
    F.FULL_NAME_REVERSED: 200,
    F.NICKNAME: 100,
    F.COMPANY_NAME: 100,
    F.LINE_1: 100,
    F.LINE_2: 100,
    F.LOCALITY: 100,
    F.ADMINISTRATIVE_AREA: 100,
    F.POSTAL_CODE: 20,
}
MAX_NOTE_CHARS = 2_000
_MAX_REFERENCE_CHARS = 100


def _line(text: str, max_chars: int) -> Meaning:
    line = clean_line(text, max_chars + 1)
    return Unread(CellReason.TOO_LONG, max_chars) if line is not None and len(line) > max_chars else line


def _paragraphs(text: str, _: CellContext) -> Meaning:
    kept = clean_lines(text, MAX_NOTE_CHARS + 1)
    too_long = kept is not None and len(kept) > MAX_NOTE_CHARS
    return Unread(CellReason.TOO_LONG, MAX_NOTE_CHARS) if too_long else kept


def _customer_id(text: str, _: CellContext) -> Meaning:
    try:
        return str(UUID(text.strip()))
    except ValueError:
        return Unread(CellReason.NOT_AN_ID)


def _reference(text: str, _: CellContext) -> Meaning:
    if is_scientific(text.strip()):
        return all_digits(text.strip()) or Unread(CellReason.ROUNDED)
    return _line(text, _MAX_REFERENCE_CHARS)


def _phone(text: str, context: CellContext) -> Meaning:
    line = clean_line(text, 41)
    if line is None:
        return None
    if is_scientific(line):
        line = all_digits(line) or ""
        if not line:
            return Unread(CellReason.ROUNDED)
    digits = line[:-2] if re.fullmatch(r"\d+\.0", line) else line
    return parse_phone_number(digits, context.phone_region) or Unread(CellReason.NOT_A_PHONE_NUMBER)


def _email(text: str, _: CellContext) -> Meaning:
    line = clean_line(text, 255)
    if line is None:
        return None
    return parse_email_address(line.removeprefix("mailto:")) or Unread(CellReason.NOT_AN_EMAIL)


def _country(text: str, _: CellContext) -> Meaning:
    line = clean_line(text, 60)
    if line is None:
        return None
    return country_code(line) or Unread(CellReason.NOT_A_COUNTRY)


def _birthday(text: str, context: CellContext) -> Meaning:
    if clean_line(text, 60) is None:
        return None
    birthday = parse_birthday(text, context.date_order, context.today)
    if birthday is None:
        return unread_date(text, context, CellReason.NOT_A_BIRTHDAY)
    year = f"{birthday.year:04}-" if birthday.year is not None else "--"
    return f"{year}{birthday.month:02}-{birthday.day:02}"


def _language(text: str, _: CellContext) -> Meaning:
    line = clean_line(text, 40)
    if line is None:
        return None
    tag = LANGUAGES.get(line.casefold(), line.replace("_", "-").casefold())
    if not _LANGUAGE.fullmatch(tag):
        return Unread(CellReason.NOT_A_LANGUAGE)
    language, _hyphen, region = tag.partition("-")
    return f"{language}-{region.upper()}" if region else language


def _consent(text: str, _: CellContext) -> Meaning:
    line = clean_line(text, 60)
    word = plain_word(line) if line is not None else ""
    if word in SUBSCRIBED_WORDS:
        return SUBSCRIBED
    if word in UNSUBSCRIBED_WORDS:
        return UNSUBSCRIBED
    return None if not word or word in UNKNOWN_WORDS else Unread(CellReason.NOT_A_CONSENT)


def _refusal(text: str, context: CellContext) -> Meaning:
    """Whoever is marked, by a clear word or by the day on which they said so, wants nothing."""
    line = clean_line(text, 60)
    word = plain_word(line) if line is not None else ""
    if not word or word in NO_WORDS or word in UNKNOWN_WORDS or word in SUBSCRIBED_WORDS - YES_WORDS:
        return None
    if word in YES_WORDS or word in UNSUBSCRIBED_WORDS:
        return UNSUBSCRIBED
    told = parse_moment(text, context.date_order, context.today, context.timezone)
    is_day = told is not None and 1990 <= told.year <= context.today.year + 1
    return UNSUBSCRIBED if is_day else unread_date(text, context, CellReason.NOT_A_REFUSAL)


def _whole(max_value: int) -> Callable[[str, CellContext], Meaning]:
    def read(text: str, _: CellContext) -> Meaning:
        line = clean_line(text, 40)
        if line is None:
            return None
        number = figure(line)
        if number is None or number != int(number) or number > max_value:
            return Unread(CellReason.NOT_A_WHOLE_NUMBER, max_value)
        return str(int(number))

    return read


def _amount(text: str, context: CellContext) -> Meaning:
    line = clean_line(text, 40)
    if line is None:
        return None
    if is_scientific(line):
        return Unread(CellReason.ROUNDED)
    number = money(line, has_thousandths=context.minor_digits == _THOUSANDTHS)
    if number is None or not 0 <= number < _MAX_AMOUNT:
        return Unread(CellReason.NOT_AN_AMOUNT)
    return str(int(number.scaleb(context.minor_digits).to_integral_value(ROUND_HALF_UP)))


def _moment(text: str, context: CellContext) -> Meaning:
    if clean_line(text, 60) is None:
        return None
    moment = parse_moment(text, context.date_order, context.today, context.timezone)
    if moment is None or not 1900 <= moment.year <= context.today.year + 1:
        return unread_date(text, context, CellReason.NOT_A_DATE)
    if local_date(moment, context.timezone) > context.today + timedelta(days=1):
        return Unread(CellReason.IN_THE_FUTURE)
    return moment.isoformat()


def unread_date(text: str, context: CellContext, otherwise: CellReason) -> Unread:
    """Why a date was not taken: it contradicts the order of the sheet, or is none."""
    return Unread(CellReason.OTHER_ORDER if order_of(text) not in (None, context.date_order) else otherwise)


_READERS: dict[F, Callable[[str, CellContext], Meaning]] = {
    F.CUSTOMER_ID: _customer_id,
    F.EXTERNAL_ID: _reference,
    F.REFERENCE_ID: _reference,
    F.PHONE_NUMBER: _phone,
    F.EMAIL_ADDRESS: _email,
    F.COUNTRY: _country,
    F.BIRTHDAY: _birthday,
    F.LANGUAGE: _language,
    F.NOTE: _paragraphs,
    F.PREFERENCES: _paragraphs,
    F.EMAIL_CONSENT: _consent,
    F.SMS_CONSENT: _consent,
    F.EMAIL_REFUSED: _refusal,
    F.POINTS: _whole(MAX_BY_HAND),
    F.VISITS: _whole(_MAX_COUNT),
    F.SPEND: _amount,
    F.ENROLLED_AT: _moment,
    F.FIRST_VISIT: _moment,
    F.LAST_VISIT: _moment,
}
