"""Codes of the trade as modules: EAN-13, and GS1 elements as DataMatrix."""

import numpy as np
import zxingcpp

from codes.errors import CodeNotDrawnError
from codes.pictures import Modules


def ean13_modules(number: str) -> Modules:
    """One row; ``number`` has 13 digits.

    Raises:
        CodeNotDrawnError: It is no EAN-13, or its check digit is wrong.
    """
    return _modules(number, zxingcpp.BarcodeFormat.EAN13, is_gs1=False)[:1]


def gs1_matrix_modules(elements: str) -> Modules:
    """A GS1 DataMatrix of elements written as ``(01)02000000000008(10)LOT7``.

    Raises:
        CodeNotDrawnError: They are no GS1 elements.
    """
    return _modules(elements, zxingcpp.BarcodeFormat.DataMatrix, is_gs1=True)


def _modules(text: str, kind: zxingcpp.BarcodeFormat, *, is_gs1: bool) -> Modules:
    try:
        drawn = zxingcpp.create_barcode(text, kind, **({"gs1": True} if is_gs1 else {}))
    except (ValueError, RuntimeError) as error:
        raise CodeNotDrawnError(f"this text cannot be drawn as {kind.name}", length=len(text)) from error
    modules: Modules = np.asarray(drawn.to_image(scale=1, add_hrt=False, add_quiet_zones=False)) == 0
    return modules
