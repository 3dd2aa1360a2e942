"""Figures as the language writes them: rates, multipliers, and parameters of reasons."""

from collections.abc import Mapping

from checkout.words.catalogue import Words

Params = Mapping[str, int | str | bool | None]


def amount(name: str, params: Params) -> int:
    """A parameter that must be a whole number; zero where it is missing or is none."""
    value = params.get(name, 0)
    return value if isinstance(value, int) else 0


def percent(words: Words, rate_ppm: int) -> str:
    """A rate such as 99 750 ppm as ``9,975 %``."""
    return words.text("{rate}%", rate=decimal_text(words, rate_ppm, 4))


def decimal_text(words: Words, value: int, places: int) -> str:
    """A whole number of ten-to-the-minus-``places``, without trailing zeros: 1 500 thousandths as ``1,5``."""
    whole, rest = divmod(abs(value), 10**places)
    sign = "\u2212" if value < 0 else ""
    if rest == 0:
        return f"{sign}{words.number(whole)}"
    fraction = f"{rest:0{places}d}".rstrip("0")
    return f"{sign}{words.number(whole)}{words.decimal_mark}{fraction}"
