"""Text that a spreadsheet would run as a formula: written with an apostrophe in front, read back without.

Both ways fit together: what was written is read as it was, whatever it begins with (row 209, CWE-1236).
"""

import re

_FORMULA = r"[=+\-@\t\r|%\uff1d\uff0b\uff0d\uff20]"
_TO_GUARD = re.compile(rf"'*{_FORMULA}|'+\d")
_GUARDED = re.compile(rf"'+(?:{_FORMULA}|\d)")  # others write '00123 to keep its zeros
_MARKED = re.compile(rf"'+{_FORMULA}")
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')


def guarded(text: str) -> str:
    """The text as a cell of a CSV file."""
    return f"'{text}" if _TO_GUARD.match(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell, without the apostrophe that kept it text, or the formula that did: ``="0042"``."""
    if _GUARDED.match(cell):
        return cell[1:]
    return _as_text(cell)


def guarded_cell(text: str) -> str:
    """The text as a text cell of an XLSX, which is never run; what looks guarded gets one more."""
    return f"'{text}" if _MARKED.match(text) or _TEXT_FORMULA.fullmatch(text) else text


def unguarded_cell(cell: str) -> str:
    """The text of a cell of an XLSX; a CSV file that was stored as one has its apostrophes still."""
    return cell[1:] if _MARKED.match(cell) else _as_text(cell)


def _as_text(cell: str) -> str:
    kept = _TEXT_FORMULA.fullmatch(cell)
    return kept.group(1).replace('""', '"') if kept is not None else cell
