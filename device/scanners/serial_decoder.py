"""From the bytes of a serial scanner to the text of a code, with no port and no clock: times are given.

As with keys, what is refused is refused as a whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from device.readings import MAX_CODE_CHARS, MisreadReason
from device.scanners.code_text import Decoded, code_of
from device.scanners.quiet import Quiet

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
        self._refused: MisreadReason | None = None
        self._quiet = Quiet(rules.silence_s)
        room = MAX_CODE_CHARS + len(rules.prefix) + len(rules.suffix)
        self._most_bytes = room * _MOST_BYTES_A_CHAR

    @property
    def deadline_s(self) -> float | None:
        """When ``expire`` should be called if nothing comes before; None while nothing waits."""
        return self._quiet.deadline_s

    def feed(self, data: bytes, at_s: float) -> Iterator[str | MisreadReason]:
        """Every code and refusal that these bytes complete; to be exhausted before the next call.

        When they were read says nothing of a silence before them: they may have waited. Only ``expire`` does.
        """
        if self._rules.end == "silence" and self._quiet.is_over(at_s):
            self._refused = MisreadReason.HALF_CODE  # two codes or one: nobody listened meanwhile
        for byte in data:
            if byte in _ENDS:
                ended = self._finish()
                if ended is not None:
                    yield ended
            else:
                self._take(byte, at_s)

    def expire(self, now_s: float) -> Decoded:
        """The outcome of silence: the code where silence ends one, else the refusal of half a code.

        To be called when nothing waits to be read. What comes after half a code is its tail, refused unheard
        up to the next end or a longer quiet.
        """
        if not self._quiet.is_over(now_s):
            return None
        if self._rules.end == "silence":
            return self._finish()
        refused = None if self._quiet.in_tail else self._refused or MisreadReason.HALF_CODE
        self._drop()
        self._quiet.expect_tail(now_s)
        return refused

    def reset(self) -> bool:
        """Forget all, as after an unplug; whether part of a code was lost by it."""
        lost = bool(self._came)
        self._drop()
        self._quiet.forget()
        return lost

    def _drop(self) -> None:
        self._came.clear()
        self._refused = None

    def _take(self, byte: int, at_s: float) -> None:
        self._quiet.heard(at_s)
        if self._quiet.in_tail:
            return
        if len(self._came) < self._most_bytes:
            self._came.append(byte)
        else:
            self._refused = MisreadReason.TOO_LONG

    def _finish(self) -> Decoded:
        came, refused = bytes(self._came), self._refused
        self.reset()
        if refused is not None:
            return refused
        try:
            text = came.decode("utf-8")
        except UnicodeDecodeError:
            return MisreadReason.NOT_UTF8
        return code_of(text, self._rules.prefix, self._rules.suffix)
