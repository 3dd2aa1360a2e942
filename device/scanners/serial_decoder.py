"""From the bytes of a serial scanner to the text of a code, with no port and no clock: times are given.

As with keys, what is refused is refused as a whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from device.gs1 import without_elements
from device.readings import MAX_CODE_CHARS, MisreadReason, is_printable
from device.scanners.key_decoder import Decoded

_ENDS = b"\r\n"
_MOST_BYTES_A_CHAR = 4


@dataclass(frozen=True)
class SerialRules:
    """How one scanner is set.

    Args:
        silence_s: After so long without a byte, what came is over.
        end: Whether a code ends with CR or LF, or with silence.
        prefix: Removed from the front of a code where it stands there; may hold control characters, as STX.
        suffix: The same at its end, before CR or LF.
    """

    silence_s: float = 0.5
    end: Literal["key", "silence"] = "key"
    prefix: str = ""
    suffix: str = ""


class SerialDecoder:
    """Follows one port's bytes. One thread; call it with times that never go back."""

    def __init__(self, rules: SerialRules) -> None:
        self._rules = rules
        self._came = bytearray()
        self._too_long = False
        self._last_s: float | None = None
        room = MAX_CODE_CHARS + len(rules.prefix) + len(rules.suffix)
        self._most_bytes = room * _MOST_BYTES_A_CHAR

    @property
    def deadline_s(self) -> float | None:
        """When ``expire`` should be called if nothing comes before; None while nothing waits."""
        return None if self._last_s is None else self._last_s + self._rules.silence_s

    def feed(self, data: bytes, at_s: float) -> Iterator[str | MisreadReason]:
        """Every code and refusal that these bytes complete; to be exhausted before the next call."""
        over = self.expire(at_s)
        if over is not None:
            yield over
        for byte in data:
            if byte in _ENDS:
                ended = self._finish()
                if ended is not None:
                    yield ended
                continue
            self._last_s = at_s
            if len(self._came) < self._most_bytes:
                self._came.append(byte)
            else:
                self._too_long = True

    def expire(self, now_s: float) -> Decoded:
        """The outcome of silence: the code where silence ends one, else the refusal of half a code."""
        deadline_s = self.deadline_s
        if deadline_s is None or now_s < deadline_s:
            return None
        if self._rules.end == "silence":
            return self._finish()
        too_long = self._too_long
        self.reset()
        return MisreadReason.TOO_LONG if too_long else MisreadReason.HALF_CODE

    def reset(self) -> bool:
        """Forget all, as after an unplug; whether part of a code was lost by it."""
        lost = bool(self._came)
        self._came.clear()
        self._too_long = False
        self._last_s = None
        return lost

    def _finish(self) -> Decoded:
        came, too_long = bytes(self._came), self._too_long
        self.reset()
        if too_long:
            return MisreadReason.TOO_LONG
        try:
            text = came.decode("utf-8")
        except UnicodeDecodeError:
            return MisreadReason.NOT_UTF8
        text = text.removeprefix(self._rules.prefix).removesuffix(self._rules.suffix)
        if not text:
            return None
        if len(text) > MAX_CODE_CHARS:
            return MisreadReason.TOO_LONG
        text = without_elements(text)
        return text if is_printable(text) else MisreadReason.CONTROL_CHARACTERS
