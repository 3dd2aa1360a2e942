"""From key events to the text of a code, with no device and no clock: times are given.

What is refused is refused as a whole. A piece of a code is never passed on and never glued to the next,
because a shortened number may be somebody else's.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from device.readings import MAX_CODE_CHARS, MisreadReason
from device.scanners.code_text import Decoded, code_of
from device.scanners.dead_keys import add, text_of
from device.scanners.key_follower import LINE_ENDS, NO_CHAR, KeyFollower
from device.scanners.keys import END_KEYS, KEY_DOWN
from device.scanners.layout_check import played_layout
from device.scanners.layouts import Layout
from device.scanners.quiet import Quiet

HELD_S = 3.0
"""What is held after so long without any event is let go: its release was lost."""


@dataclass(frozen=True)
class KeyRules:
    """How one scanner is set.

    Args:
        layout: The keyboard it plays.
        silence_s: After so long without a key, what was typed is over.
        end: Whether a code ends with a key (ENTER, TAB), or with silence on scanners that send none.
        prefix: Removed from the front of a code where it stands there; may hold control characters.
        suffix: The same at its end, before the ending key.
    """

    layout: Layout
    silence_s: float = 0.5
    end: Literal["key", "silence"] = "key"
    prefix: str = ""
    suffix: str = ""


class KeyDecoder:
    """Follows one keyboard's keys. One thread; call ``feed`` with times that never go back."""

    def __init__(self, rules: KeyRules) -> None:
        self.ignored: Counter[str] = Counter()
        self._rules = rules
        self._keys = KeyFollower(rules.layout)
        self._typed: list[str] = []
        self._spoiled: MisreadReason | None = None
        self._quiet = Quiet(rules.silence_s)
        self._event_s: float | None = None

    @property
    def deadline_s(self) -> float | None:
        """When ``expire`` should be called if no key comes before; None while nothing is typed."""
        return self._quiet.deadline_s

    def feed(self, code: int, value: int, at_s: float) -> Decoded:
        """One key event (position, ``KEY_UP``/``KEY_DOWN``/``KEY_REPEAT``, monotonic seconds)."""
        over = self.expire(at_s)
        if self._event_s is not None and at_s > self._event_s + HELD_S:
            self._keys.release()
        self._event_s = at_s
        is_end = value == KEY_DOWN and code in END_KEYS
        char = "" if is_end else self._keys.feed(code, value)
        if is_end or char in LINE_ENDS:
            ended = self._finish()
            # After a silence nothing but this key stands in the buffer: it cannot end a second code.
            return over if over is not None else ended
        self._take(char, at_s)
        return over

    def expire(self, now_s: float) -> Decoded:
        """The outcome of silence: the code where silence ends one, else the refusal of half a code.

        What comes after half a code is its tail, refused unheard up to the next ending key or a longer quiet.
        """
        if not self._quiet.is_over(now_s):
            return None
        if self._rules.end == "silence":
            ended = self._finish()
            self._keys.release()
            return ended
        refused = None if self._quiet.in_tail else self._spoiled or MisreadReason.HALF_CODE
        self._keys.forget()
        self._drop()
        self._quiet.expect_tail(now_s)
        return refused

    def lose(self, at_s: float) -> None:
        """The kernel dropped events (SYN_DROPPED): refuse everything up to the next ending key or silence.

        What follows may be the tail of a code whose head is gone, and what is held or locked is unknown.
        """
        self._keys.forget()
        self._clear()
        self._spoiled = MisreadReason.EVENTS_LOST
        self._quiet.heard(at_s)

    def reset(self) -> bool:
        """Forget all keys, as after an unplug; whether part of a code was lost by it."""
        lost = bool(self._typed) or self._spoiled is not None
        self._keys.forget()
        self._clear()
        return lost

    def _take(self, char: str | None, at_s: float) -> None:
        if char is None:
            if not self._typed and self._spoiled is None and not self._keys.is_combined:
                self.ignored["unknown_key"] += 1
                return
            char = NO_CHAR
        if char or self._keys.is_amid_number:
            self._quiet.heard(at_s)
        if not char or self._quiet.in_tail or self._spoiled is not None:
            return
        add(self._typed, char)
        if len(self._typed) > MAX_CODE_CHARS + len(self._rules.prefix) + len(self._rules.suffix):
            self._typed.clear()
            self._spoiled = MisreadReason.TOO_LONG

    def _finish(self) -> Decoded:
        spoiled, in_tail, text = self._spoiled, self._quiet.in_tail, text_of(self._typed)
        if self._keys.is_amid_number:
            text += NO_CHAR
            self._keys.release()
        self._clear()
        if in_tail or spoiled is MisreadReason.EVENTS_LOST:
            self._keys.forget()
        if in_tail or spoiled is not None:
            return spoiled
        code = code_of(text.replace(NO_CHAR, ""), self._rules.prefix, self._rules.suffix)
        if NO_CHAR not in text:
            return code
        # A test code may lack characters: a wrong layout has none for some keys, and staff are to be told.
        is_test = isinstance(code, str) and played_layout(code, self._rules.layout.name) is not None
        return code if is_test else MisreadReason.CONTROL_CHARACTERS

    def _clear(self) -> None:
        self._drop()
        self._quiet.forget()

    def _drop(self) -> None:
        self._typed.clear()
        self._spoiled = None
