"""How long a text message is: GSM 7-bit alphabet or UCS-2, and how many parts are paid for.

Source: 3GPP TS 23.038 (alphabet), TS 23.040 §9.2.3.24.1 (parts).
"""

from dataclasses import dataclass
from enum import StrEnum

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
_SAME_TO_READ = str.maketrans(
    {
        "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "…": "...",
        "\u00a0": " ", "\u202f": " ", "\u2009": " ", "œ": "oe", "Œ": "OE", "•": "-",
    }
)  # fmt: skip


class SmsAlphabet(StrEnum):
    """How the characters travel."""

    GSM_7 = "gsm_7"
    UCS_2 = "ucs_2"


@dataclass(frozen=True, slots=True)
class SmsLength:
    """``units`` are septets or, in UCS-2, 16-bit units; ``segments`` are the parts that are paid for."""

    alphabet: SmsAlphabet
    units: int
    segments: int


def sms_length(text: str) -> SmsLength:
    """Length of the text as a phone network counts it.

    One character outside the GSM alphabet, such as ``ê`` or ``’``, puts the whole text into UCS-2: 70
    units instead of 160. A character of two units is never cut by the end of a part.
    """
    if all(char in _BASIC or char in _EXTENDED for char in text):
        sizes = [2 if char in _EXTENDED else 1 for char in text]
        return SmsLength(SmsAlphabet.GSM_7, sum(sizes), _segments(sizes, single=160, part=153))
    sizes = [2 if ord(char) > 0xFFFF else 1 for char in text]
    return SmsLength(SmsAlphabet.UCS_2, sum(sizes), _segments(sizes, single=70, part=67))


def plain_typography(text: str) -> str:
    """The text with typographic quotes, dashes and spaces as a phone's keys write them; accents stay.

    Nothing is lost to the reader, and most French and English texts then fit the GSM alphabet.
    """
    return text.translate(_SAME_TO_READ)


def _segments(sizes: list[int], *, single: int, part: int) -> int:
    if sum(sizes) <= single:
        return 1
    segments, room = 1, part
    for size in sizes:
        if size > room:
            segments, room = segments + 1, part
        room -= size
    return segments
