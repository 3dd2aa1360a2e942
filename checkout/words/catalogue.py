"""Texts of the pages by language. The source text is English; ``fr`` and ``es`` are catalogues beside it."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.core import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_skeleton, format_time
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal, get_currency_precision, get_currency_symbol

LANGUAGES = ("fr", "en", "es")
_FOLDER = Path(__file__).parent


class Words:
    """One language, with one country's way to write numbers. Any thread.

    Args:
        language: One of :data:`LANGUAGES`.
        country: ISO 3166-1; decides how amounts look where the language is spoken there.
    """

    def __init__(self, language: str, country: str) -> None:
        self.language = language
        self._locale = _locale(language, country)
        self._texts = _texts(language)

    def text(self, source: str, **params: object) -> str:
        """The text for an English source text, with its ``{fields}`` filled in."""
        found = self._texts.get(source, source)
        form = found if isinstance(found, str) else found[0]
        return form.format(**params) if params else form

    def plural(self, one: str, many: str, count: int, **params: object) -> str:
        """The right one of two source texts; ``{count}`` is written the language's way."""
        found = self._texts.get(one)
        forms = found if isinstance(found, tuple) else (one, many)
        form = forms[0 if self.is_singular(count) else -1]
        return form.format(count=self.number(count), **params)

    def number(self, value: int) -> str:
        return str(format_decimal(value, locale=self._locale))

    def money(self, minor: int, currency: str, *, is_short: bool = False) -> str:
        """An amount of minor units, as in ``12,50 €``; short leaves out zero cents, as on a bank note."""
        digits = get_currency_precision(currency)
        amount = Decimal(minor).scaleb(-digits)
        if is_short and amount == amount.to_integral_value():
            pattern = self._locale.currency_formats["standard"].pattern.replace(".00", "")
            text = format_currency(amount, currency, pattern, locale=self._locale, currency_digits=False)
        else:
            text = format_currency(amount, currency, locale=self._locale)
        return str(text).replace("-", "\u2212")

    def time(self, when: datetime, timezone: str) -> str:
        return str(format_datetime(when, "short", tzinfo=ZoneInfo(timezone), locale=self._locale))

    def hour(self, when: datetime, timezone: str) -> str:
        """The time of the day alone: ``14:05``."""
        return str(format_time(when, "short", tzinfo=ZoneInfo(timezone), locale=self._locale))

    def day(self, day: date) -> str:
        """A day with its month's name: ``3 mars 2026``."""
        text = str(format_date(day, "long", locale=self._locale))
        return f"1er{text[1:]}" if self.language == "fr" and day.day == 1 else text

    def day_and_month(self, day: date) -> str:
        """A day without its year: ``3 mars``."""
        text = str(format_skeleton("MMMMd", day, locale=self._locale))
        return f"1er{text[1:]}" if self.language == "fr" and day.day == 1 else text

    def weekday(self, number: int) -> str:
        """The name of a day of the week; 1 is Monday."""
        return str(self._locale.days["stand-alone"]["wide"][number - 1])

    def month(self, day: date, *, is_short: bool = False) -> str:
        """The month of a day with its year: ``mars 2026``; short, for charts: ``mars``."""
        return str(format_date(day, "LLL" if is_short else "LLLL y", locale=self._locale))

    def month_names(self) -> list[str]:
        """January first."""
        names = self._locale.months["stand-alone"]["wide"]
        return [str(names[number]) for number in range(1, 13)]

    @property
    def decimal_mark(self) -> str:
        """Between whole and fraction, as the language writes amounts in this country."""
        return str(self._locale.number_symbols["latn"]["decimal"])

    def currency_symbol(self, currency: str) -> str:
        """The sign of a currency beside a field: ``€``."""
        return str(get_currency_symbol(currency, locale=self._locale))

    def country(self, code: str) -> str:
        """The name of a country by its ISO 3166 code; the code where it has none."""
        return str(self._locale.territories.get(code, code))

    def is_singular(self, count: int) -> bool:
        """French counts 0 and 1 as one, English and Spanish 1 alone."""
        return abs(count) == 1 or (count == 0 and self.language == "fr")


@cache
def words_for(language: str, country: str = "FR") -> Words:
    """The words of a language; French where there is no such catalogue."""
    return Words(language if language in LANGUAGES else LANGUAGES[0], country)


def best_language(accepted: str, offered: tuple[str, ...], default: str) -> str:
    """The offered language that an ``Accept-Language`` header likes best."""
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted[:200].split(",")):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        wishes.append((-weight, place, tag[:2].lower()))
    return next((tag for weight, _, tag in sorted(wishes) if tag in offered and weight < 0), default)


def _locale(language: str, country: str) -> Locale:
    try:
        return Locale.parse(f"{language}_{country}")
    except (UnknownLocaleError, ValueError):
        return Locale.parse(language)


@cache
def _texts(language: str) -> dict[str, str | tuple[str, ...]]:
    """The catalogue of a language: ``fr.po`` and, beside it, one for each large area."""
    texts: dict[str, str | tuple[str, ...]] = {}
    for path in sorted(_FOLDER.glob(f"{language}*.po")):
        with path.open("rb") as file:
            texts |= _texts_of(read_po(file, locale=language))
    return texts


def _texts_of(catalogue: Catalog) -> dict[str, str | tuple[str, ...]]:
    texts: dict[str, str | tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id or not message.string:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        texts[key] = message.string if isinstance(message.string, str) else tuple(message.string)
    return texts
