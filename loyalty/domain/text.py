"""Hygiene of text that people type (row 209)."""

import unicodedata

_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean_line(text: str, max_chars: int) -> str | None:
    """One line without control, bidirectional override and unassigned characters, spaces folded.

    None where nothing is left; longer text is cut at ``max_chars``.
    """
    kept = "".join(" " if char.isspace() else char for char in text if not _is_harmful(char))
    line = " ".join(unicodedata.normalize("NFC", kept).split())
    return line[:max_chars].rstrip() or None


def _is_harmful(char: str) -> bool:
    if char.isspace():
        return False
    return char in _BIDI or unicodedata.category(char) in ("Cc", "Cs", "Co", "Cn")
