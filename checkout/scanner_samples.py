"""The codes on which a scanner is tried before customers come, on paper and on screens (rows 90, 179)."""

from dataclasses import dataclass
from typing import Literal

from codes.pictures import Modules, Symbol, modules_of
from codes.trade_pictures import ean13_modules, gs1_matrix_modules
from messaging.self_test import LAYOUT_TEST_TEXT

ADDRESS = "https://example.com/c?ref=TEST-0001"
REFERENCE = "TEST-0001"
NUMBER = "2000000000008"
ELEMENTS = "(01)02000000000008(10)LOT7(21)A1"

SampleKey = Literal["layout", "address", "reference", "number", "elements"]


@dataclass(frozen=True)
class ScannerSample:
    """One code: which, what people read below it, and how it is drawn."""

    key: SampleKey
    text: str
    modules: Modules


def scanner_samples() -> tuple[ScannerSample, ...]:
    """All of them, the one that finds the scanner's keyboard first."""
    return (
        ScannerSample("layout", LAYOUT_TEST_TEXT, modules_of(LAYOUT_TEST_TEXT, Symbol.QR)),
        ScannerSample("address", ADDRESS, modules_of(ADDRESS, Symbol.QR)),
        ScannerSample("reference", REFERENCE, modules_of(REFERENCE, Symbol.CODE_128)),
        ScannerSample("number", NUMBER, ean13_modules(NUMBER)),
        ScannerSample("elements", ELEMENTS, gs1_matrix_modules(ELEMENTS)),
    )
