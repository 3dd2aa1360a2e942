"""Countries as sheets write them: codes of two or three letters, names in French and English."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from babel import Locale
from babel.core import get_global

from loyalty.domain.importing.words import plain

_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_ALSO_CALLED = {
    "united states of america": "US",
    "etats unis d amerique": "US",
    "great britain": "GB",
    "grande bretagne": "GB",
    "england": "GB",
    "angleterre": "GB",
    "scotland": "GB",
    "ecosse": "GB",
    "wales": "GB",
    "holland": "NL",
    "hollande": "NL",
    "turkey": "TR",
    "ivory coast": "CI",
    "czech republic": "CZ",
    "republique tcheque": "CZ",
    "espana": "ES",
    "deutschland": "DE",
    "italia": "IT",
}
_ARTICLE = re.compile(r"(?:the|la|le|les|l) (?=[a-z]{3})")


@lru_cache(maxsize=1_000)
def country_code(text: str) -> str | None:
    """The code of two letters (ISO 3166); None where no country is called so."""
    return _codes().get(_name(text))


@cache
def _codes() -> Mapping[str, str]:
    codes: dict[str, str] = {}
    for language in ("en", "fr"):
        for code, name in Locale(language).territories.items():
            if re.fullmatch(r"[A-Z]{2}", code) and code not in _NO_COUNTRIES:
                codes[code.casefold()] = code
                codes.setdefault(_name(name), code)
    for alias, now in get_global("territory_aliases").items():
        if alias.isalpha() and len(now) == 1 and now[0].casefold() in codes:
            codes.setdefault(alias.casefold(), now[0])
    return codes | _ALSO_CALLED


def _name(text: str) -> str:
    words = re.sub(r"[^a-z]+", " ", plain(text).replace(".", "")).strip()
    return _ARTICLE.sub("", words, count=1) if _ARTICLE.match(words) else words
