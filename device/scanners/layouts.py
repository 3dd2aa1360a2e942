"""What each key position types, for the layouts a scanner can be set to.

The layout is the scanner's own setting, whatever the machine's keyboard is. Each table holds every
printable ASCII character. A new layout is one table and a line in ``LAYOUTS``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from device.scanners.keys import DIGITS, LETTERS, Key

PLAIN, SHIFTED, ALT_GR = 0, 1, 2
"""The levels of a key."""

Stroke = tuple[Key, int]
"""A key and the level it is pressed on."""


@dataclass(frozen=True)
class Layout:
    """A table from strokes to characters, and back.

    Args:
        name: As in the configuration.
        chars: What each stroke types.
        strokes: The first stroke that types a character.
        dead: Those that wait for the next key (``dead_keys``), as under Windows.
    """

    name: str
    chars: Mapping[Stroke, str]
    strokes: Mapping[str, Stroke]
    dead: frozenset[Stroke]

    def letter_keys(self) -> frozenset[Key]:
        """The keys that CapsLock turns round: those with a plain ASCII letter."""
        return frozenset(
            key for (key, level), char in self.chars.items() if level == PLAIN and char in _LETTERS
        )


_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")

_KEYPAD: Mapping[Stroke, str] = {
    (key, level): char
    for key, char in {
        **{Key[f"KP_{digit}"]: str(digit) for digit in range(10)},
        Key.KP_DOT: ".",
        Key.KP_PLUS: "+",
        Key.KP_MINUS: "-",
        Key.KP_ASTERISK: "*",
        Key.KP_SLASH: "/",
        Key.KP_EQUAL: "=",
    }.items()
    for level in (PLAIN, SHIFTED)
}


def _layout(name: str, rows: Mapping[Key, str], dead: Iterable[Stroke] = ()) -> Layout:
    """A layout from one string per key: the characters of its levels, a blank for none."""
    chars = {
        (key, level): char
        for key, row in rows.items()
        for level, char in enumerate(row)
        if char != " " or key is Key.SPACE
    }
    # The keypad types the same whatever the layout; on the way back the main keys come first.
    strokes = {char: stroke for stroke, char in reversed(chars.items())}
    return Layout(name, MappingProxyType({**_KEYPAD, **chars}), MappingProxyType(strokes), frozenset(dead))


def _letters(order: str) -> dict[Key, str]:
    """Letter keys by US position: ``order`` holds what the keys A to Z type."""
    return {key: char + char.upper() for key, char in zip(LETTERS, order, strict=True) if char != " "}


US = _layout(
    "us",
    {
        **{key: char + symbol for key, char, symbol in zip(DIGITS, "0123456789", ")!@#$%^&*(", strict=True)},
        **_letters("abcdefghijklmnopqrstuvwxyz"),
        Key.MINUS: "-_",
        Key.EQUAL: "=+",
        Key.LEFT_BRACE: "[{",
        Key.RIGHT_BRACE: "]}",
        Key.SEMICOLON: ";:",
        Key.APOSTROPHE: "'\"",
        Key.GRAVE: "`~",
        Key.BACKSLASH: "\\|",
        Key.COMMA: ",<",
        Key.DOT: ".>",
        Key.SLASH: "/?",
        Key.KEY_102ND: "\\|",
        Key.SPACE: "   ",
    },
)

FR = _layout(
    "fr",
    {
        Key.DIGIT_1: "&1",
        Key.DIGIT_2: "é2~",
        Key.DIGIT_3: '"3#',
        Key.DIGIT_4: "'4{",
        Key.DIGIT_5: "(5[",
        Key.DIGIT_6: "-6|",
        Key.DIGIT_7: "è7`",
        Key.DIGIT_8: "_8\\",
        Key.DIGIT_9: "ç9^",
        Key.DIGIT_0: "à0@",
        Key.MINUS: ")°]",
        Key.EQUAL: "=+}",
        **_letters("qbcdefghijkl noparstuvzxyw"),
        Key.SEMICOLON: "mM",
        Key.M: ",?",
        Key.COMMA: ";.",
        Key.DOT: ":/",
        Key.SLASH: "!§",
        Key.LEFT_BRACE: "^¨",
        Key.RIGHT_BRACE: "$£",
        Key.APOSTROPHE: "ù%",
        Key.BACKSLASH: "*µ",
        Key.GRAVE: "²",
        Key.KEY_102ND: "<>",
        Key.SPACE: "   ",
    },
    dead=[
        (Key.LEFT_BRACE, PLAIN),
        (Key.LEFT_BRACE, SHIFTED),
        (Key.DIGIT_2, ALT_GR),
        (Key.DIGIT_7, ALT_GR),
    ],
)

DE = _layout(
    "de",
    {
        Key.DIGIT_1: "1!",
        Key.DIGIT_2: '2"²',
        Key.DIGIT_3: "3§³",
        Key.DIGIT_4: "4$",
        Key.DIGIT_5: "5%",
        Key.DIGIT_6: "6&",
        Key.DIGIT_7: "7/{",
        Key.DIGIT_8: "8([",
        Key.DIGIT_9: "9)]",
        Key.DIGIT_0: "0=}",
        Key.MINUS: "ß?\\",
        Key.EQUAL: "´`",
        **_letters("abcdefghijklmnop rstuvwxzy"),
        Key.Q: "qQ@",
        Key.LEFT_BRACE: "üÜ",
        Key.RIGHT_BRACE: "+*~",
        Key.SEMICOLON: "öÖ",
        Key.APOSTROPHE: "äÄ",
        Key.GRAVE: "^°",
        Key.BACKSLASH: "#'",
        Key.COMMA: ",;",
        Key.DOT: ".:",
        Key.SLASH: "-_",
        Key.KEY_102ND: "<>|",
        Key.SPACE: "   ",
    },
    dead=[
        (Key.EQUAL, PLAIN),
        (Key.EQUAL, SHIFTED),
        (Key.GRAVE, PLAIN),
    ],
)

ES = _layout(
    "es",
    {
        Key.DIGIT_1: "1!|",
        Key.DIGIT_2: '2"@',
        Key.DIGIT_3: "3·#",
        Key.DIGIT_4: "4$~",
        Key.DIGIT_5: "5%",
        Key.DIGIT_6: "6&¬",
        Key.DIGIT_7: "7/",
        Key.DIGIT_8: "8(",
        Key.DIGIT_9: "9)",
        Key.DIGIT_0: "0=",
        Key.MINUS: "'?",
        Key.EQUAL: "¡¿",
        **_letters("abcdefghijklmnopqrstuvwxyz"),
        Key.LEFT_BRACE: "`^[",
        Key.RIGHT_BRACE: "+*]",
        Key.SEMICOLON: "ñÑ",
        Key.APOSTROPHE: "´¨{",
        Key.GRAVE: "ºª\\",
        Key.BACKSLASH: "çÇ}",
        Key.COMMA: ",;",
        Key.DOT: ".:",
        Key.SLASH: "-_",
        Key.KEY_102ND: "<>",
        Key.SPACE: "   ",
    },
    dead=[
        (Key.LEFT_BRACE, PLAIN),
        (Key.LEFT_BRACE, SHIFTED),
        (Key.APOSTROPHE, PLAIN),
        (Key.APOSTROPHE, SHIFTED),
        (Key.DIGIT_4, ALT_GR),
    ],
)

UK = _layout(
    "uk",
    {
        **{key: char + symbol for key, char, symbol in zip(DIGITS, "0123456789", ')!"£$%^&*(', strict=True)},
        **_letters("abcdefghijklmnopqrstuvwxyz"),
        Key.MINUS: "-_",
        Key.EQUAL: "=+",
        Key.LEFT_BRACE: "[{",
        Key.RIGHT_BRACE: "]}",
        Key.SEMICOLON: ";:",
        Key.APOSTROPHE: "'@",
        Key.GRAVE: "`¬¦",
        Key.BACKSLASH: "#~",
        Key.COMMA: ",<",
        Key.DOT: ".>",
        Key.SLASH: "/?",
        Key.KEY_102ND: "\\|",
        Key.SPACE: "   ",
    },
)

LAYOUTS: Mapping[str, Layout] = MappingProxyType({layout.name: layout for layout in (US, FR, DE, ES, UK)})
