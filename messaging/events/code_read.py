"""A scanner or the camera read a code."""

from typing import Literal

from messaging.model import CodeText, Message, example

Symbology = Literal[
    "QRCode", "Code128", "Code39", "Code93", "Codabar", "ITF", "EAN8", "EAN13", "UPCA", "UPCE",
    "DataMatrix", "Aztec", "PDF417", "unknown",
]  # fmt: skip


class CodeRead(Message):
    """What was read, as it was read.

    Whether it is a member, an item or nothing is for the station to say; a signature that the device
    found good is checked again there.
    """

    model_config = example(
        v=1, kind="code_read", text="000123456", symbology="Code128", source="scanner", reader="front"
    )

    kind: Literal["code_read"] = "code_read"
    text: CodeText
    symbology: Symbology
    source: Literal["scanner", "camera"]
    reader: str = ""
    """Name of the reader in the device's configuration."""
