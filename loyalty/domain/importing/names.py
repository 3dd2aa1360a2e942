"""A whole name parted into given and family name."""

import re

_TITLES = frozenset(
    ("m", "mr", "mme", "mlle", "mmes", "mm", "madame", "mademoiselle", "monsieur", "mrs", "ms", "miss",
     "mister", "dr", "docteur", "doctor", "me", "pr", "prof", "professeur", "professor")
)  # fmt: skip
_AND = frozenset({"et", "and", "&", "ou", "or", "/"})
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?)+[^\W\d_]?")


def split_name(whole: str, *, is_reversed: bool = False) -> tuple[str, str]:
    """Given and family name of ``Martin, Ada``, ``Mme Ada Martin``, ``MARTIN Ada`` and ``Ada MARTIN``."""
    words, is_titled = _without_titles(whole.split())
    family, comma, given = " ".join(words).partition(",")
    if comma:
        return " ".join(_without_titles(given.split())[0]), family.strip()
    capitals = [_is_loud(word) for word in words]
    if any(capitals) and not all(capitals):
        loud = [word for word, is_loud in zip(words, capitals, strict=True) if is_loud]
        quiet = [word for word, is_loud in zip(words, capitals, strict=True) if not is_loud]
        if words in ([*loud, *quiet], [*quiet, *loud]):
            return " ".join(quiet), " ".join(loud)
    first, rest = words[0] if words else "", " ".join(words[1:])
    if is_titled and not rest:
        return "", first
    return (rest, first) if is_reversed and rest else (first, rest)


def _without_titles(words: list[str]) -> tuple[list[str], bool]:
    """The words behind ``M. et Mme``, and whether there was such; a name of nothing else stays."""
    start = 0
    while start < len(words) - 1 and (_is_title(words[start]) or (words[start] in _AND and start > 0)):
        start += 1
    return words[start:], start > 0


def _is_title(word: str) -> bool:
    return word.rstrip(".").casefold() in _TITLES


def _is_loud(word: str) -> bool:
    """In capitals, as many lists have the family name; ``J.`` and ``J.-P.`` are not."""
    return len(word) > 1 and word.isupper() and _INITIALS.fullmatch(word) is None
