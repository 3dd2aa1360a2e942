"""From a text to the key events that a scanner would send for it: the other way round of the decoder."""

from collections.abc import Iterator

from device.errors import ScannerError
from device.scanners.keys import KEY_DOWN, KEY_UP, Key
from device.scanners.layouts import ALT_GR, PLAIN, SHIFTED, Layout

KeyStroke = tuple[Key, int]
"""A key and ``KEY_DOWN`` or ``KEY_UP``."""

_HELD = {PLAIN: None, SHIFTED: Key.LEFT_SHIFT, ALT_GR: Key.RIGHT_ALT}
_CONTROL_KEYS = {"\x1b": Key.LEFT_BRACE, "\x1c": Key.BACKSLASH, "\x1d": Key.RIGHT_BRACE}


def keystrokes(text: str, layout: Layout, end: Key | None = Key.ENTER) -> list[KeyStroke]:
    """The key events that type ``text``, closed by ``end``; a dead key is followed by SPACE.

    Raises:
        ScannerError: The layout has no key for a character.
    """
    events = [event for char in text for event in _type(char, layout)]
    if end is not None:
        events += _tap(end)
    return events


def _type(char: str, layout: Layout) -> Iterator[KeyStroke]:
    if "\x01" <= char <= "\x1a":
        held, key = Key.LEFT_CTRL, layout.strokes[chr(ord(char) | 0x60)][0]
    elif char in _CONTROL_KEYS:
        held, key = Key.LEFT_CTRL, _CONTROL_KEYS[char]
    elif char in layout.strokes:
        yield from _stroke(char, layout)
        return
    else:
        raise ScannerError(f"the layout {layout.name} has no key for U+{ord(char):04X}")
    yield from _with(held, key)


def _stroke(char: str, layout: Layout) -> Iterator[KeyStroke]:
    key, level = layout.strokes[char]
    modifier = _HELD[level]
    yield from _tap(key) if modifier is None else _with(modifier, key)
    if (key, level) in layout.dead:
        yield from _tap(Key.SPACE)


def _with(held: Key, key: Key) -> Iterator[KeyStroke]:
    yield held, KEY_DOWN
    yield from _tap(key)
    yield held, KEY_UP


def _tap(key: Key) -> list[KeyStroke]:
    return [(key, KEY_DOWN), (key, KEY_UP)]
