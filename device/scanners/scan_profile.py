"""What a scanner's setting is, from the keys that it types for a known code (row 179)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from device.scanners.aim import split_identifier
from device.scanners.dead_keys import add, text_of
from device.scanners.key_follower import LINE_ENDS, KeyFollower
from device.scanners.keys import END_KEYS, KEY_DOWN
from device.scanners.layouts import LAYOUTS, Layout
from messaging.self_test import LAYOUT_TEST_TEXT, SELF_TEST_TEXT

END_MARK = "\ue000"
"""Stands in a transcript for an ending key; no code can hold it."""

_IDENTIFIER_CHARS = 3


@dataclass(frozen=True)
class Transcript:
    """What keys say under one layout.

    Args:
        text: With control characters, and ``END_MARK`` for each ending key.
        unknown: Positions of pressed keys that type nothing in this layout, as F9.
        by_number: Whether characters came by their number (Alt and keypad).
    """

    text: str
    unknown: tuple[int, ...]
    by_number: bool


@dataclass(frozen=True)
class ScanProfile:
    """How a scanner is set.

    Args:
        layouts: The keyboard that it plays; several where the code tells no difference between them.
        end: Whether a key ends its codes.
        prefix: What it types before a code and its identifier.
        suffix: What it types between a code and the ending key.
        identifier: The AIM identifier that it puts before a code; empty where it puts none.
        turned_case: Whether it turns small and capital letters round, as with CapsLock on.
        by_number: Whether it types characters by their number, so that any layout will do.
    """

    layouts: tuple[str, ...]
    end: Literal["key", "silence"]
    prefix: str
    suffix: str
    identifier: str
    turned_case: bool
    by_number: bool


def transcribe(events: Sequence[tuple[int, int]], layout: Layout, caps_lock: bool = False) -> Transcript:
    """The keys read as a scanner with this layout types them."""
    follower = KeyFollower(layout)
    follower.caps_lock = caps_lock
    typed: list[str] = []
    unknown: list[int] = []
    for code, value in events:
        is_end = value == KEY_DOWN and code in END_KEYS
        char = "" if code in END_KEYS else follower.feed(code, value)
        if is_end or char in LINE_ENDS:
            add(typed, END_MARK)
        elif char:
            add(typed, char)
        elif char is None:
            unknown.append(code)
    return Transcript(text_of(typed), tuple(unknown), by_number=follower.numbers > 0)


def learn_profile(events: Sequence[tuple[int, int]]) -> ScanProfile | None:
    """The setting of a scanner that read a test code; None where no known one types it so."""
    for turned_case in (False, True):
        for known in (LAYOUT_TEST_TEXT, SELF_TEST_TEXT):
            read = {name: transcribe(events, layout, turned_case) for name, layout in LAYOUTS.items()}
            fitting = tuple(name for name, transcript in read.items() if known in transcript.text)
            if fitting:
                first = read[fitting[0]]
                before, _, after = first.text.partition(known)
                return _profile(fitting, before, after, turned_case=turned_case, by_number=first.by_number)
    return None


def _profile(
    fitting: tuple[str, ...], before: str, after: str, *, turned_case: bool, by_number: bool
) -> ScanProfile:
    before = before.rpartition(END_MARK)[2]  # an ENTER in front ends an empty code, which is nobody's
    identifier = split_identifier(before[-_IDENTIFIER_CHARS:])[0]
    suffix, ended, _ = after.partition(END_MARK)
    return ScanProfile(
        fitting,
        end="key" if ended else "silence",
        prefix=before.removesuffix(identifier),
        suffix=suffix,
        identifier=identifier,
        turned_case=turned_case,
        by_number=by_number,
    )
