"""What one stage of decoding found in one picture."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """A code that one decoder saw once.

    Args:
        format: A name of ``formats.ALL_FORMATS``.
        text: Its text; None where its bytes are no text (a QR code that is not UTF-8).
        stage: The name of the stage that saw it.
        is_plain: Whether zxing-cpp saw it in the picture as it is, not filtered or enlarged.
        is_gs1: Whether the code begins with FNC1, so that its text is GS1 elements (``device.gs1``).
    """

    format: str
    text: str | None
    stage: str
    is_plain: bool = False
    is_gs1: bool = False


def text_of_qr(raw: bytes, declared: str | None) -> str | None:
    """The text of a QR code's bytes, without guessing a character set.

    Strict UTF-8 first. Otherwise only what the code itself says it is: the set that it declares (ECI), or
    Shift JIS where every byte above ASCII is part of a kanji pair, since kanji mode knows no other set.
    None is for bytes that could only be guessed at; a guess makes one customer's name another's.
    """
    for encoding in ("utf-8", declared):
        if encoding is not None:
            try:
                return raw.decode(encoding)
            except (UnicodeDecodeError, LookupError):
                continue
    try:
        text = raw.decode("shift_jis")
    except UnicodeDecodeError:
        return None
    pairs = sum(1 for char in text if len(char.encode("shift_jis")) == 2)
    singles = [char for char in text if ord(char) > 126 and len(char.encode("shift_jis")) == 1]
    return text if pairs >= 2 and not singles else None
