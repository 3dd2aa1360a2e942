"""What a profile says, in the staff's words: sources, languages, birthdays, consents, values, refusals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from babel.core import Locale, UnknownLocaleError
from phonenumbers import SUPPORTED_REGIONS

from checkout.words import Words
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.calendar import local_date, local_time
from loyalty.domain.consent import (
    ConsentChannel,
    ConsentEntry,
    ConsentPurpose,
    ConsentState,
    current_consents,
)
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.customer import CustomerSource
from loyalty.domain.phone import PhoneNumber, national_format

SOURCE_TEXTS: Mapping[CustomerSource, str] = {
    CustomerSource.DIRECTORY: "Added by staff",
    CustomerSource.LOYALTY: "Joined the programme",
    CustomerSource.IMPORT: "Came with an import",
    CustomerSource.API: "Came from another program",
    CustomerSource.PAYMENT: "Made from a card payment",
    CustomerSource.DEMO: "Belongs to the demo",
}
PURPOSE_TEXTS: Mapping[ConsentPurpose, str] = {
    ConsentPurpose.PROGRAMME: "Loyalty programme",
    ConsentPurpose.PROGRAMME_MESSAGES: "Messages about their points",
    ConsentPurpose.MARKETING_SMS: "Offers by SMS",
    ConsentPurpose.MARKETING_EMAIL: "Offers by e-mail",
}
CHANNEL_TEXTS: Mapping[ConsentChannel, str] = {
    ConsentChannel.KIOSK: "at the kiosk",
    ConsentChannel.STAFF: "entered by staff",
    ConsentChannel.STATUS_PAGE: "on their own page",
    ConsentChannel.SMS_REPLY: "by SMS",
    ConsentChannel.LINK: "by the link in a message",
    ConsentChannel.IMPORT: "came with an import",
    ConsentChannel.PHONE: "on the telephone",
    ConsentChannel.LETTER: "in writing",
}
KIND_TITLES: Mapping[FieldKind, str] = {
    FieldKind.TEXT: "Text",
    FieldKind.NUMBER: "A number",
    FieldKind.DATE: "Date",
    FieldKind.EMAIL: "E-mail address",
    FieldKind.PHONE: "Phone number",
    FieldKind.TOGGLE: "Yes or no",
    FieldKind.SELECTION: "Selection",
}
_LANGUAGES = (
    "fr", "en", "es", "de", "it", "pt", "nl", "ar", "zh", "vi", "ru", "uk", "pl", "ro", "tr", "he", "ja",
    "ko", "hi", "pa", "ur", "fa", "el", "sv", "da", "fi", "cs", "hu", "ca", "eu", "br",
)  # fmt: skip
_LEAP_YEAR = 2000


@dataclass(frozen=True)
class ConsentLine:
    """The state of one purpose; ``None`` where it was never stated."""

    purpose: ConsentPurpose
    title: str
    is_granted: bool | None


def consent_lines(words: Words, entries: Sequence[ConsentEntry]) -> list[ConsentLine]:
    """Every purpose with its state in force."""
    current = current_consents(entries)
    return [
        ConsentLine(
            purpose,
            words.text(title),
            current[purpose] is ConsentState.GRANTED if purpose in current else None,
        )
        for purpose, title in PURPOSE_TEXTS.items()
    ]


def language_name(words: Words, tag: str) -> str:
    """A language in the reader's own: ``anglais``; the tag itself where nobody has a name for it."""
    try:
        found = Locale.parse(tag, sep="-").get_display_name(words.language)
    except (UnknownLocaleError, ValueError):
        return tag
    return found or tag


def language_options(words: Words, present: str) -> list[tuple[str, str]]:
    """Tags and names to choose from, by name; the present one is always among them."""
    tags: Iterable[str] = {*_LANGUAGES, present} - {""}
    return sorted(((tag, language_name(words, tag)) for tag in tags), key=lambda pair: pair[1].casefold())


def country_options(words: Words) -> list[tuple[str, str]]:
    """ISO codes and names of countries, by name."""
    names = Locale.parse(words.language).territories
    found = [(code, str(name)) for code, name in names.items() if code in SUPPORTED_REGIONS]
    return sorted(found, key=lambda pair: pair[1].casefold())


def birthday_words(words: Words, birthday: Birthday) -> str:
    """``3 mars 1990``, or without the year where nobody knows it."""
    if birthday.year is not None:
        return words.day(date(birthday.year, birthday.month, birthday.day))
    return words.day_and_month(date(_LEAP_YEAR, birthday.month, birthday.day))


def value_words(words: Words, own_field: CustomField, value: str, region: str) -> str:
    """A stored value as people of the shop write it. An outline of a number stays one."""
    match own_field.kind:
        case FieldKind.TOGGLE:
            return words.text("Yes") if value == "true" else words.text("No")
        case FieldKind.DATE:
            return words.day(date.fromisoformat(value))
        case FieldKind.NUMBER:
            return value.replace(".", words.decimal_mark)
        case FieldKind.PHONE if value.startswith("+"):
            return national_format(PhoneNumber(value), region)
        case _:
            return value


def moment(words: Words, at: datetime, timezone: str) -> str:
    """Day and time on the shop's clock: ``3 mars 2026, 14:05``."""
    return f"{words.day(local_date(at, timezone))}, {local_time(at, timezone):%H:%M}"


def size_words(words: Words, size_bytes: int) -> str:
    """A size as people read it: ``240 kB``."""
    if size_bytes < 1_000_000:
        return words.text("{size} kB", size=words.number(max(1, round(size_bytes / 1000))))
    tenths = round(size_bytes / 100_000)
    return words.text("{size} MB", size=f"{tenths // 10}{words.decimal_mark}{tenths % 10}")


def other_profile(params: Mapping[str, int | str]) -> tuple[UUID, str] | None:
    """The profile that a refusal names, with its name."""
    try:
        return UUID(str(params.get("customer", ""))), str(params.get("name", ""))
    except ValueError:
        return None
