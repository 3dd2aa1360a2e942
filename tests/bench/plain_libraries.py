"""pyzbar and zxing-cpp by themselves, as a program uses them that does nothing else."""

import zxingcpp
from pyzbar import pyzbar

from tests.bench.photographs.album import Grey

_ZXING_NAMES = {
    "QR Code": "QRCode", "Code 128": "Code128", "Code 39": "Code39", "Code 93": "Code93", "EAN-8": "EAN8",
    "EAN-13": "EAN13", "UPC-A": "UPCA", "UPC-E": "UPCE", "Data Matrix": "DataMatrix",
}  # fmt: skip

Reads = set[tuple[str, str]]
"""Formats and texts."""


def zxing(grey: Grey) -> Reads:
    """zxing-cpp with all its tries, its default."""
    reads = set()
    for barcode in zxingcpp.read_barcodes(grey):
        name = _ZXING_NAMES.get(str(barcode.format), str(barcode.format))
        printed = (barcode.extra or {}).get("UPCE", barcode.text) if name == "UPCE" else barcode.text
        reads.add((name, str(printed)))
    return reads


def zbar(grey: Grey) -> Reads:
    """pyzbar's ``decode``."""
    return {(found.type, found.data.decode("utf-8", "replace")) for found in pyzbar.decode(grey)}
