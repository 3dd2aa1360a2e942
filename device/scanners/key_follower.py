"""What each key of one keyboard types, with all that is held and locked meanwhile.

Also characters given by their number, as scanners in "universal" mode type them under any layout: Alt held,
three or four digits of the keypad, Alt let go. Three digits are of code page 437, a leading zero makes them
Windows-1252. F8 is a group separator, as many scanners are set to send it. Ctrl and Alt together are AltGr,
as under Windows.
"""

from device.gs1 import GROUP_SEPARATOR
from device.scanners.dead_keys import dead
from device.scanners.keys import CONTROLS, KEY_DOWN, KEY_UP, MODIFIERS, SHIFTS, Key
from device.scanners.layouts import ALT_GR, PLAIN, SHIFTED, Layout

_KEYPAD_DIGITS = {Key[f"KP_{digit}"]: str(digit) for digit in range(10)}
_MAX_NUMBER_DIGITS = 5
_CONTROL_KEYS = {Key.LEFT_BRACE: "\x1b", Key.BACKSLASH: "\x1c", Key.RIGHT_BRACE: "\x1d"}

NO_CHAR = "\x00"
"""Stands where a key or a number gave no character; no code may hold it, so that the whole is refused."""

LINE_ENDS = ("\r", "\n")
"""By Ctrl+M, Ctrl+J or their numbers; they end a code as ENTER does."""


class KeyFollower:
    """Follows the keys of one keyboard that plays one layout.

    Attributes:
        caps_lock: Whether letters are turned round.
        numbers: How many characters came by their number.
    """

    def __init__(self, layout: Layout) -> None:
        self.caps_lock = False
        self.numbers = 0
        self._layout = layout
        self._letter_keys = layout.letter_keys()
        self._held: set[int] = set()
        self._number = ""

    @property
    def is_combined(self) -> bool:
        """Whether a key is held with which others type something else."""
        return bool(self._held - SHIFTS)

    @property
    def is_amid_number(self) -> bool:
        """Whether some digits of a character's number came."""
        return bool(self._number)

    def feed(self, code: int, value: int) -> str | None:
        """The character that an event types, an empty text where it is none, None for a key unknown here."""
        if code in MODIFIERS:
            return self._hold(code, value)
        if value != KEY_DOWN or code == Key.NUM_LOCK:
            return ""
        if code == Key.CAPS_LOCK:
            self.caps_lock = not self.caps_lock
            return ""
        if self._held & {*CONTROLS, Key.LEFT_ALT, Key.RIGHT_ALT} == {Key.LEFT_ALT}:
            return self._number_key(code)
        if code == Key.F8:
            return GROUP_SEPARATOR
        return self._char(code)

    def release(self) -> None:
        """Forget what is held, because its release may be lost."""
        self._held.clear()
        self._number = ""

    def forget(self) -> None:
        """Forget what is held and locked."""
        self.release()
        self.caps_lock = False

    def _hold(self, code: int, value: int) -> str:
        if value != KEY_UP:
            self._held.add(code)
            return ""
        self._held.discard(code)
        if code != Key.LEFT_ALT or not self._number:
            return ""
        number, self._number = self._number, ""
        self.numbers += 1
        page = "cp1252" if number.startswith("0") else "cp437"
        return bytes([int(number) % 256]).decode(page, errors="replace").replace("\ufffd", NO_CHAR)

    def _number_key(self, code: int) -> str | None:
        digit = _KEYPAD_DIGITS.get(_key(code))
        if digit is None or len(self._number) == _MAX_NUMBER_DIGITS:
            return None
        self._number += digit
        return ""

    def _char(self, code: int) -> str | None:
        key, is_controlled = _key(code), bool(self._held & CONTROLS)
        if Key.RIGHT_ALT in self._held or (is_controlled and Key.LEFT_ALT in self._held):
            level = ALT_GR
        elif is_controlled:
            return self._control_char(key)
        else:
            shifted = bool(self._held & SHIFTS) ^ (self.caps_lock and code in self._letter_keys)
            level = SHIFTED if shifted else PLAIN
        char = self._layout.chars.get((key, level))
        return dead(char) if char is not None and (key, level) in self._layout.dead else char

    def _control_char(self, key: Key) -> str | None:
        """The control character that Ctrl and a key stand for on scanners (Ctrl+B = STX, Ctrl+] = GS)."""
        if key in self._letter_keys:
            return chr(ord(self._layout.chars[key, PLAIN]) & 0x1F)
        return _CONTROL_KEYS.get(key)


def _key(code: int) -> Key:
    try:
        return Key(code)
    except ValueError:
        return Key.NUM_LOCK
