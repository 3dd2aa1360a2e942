"""The AIM identifier that a scanner may put before a code: ``]`` with a letter and a sign (ISO/IEC 15424).

No card, reference or address begins with ``]``, so that one is known without a setting.
"""

import re

_IDENTIFIER = re.compile(r"\][A-Za-z][0-9A-Za-z]")

_SYMBOLOGIES = {
    "A": "Code39",
    "C": "Code128",
    "E": "EAN13",
    "F": "Codabar",
    "G": "Code93",
    "I": "ITF",
    "L": "PDF417",
    "Q": "QRCode",
    "d": "DataMatrix",
    "z": "Aztec",
}
"""By names of ``device.decoding.formats``; those that it has no name for are told as unknown."""


def split_identifier(text: str) -> tuple[str, str | None, str]:
    """Identifier (empty where there is none), the symbology that it names, and the code itself."""
    found = _IDENTIFIER.match(text)
    if found is None:
        return "", None, text
    identifier = found[0]
    symbology = "EAN8" if identifier == "]E4" else _SYMBOLOGIES.get(identifier[1])
    return identifier, symbology, text[len(identifier) :]
