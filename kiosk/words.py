"""Words, numbers and money in the customer's language.

Catalogues are ``kiosk/locale/<language>/LC_MESSAGES/kiosk.po``; the English text is the key, so that a
changed text makes its translations missing, which a test reports. They are read at start by Babel: no
compiled file lies in the tree.
"""

import gettext
import io
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision

from kiosk.errors import CatalogueError
from kiosk.scripts import RIGHT_TO_LEFT, from_the_left

LOCALES = Path(__file__).parent / "locale"

_MARKS = "\u200e\u200f"
"""Direction marks around an amount, which is isolated as a whole instead."""

_NEAREST = {"ar": "MA"}
"""Where people who speak a language far from home mostly come from: Arabic in Europe has the comma of the
Maghreb, as the till's receipt beside it has."""

OWN_NAMES: dict[str, str] = {
    "fr": "Français",
    "en": "English",
    "es": "Español",
    "ar": "العربية",
    "de": "Deutsch",
    "it": "Italiano",
    "nl": "Nederlands",
    "pt": "Português",
}
"""Languages in their own words."""


def message(text: str) -> str:
    """Mark a text for the catalogue where it is not translated at once."""
    return text


class Catalogue:
    """One language for one region. Any thread.

    Args:
        language: ISO 639-1; English texts stand in for a language without a catalogue.
        region: ISO 3166-1, for numbers and money.
    """

    def __init__(self, language: str, region: str) -> None:
        self.language = language
        self._translations = _translations(language)
        self._locale = _locale(language, region)

    def t(self, text: str) -> str:
        return self._translations.gettext(text)

    def n(self, one: str, many: str, count: int) -> str:
        """The plural form for ``count``."""
        return self._translations.ngettext(one, many, count)

    def number(self, count: int) -> str:
        return str(format_decimal(count, locale=self._locale))

    def percent(self, rate_ppm: int) -> str:
        """As in "10 %"; the rate is in millionths."""
        return str(format_percent(rate_ppm / 1_000_000, format="#,##0.##%", locale=self._locale)).replace(
            "%", "\u202f%" if self.language == "fr" else "%"
        )

    def day(self, when: datetime) -> str:
        """As in "24 nov. 2026"."""
        return str(format_date(when.date(), format="medium", locale=self._locale))

    def country(self, region: str) -> str:
        """The name of an ISO 3166-1 country; its code where there is none."""
        return str(self._locale.territories.get(region, region))

    def sort_key(self, text: str) -> str:
        """Sorts as people do: accents and case count for nothing."""
        parts = unicodedata.normalize("NFKD", text.casefold())
        return "".join(char for char in parts if not unicodedata.combining(char))

    def money(self, amount_minor: int, currency: str) -> str:
        """As in "12,50 €"; the amount is in minor units."""
        scale = 10 ** get_currency_precision(currency)
        text = str(format_currency(amount_minor / scale, currency, locale=self._locale))
        text = text.replace("-", "\u2212")
        return from_the_left(text.strip(_MARKS)) if self.language in RIGHT_TO_LEFT else text


def has_catalogue(language: str) -> bool:
    return _path(language).is_file()


def _path(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "kiosk.po"


@cache
def _translations(language: str) -> gettext.NullTranslations:
    """The catalogue as gettext knows it.

    Raises:
        CatalogueError: The file is there and cannot be read.
    """
    path = _path(language)
    if not path.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    try:
        with path.open("rb") as file:
            write_mo(compiled, read_po(file, locale=language, abort_invalid=True))
    except (OSError, ValueError, PoFileError) as error:
        raise CatalogueError(f"cannot read {path.name} of {language}: {error}") from error
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@cache
def _locale(language: str, region: str) -> Locale:
    try:
        return Locale.parse(f"{language}_{region}")
    except (UnknownLocaleError, ValueError):
        near = _NEAREST.get(language)
        return Locale.parse(f"{language}_{near}" if near else language)
