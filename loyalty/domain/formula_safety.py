"""Text that a spreadsheet would run as a formula: written with an apostrophe in front, read back without.

Both ways fit together: what was written is read as it was, whatever it begins with (row 209, CWE-1236).
"""

import re

_FORMULA = r"[=+\-@\t\r|%\uff1d\uff0b\uff0d\uff20]"
_TO_GUARD = re.compile(rf"'*{_FORMULA}|'+\d")
_GUARDED = re.compile(rf"'+(?:{_FORMULA}|\d)")  # others write '00123 to keep its zeros
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')


def guarded(text: str) -> str:
    """The text as a cell of a CSV file."""
    return f"'{text}" if _TO_GUARD.match(text) else text


def unguarded(cell: str) -> str:
    """The text of a cell, without the apostrophe that kept it text, or the formula that did: ``="0042"``."""
    if _GUARDED.match(cell):
        return cell[1:]
    kept = _TEXT_FORMULA.fullmatch(cell)
    return kept.group(1).replace('""', '"') if kept is not None else cell
