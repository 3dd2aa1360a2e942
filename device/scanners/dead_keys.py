"""Dead keys: they type nothing until the next key, which makes both a letter or, as SPACE, the bare sign.

So do keyboards under Windows, for which scanners are built. Until the next key a dead key stands among
what was typed as a combining mark, which no key types by itself.
"""

import unicodedata
from collections.abc import Sequence

_MARKS = {"^": "\u0302", "¨": "\u0308", "´": "\u0301", "`": "\u0300", "~": "\u0303"}
_SIGNS = {mark: sign for sign, mark in _MARKS.items()}
_BARE = str.maketrans(_SIGNS)
_LAST_LETTER = "\u00ff"
"""Keyboards compose letters of Latin-1 alone; Unicode knows more of them."""


def dead(sign: str) -> str:
    """What a dead key leaves among the typed."""
    return _MARKS[sign]


def add(typed: list[str], char: str) -> None:
    """Append a character, or join it to the dead key in front of it."""
    if not typed or typed[-1] not in _SIGNS:
        typed.append(char)
        return
    mark = typed[-1]
    letter = unicodedata.normalize("NFC", char + mark)
    if char == " ":
        typed[-1] = _SIGNS[mark]
    elif len(letter) == 1 and letter <= _LAST_LETTER:
        typed[-1] = letter
    else:
        typed[-1] = (mark + char).translate(_BARE)


def text_of(typed: Sequence[str]) -> str:
    """All that was typed; a dead key at the end is its sign."""
    return "".join(typed).translate(_BARE)
