"""zxing-cpp as a reader of grey pictures. Runs in the decoder's process, on its one thread."""

from collections.abc import Iterable
from enum import Flag
from typing import Any, Final

import numpy as np
import zxingcpp

from device.decoding.formats import name_number
from device.decoding.found import Found, text_of_qr

Grey = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
"""Rows by columns, 0 black to 255 white, C-contiguous."""

_BY_NAME: Final = {
    "QRCode": zxingcpp.BarcodeFormat.QRCode,
    "Code128": zxingcpp.BarcodeFormat.Code128,
    "Code39": zxingcpp.BarcodeFormat.Code39,
    "Code93": zxingcpp.BarcodeFormat.Code93,
    "Codabar": zxingcpp.BarcodeFormat.Codabar,
    "ITF": zxingcpp.BarcodeFormat.ITF,
    "EAN8": zxingcpp.BarcodeFormat.EAN8,
    "EAN13": zxingcpp.BarcodeFormat.EAN13,
    "UPCA": zxingcpp.BarcodeFormat.UPCA,
    "UPCE": zxingcpp.BarcodeFormat.UPCE,
    "DataMatrix": zxingcpp.BarcodeFormat.DataMatrix,
    "Aztec": zxingcpp.BarcodeFormat.Aztec,
    "PDF417": zxingcpp.BarcodeFormat.PDF417,
}
_NAMES: Final = {
    "QR Code": "QRCode",
    "Code 128": "Code128",
    "Code 39": "Code39",
    "Code 39 Standard": "Code39",
    "Code 39 Extended": "Code39",
    "Code 93": "Code93",
    "Codabar": "Codabar",
    "ITF": "ITF",
    "ITF-14": "ITF",
    "EAN-8": "EAN8",
    "EAN-13": "EAN13",
    "ISBN": "EAN13",
    "UPC-A": "UPCA",
    "UPC-E": "UPCE",
    "Data Matrix": "DataMatrix",
    "Aztec": "Aztec",
    "Aztec Code": "Aztec",
    "PDF417": "PDF417",
    "Compact PDF417": "PDF417",
    "QR Code Model 2": "QRCode",
    "QR Code Model 1": "QRCode",
}
_ECI_ENCODINGS: Final = {
    1: "iso8859-1", 3: "iso8859-1", 4: "iso8859-2", 5: "iso8859-3", 6: "iso8859-4", 7: "iso8859-5",
    8: "iso8859-6", 9: "iso8859-7", 10: "iso8859-8", 11: "iso8859-9", 15: "iso8859-13", 17: "iso8859-15",
    18: "iso8859-16", 20: "shift_jis", 21: "cp1250", 22: "cp1251", 23: "cp1252", 24: "cp1256",
    25: "utf-16-be", 26: "utf-8", 27: "ascii", 28: "big5", 29: "gb2312", 30: "euc_kr", 32: "gb18030",
}  # fmt: skip
"""Character sets by their ECI number (AIM ECI assignments)."""


_LEAST_UNUSED: Final = 0.05
"""Share of a code's error correction."""


class Try(Flag):
    """What zxing-cpp tries beside the picture as it lies; each costs."""

    NOTHING = 0
    UPENDED = 1
    """Look along the columns too."""
    INVERTED = 2
    """Light on dark, of two-dimensional codes."""
    SHRUNK = 4
    """A smaller copy too."""
    ALL = 7


class ZxingReader:
    """Reads the enabled formats.

    Args:
        formats: Names of ``formats.ALL_FORMATS``.
    """

    def __init__(self, formats: Iterable[str]) -> None:
        self._enabled = frozenset(formats)
        self._formats = zxingcpp.BarcodeFormats([_BY_NAME[name] for name in sorted(self._enabled)])

    def read(
        self, grey: Grey, stage: str, tries: Try = Try.NOTHING, *, is_plain: bool = False
    ) -> list[Found]:
        """What stands in the picture.

        Args:
            grey: The picture.
            stage: The name for what is found.
            tries: What else is tried.
            is_plain: Whether it is the picture as it is.
        """
        found: list[Found] = []
        if not self._enabled:
            return found
        for barcode in self._barcodes(grey, tries, zxingcpp.TextMode.Plain):
            name = _NAMES.get(str(barcode.format))
            if name is None or (name == "PDF417" and _has_no_proof_left(barcode)):
                continue
            if name == "QRCode":
                text = self._qr_text(bytes(barcode.bytes), grey, tries)
            else:
                name, text = self._linear(name, barcode)
            if name in self._enabled and text != "":
                is_gs1 = barcode.content_type == zxingcpp.ContentType.GS1
                found.append(Found(name, text, stage, is_plain, is_gs1))
        return found

    def suspects(self, grey: Grey) -> bool:
        """Whether something in the picture is shaped like an enabled code, readable or not."""
        return bool(zxingcpp.read_barcodes(grey, formats=self._formats, try_rotate=False, try_downscale=True,
                                           try_invert=True, return_errors=True))  # fmt: skip

    def _barcodes(self, grey: Grey, tries: Try, mode: Any) -> list[Any]:
        barcodes: list[Any] = zxingcpp.read_barcodes(
            grey,
            formats=self._formats,
            try_rotate=Try.UPENDED in tries,
            try_downscale=Try.SHRUNK in tries,
            try_invert=Try.INVERTED in tries,
            text_mode=mode,
        )
        return barcodes

    def _linear(self, name: str, barcode: Any) -> tuple[str, str]:
        text = str(barcode.text)
        if name == "UPCE":
            # The library gives the EAN-13 that a UPC-E stands for, and the printed digits beside it.
            return name, str((barcode.extra or {}).get("UPCE", text))
        return name_number(name, text, self._enabled)

    def _qr_text(self, raw: bytes, grey: Grey, tries: Try) -> str | None:
        text = text_of_qr(raw, None)
        if text is not None:
            return text
        for barcode in self._barcodes(grey, tries, zxingcpp.TextMode.HexECI):
            declared = _declared_encoding(bytes.fromhex(str(barcode.text)), raw)
            if declared is not None:
                return text_of_qr(raw, declared)
        return None


def _has_no_proof_left(barcode: Any) -> bool:
    """Whether so much of its error correction was used up that what was read is no better than a guess.

    A PDF417's characters that cannot be made out count half as much as wrong ones. When they take up all of
    the correction, any others will do: such texts were seen, right at the beginning and nonsense after it.
    """
    return float((barcode.extra or {}).get("UEC", 1.0)) < _LEAST_UNUSED


def _declared_encoding(protocol: bytes, raw: bytes) -> str | None:
    """The character set of a symbol that declares one for all of its ``raw`` bytes, in the ECI protocol."""
    head, body = protocol[:10], protocol[10:]
    if head[:2] == b"]Q" and head[3:4] == b"\\" and body == raw and head[4:].isdigit():
        return _ECI_ENCODINGS.get(int(head[4:]))
    return None
