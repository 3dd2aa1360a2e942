"""What a reader gives: the port of every scanner and of the camera."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol


@dataclass(frozen=True)
class Reading:
    """One code, as it was read.

    Args:
        text: Printable, 1 to 512 characters.
        symbology: A name of ``device.decoding.formats``; None where the reader does not tell.
        source: What kind of reader it was.
        reader: The reader's name in the configuration.
        monotonic_s: When its last key or frame came, on the clock of this boot.
    """

    text: str
    symbology: str | None
    source: Literal["scanner", "camera"]
    reader: str
    monotonic_s: float


class MisreadReason(StrEnum):
    """Why something that looked like a code was refused."""

    HALF_CODE = "half_code"
    TOO_LONG = "too_long"
    CONTROL_CHARACTERS = "control_characters"
    EVENTS_LOST = "events_lost"
    UNPLUGGED = "unplugged"
    NOT_UTF8 = "not_utf8"


@dataclass(frozen=True)
class Misread:
    """A code that was refused as a whole: it is never passed on in part."""

    reason: MisreadReason
    source: Literal["scanner", "camera"]
    reader: str
    monotonic_s: float


Deliver = Callable[[Reading | Misread], None]
"""Takes what a reader gave, on the reader's thread; returns soon."""


class Scanner(Protocol):
    """Reads codes on a thread of its own until it is stopped; finds its device again by itself.

    States and counters go to the health board under the reader's name.
    """

    @property
    def reader(self) -> str:
        """Its name in the configuration."""

    def start(self, deliver: Deliver) -> None:
        """Begin to read. Called once; returns at once, also where the device is absent."""

    def stop(self) -> None:
        """End the thread and let the device go.

        Raises:
            LifecycleError: The thread did not end in time.
        """


MAX_CODE_CHARS = 512


def is_printable(text: str) -> bool:
    """Whether no control, surrogate or reading-direction character stands in the text (row 209)."""
    return not any(
        ord(char) < 32 or 127 <= ord(char) < 160 or char in _BIDI or 0xD800 <= ord(char) <= 0xDFFF
        for char in text
    )


_BIDI = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
