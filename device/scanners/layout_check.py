"""Which keyboard a scanner plays, from how a known text arrives (row 179)."""

from functools import cache

from device.scanners.layouts import LAYOUTS
from device.scanners.scan_profile import transcribe
from device.scanners.typist import keystrokes
from messaging.self_test import LAYOUT_TEST_TEXT, SELF_TEST_TEXT


def played_layout(read: str, configured: str) -> str | None:
    """The layout whose scanner gives this text for a test code; None where none does.

    The short code is typed alike in ``us`` and ``uk``; the configured one of them is told then, else ``us``.

    Args:
        read: What arrived.
        configured: Name of the layout by which the keys were read.
    """
    for name in (configured, *LAYOUTS):
        if read in (_arrives_as(name, configured, text) for text in (SELF_TEST_TEXT, LAYOUT_TEST_TEXT)):
            return name
    return None


@cache
def _arrives_as(played: str, configured: str, text: str) -> str:
    return transcribe(keystrokes(text, LAYOUTS[played], end=None), LAYOUTS[configured]).text
