"""Hygiene of text that people type (row 209)."""

import unicodedata

_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
)

_UNSHOWN = dict.fromkeys(
    code for code in (*range(32), *range(0x7F, 0xA0), *map(ord, _BIDI)) if chr(code) not in "\t\n\r"
)


def without_accents(lower: str) -> str:
    """Small letters as they are written where a keyboard has no others."""
    if lower.isascii():
        return lower
    decomposed = unicodedata.normalize("NFKD", lower.translate(_LIGATURES))
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def without_controls(text: str) -> str:
    """The text as it is, lines and all, but for control and bidirectional override characters."""
    return text if text.isascii() and text.isprintable() else text.translate(_UNSHOWN)


def clean_line(text: str, max_chars: int) -> str | None:
    """One line without control, bidirectional override and unassigned characters, spaces folded.

    None where nothing is left; longer text is cut at ``max_chars``.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())[:max_chars].rstrip() or None
    kept = "".join(" " if char.isspace() else char for char in text if not _is_harmful(char))
    line = " ".join(unicodedata.normalize("NFC", kept).split())
    return line[:max_chars].rstrip() or None


def clean_lines(text: str, max_chars: int) -> str | None:
    """Several lines, each as :func:`clean_line` leaves it; at most one empty line in a row."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [clean_line(line, max_chars) or "" for line in unified.split("\n")]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    return "\n".join(kept).strip("\n")[:max_chars].rstrip() or None


def _is_harmful(char: str) -> bool:
    if char.isspace():
        return False
    return char in _BIDI or unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn")
