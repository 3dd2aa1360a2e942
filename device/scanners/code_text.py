"""What is left of a code's characters, or why it is refused: the same for keys and for bytes."""

from device.gs1 import without_elements
from device.readings import MAX_CODE_CHARS, MisreadReason, is_printable

Decoded = str | MisreadReason | None
"""A whole code, why one was refused, or nothing yet."""


def code_of(text: str, prefix: str, suffix: str) -> Decoded:
    """A code without what the scanner adds to it; None where nothing else came."""
    text = text.removeprefix(prefix).removesuffix(suffix)
    if not text:
        return None
    if len(text) > MAX_CODE_CHARS:
        return MisreadReason.TOO_LONG
    text = without_elements(text)
    return text if is_printable(text) else MisreadReason.CONTROL_CHARACTERS
