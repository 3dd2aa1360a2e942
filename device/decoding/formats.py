"""The symbologies by name, which of them a counter reads, and how far one read of each is believed.

What was measured on real photographs decides the three families: two-dimensional codes correct their own
errors and were never misread; Code 128, Code 39, Code 93 and Codabar were misread only by zbar or on
filtered pictures; EAN, UPC and ITF are misread by every decoder now and then, with a valid check digit.
"""

from typing import Final

MATRIX: Final = frozenset({"QRCode", "DataMatrix", "Aztec", "PDF417"})
"""One read is right."""

LETTERED: Final = frozenset({"Code128", "Code39", "Code93", "Codabar"})
"""One read by zxing-cpp of the picture as it is, is right; otherwise two must agree."""

CHECKED: Final = frozenset({"Code128", "Code93"})
"""Those with a checksum that cannot be left out: one read by zxing-cpp of a filtered picture will do too."""

NUMBERED: Final = frozenset({"EAN8", "EAN13", "UPCA", "UPCE", "ITF"})
"""Two stages or two frames must agree, and no other number may have been seen."""

ALL_FORMATS: Final = MATRIX | LETTERED | NUMBERED

COUNTER_FORMATS: Final = frozenset({"QRCode", "Code128", "EAN13", "EAN8", "UPCA"})
"""What a counter reads unless told otherwise: membership codes, and the barcodes on goods and old cards."""

SHORTEST_LETTERED: Final = 3
"""A Code 39 or Codabar of one or two characters is a fence, a loudspeaker or a shirt."""

SHORTEST_PLAIN: Final = 2
"""The same where zxing-cpp read it in the picture as it is."""


def name_number(format_name: str, text: str, enabled: frozenset[str]) -> tuple[str, str]:
    """The one name and text under which a retail number is reported.

    A UPC-A is an EAN-13 that begins with 0, and both decoders report it now as one and now as the other:
    here it is ``UPCA`` with 12 digits where UPC-A is enabled, else ``EAN13`` with 13.
    """
    if format_name == "UPCA" and "UPCA" not in enabled:
        return "EAN13", "0" + text
    if format_name == "EAN13" and len(text) == 13 and text[0] == "0" and "UPCA" in enabled:
        return "UPCA", text[1:]
    return format_name, text
