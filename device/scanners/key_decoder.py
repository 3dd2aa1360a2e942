"""From key events to the text of a code, with no device and no clock: times are given.

What is refused is refused as a whole. A piece of a code is never passed on and never glued to the next,
because a shortened number may be somebody else's.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Literal

from device.gs1 import without_elements
from device.readings import MAX_CODE_CHARS, MisreadReason, is_printable
from device.scanners.key_follower import KeyFollower
from device.scanners.keys import END_KEYS, KEY_DOWN
from device.scanners.layouts import Layout

Decoded = str | MisreadReason | None
"""A whole code, why one was refused, or nothing yet."""


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
        self._last_s: float | None = None

    @property
    def deadline_s(self) -> float | None:
        """When ``expire`` should be called if no key comes before; None while nothing is typed."""
        return None if self._last_s is None else self._last_s + self._rules.silence_s

    def feed(self, code: int, value: int, at_s: float) -> Decoded:
        """One key event (position, ``KEY_UP``/``KEY_DOWN``/``KEY_REPEAT``, monotonic seconds)."""
        over = self.expire(at_s)
        if value == KEY_DOWN and code in END_KEYS:
            ended = self._finish()
            # After a silence nothing but this key stands in the buffer: it cannot end a second code.
            return over if over is not None else ended
        self._take(self._keys.feed(code, value), at_s)
        return over

    def expire(self, now_s: float) -> Decoded:
        """The outcome of silence: the code where silence ends one, else the refusal of half a code."""
        deadline_s = self.deadline_s
        if deadline_s is None or now_s < deadline_s:
            return None
        self._keys.release()
        if self._rules.end == "silence":
            return self._finish()
        spoiled = self._spoiled
        anything = bool(self._typed)
        self._clear()
        return spoiled or (MisreadReason.HALF_CODE if anything else None)

    def lose(self, at_s: float) -> None:
        """The kernel dropped events (SYN_DROPPED): refuse everything up to the next ending key or silence.

        What follows may be the tail of a code whose head is gone, and which keys are held is unknown.
        """
        self._keys.release()
        self._typed.clear()
        self._spoiled = MisreadReason.EVENTS_LOST
        self._last_s = at_s

    def reset(self) -> bool:
        """Forget all keys, as after an unplug; whether part of a code was lost by it."""
        lost = bool(self._typed) or self._spoiled is not None
        self._keys.release()
        self._keys.caps_lock = False
        self._clear()
        return lost

    def _take(self, char: str | None, at_s: float) -> None:
        if char is None:
            self.ignored["unknown_key"] += 1
        if not char:
            return
        self._last_s = at_s
        if self._spoiled is None:
            self._typed.append(char)
            if len(self._typed) > self._longest():
                self._typed.clear()
                self._spoiled = MisreadReason.TOO_LONG

    def _longest(self) -> int:
        return MAX_CODE_CHARS + len(self._rules.prefix) + len(self._rules.suffix)

    def _finish(self) -> Decoded:
        spoiled, text = self._spoiled, "".join(self._typed)
        self._clear()
        if spoiled is not None:
            return spoiled
        text = text.removeprefix(self._rules.prefix).removesuffix(self._rules.suffix)
        if not text:
            return None
        if len(text) > MAX_CODE_CHARS:
            return MisreadReason.TOO_LONG
        text = without_elements(text)
        return text if is_printable(text) else MisreadReason.CONTROL_CHARACTERS

    def _clear(self) -> None:
        self._typed.clear()
        self._spoiled = None
        self._last_s = None
