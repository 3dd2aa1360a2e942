"""What each key of one keyboard types, with all that is held and locked meanwhile.

Also characters given by their number, as scanners in "universal" mode type them under any layout: Alt held,
three or four digits of the keypad, Alt let go. Three digits are of code page 437, a leading zero makes them
Windows-1252. F8 is a group separator, as many scanners are set to send it.
"""

from device.gs1 import GROUP_SEPARATOR
from device.scanners.keys import (
    CONTROLS,
    KEY_DOWN,
    KEY_UP,
    LETTERS,
    MODIFIERS,
    SHIFTS,
    Key,
)
from device.scanners.layouts import ALT_GR, PLAIN, SHIFTED, Layout

_KEYPAD_DIGITS = {Key[f"KP_{digit}"]: str(digit) for digit in range(10)}
_MAX_NUMBER_DIGITS = 5
_CONTROL_KEYS = {Key.LEFT_BRACE: "\x1b", Key.BACKSLASH: "\x1c", Key.RIGHT_BRACE: "\x1d"}


class KeyFollower:
    """Follows the keys of one keyboard that plays one layout."""

    def __init__(self, layout: Layout) -> None:
        self.caps_lock = False
        self._layout = layout
        self._letter_keys = layout.letter_keys()
        self._held: set[int] = set()
        self._number = ""

    def feed(self, code: int, value: int) -> str | None:
        """The character that an event types, an empty text where it is none, None for a key unknown here."""
        if code in MODIFIERS:
            return self._hold(code, value)
        if value != KEY_DOWN or code == Key.NUM_LOCK:
            return ""
        if code == Key.CAPS_LOCK:
            self.caps_lock = not self.caps_lock
            return ""
        if Key.LEFT_ALT in self._held and not self._held & CONTROLS:
            return self._number_key(code)
        if code == Key.F8:
            return GROUP_SEPARATOR
        return self._char(code)

    def release(self) -> None:
        """Forget what is held, because its release may be lost."""
        self._held.clear()
        self._number = ""

    def _hold(self, code: int, value: int) -> str:
        if value != KEY_UP:
            self._held.add(code)
            return ""
        self._held.discard(code)
        if code != Key.LEFT_ALT or not self._number:
            return ""
        number, self._number = self._number, ""
        page = "cp1252" if number.startswith("0") else "cp437"
        # A byte without a character becomes one that no code may hold, so that the whole code is refused.
        return bytes([int(number) % 256]).decode(page, errors="replace").replace("\ufffd", "\x00")

    def _number_key(self, code: int) -> str | None:
        digit = _KEYPAD_DIGITS.get(_key(code))
        if digit is None or len(self._number) == _MAX_NUMBER_DIGITS:
            return None
        self._number += digit
        return ""

    def _char(self, code: int) -> str | None:
        if self._held & CONTROLS:
            return _control_char(code)
        if Key.RIGHT_ALT in self._held:
            level = ALT_GR
        else:
            shifted = bool(self._held & SHIFTS) ^ (self.caps_lock and code in self._letter_keys)
            level = SHIFTED if shifted else PLAIN
        return self._layout.chars.get((_key(code), level))


def _control_char(code: int) -> str | None:
    """The control character that Ctrl and a key stand for on scanners (Ctrl+B = STX, Ctrl+] = GS)."""
    if code in LETTERS:
        return chr(LETTERS.index(Key(code)) + 1)
    return _CONTROL_KEYS.get(_key(code))


def _key(code: int) -> Key:
    try:
        return Key(code)
    except ValueError:
        return Key.NUM_LOCK
