"""Codes as pictures: QR for any text, Code 128 for short ones, as modules, SVG and PNG.

Drawn here and not in ``codes/__init__``, so that a device that only reads codes loads no drawing library.
"""

import io
from collections.abc import Sequence
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import zxingcpp
from PIL import Image

from codes.errors import CodeNotDrawnError

MAX_BAR_CHARS = 32
"""A Code 128 of more is wider than a card and than what a hand scanner takes in."""
_MAX_QR_CHARS = 500
_BAR_HEIGHT = 40
_TEXT_HEIGHT = 14
_QUIET_BARS, _QUIET_QR = 10, 4

Modules = npt.NDArray[np.bool_]
"""Rows of modules, dark ones true; a Code 128 is one row."""


class Symbol(StrEnum):
    """How a text is drawn."""

    QR = "qr"
    CODE_128 = "code128"


def can_draw(text: str, symbol: Symbol) -> bool:
    """Whether scanners of a counter read the text in this form."""
    if symbol is Symbol.QR:
        return 0 < len(text) <= _MAX_QR_CHARS
    return 0 < len(text) <= MAX_BAR_CHARS and text.isascii() and text.isprintable()


def modules_of(text: str, symbol: Symbol) -> Modules:
    """The code without its quiet zone.

    Raises:
        CodeNotDrawnError: The text is empty, too long, or for Code 128 not printable ASCII.
    """
    if not can_draw(text, symbol):
        raise CodeNotDrawnError(f"this text cannot be drawn as {symbol.value}", length=len(text))
    if symbol is Symbol.QR:
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    else:
        code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.Code128)
    modules: Modules = np.asarray(code.to_image(scale=1, add_hrt=False, add_quiet_zones=False)) == 0
    return modules if symbol is Symbol.QR else modules[:1]


def svg(text: str, symbol: Symbol) -> str:
    """The code as an SVG document with its quiet zone; Code 128 with the text below.

    Raises:
        CodeNotDrawnError: As :func:`modules_of`.
    """
    return '<?xml version="1.0" encoding="utf-8"?>\n' + drawn(modules_of(text, symbol), text)


def drawn(modules: Modules, text: str = "") -> str:
    """Modules as an ``svg`` element with their quiet zone; bars with ``text`` below."""
    is_qr = modules.shape[0] > 1
    quiet, row_height = (_QUIET_QR, 1) if is_qr else (_QUIET_BARS, _BAR_HEIGHT)
    width = modules.shape[1] + 2 * quiet
    height = modules.shape[0] + 2 * quiet if is_qr else _BAR_HEIGHT + (_TEXT_HEIGHT if text else 4)
    top = quiet if is_qr else 2
    path = "".join(
        f"M{quiet + start} {top + row}h{length}v{row_height}h-{length}z"
        for row, line in enumerate(modules)
        for start, length in runs(line)
    )
    label = "" if is_qr or not text else _label(text, width)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{width}v{height}H0z"/><path d="{path}"/>{label}</svg>\n'
    )


def png(text: str, symbol: Symbol, scale: int = 8) -> bytes:
    """The code as a PNG, ``scale`` pixels a module, with its quiet zone.

    Raises:
        CodeNotDrawnError: As :func:`modules_of`.
    """
    modules = modules_of(text, symbol)
    if symbol is Symbol.QR:
        whole = np.pad(modules, _QUIET_QR)
    else:
        whole = np.repeat(np.pad(modules, ((0, 0), (_QUIET_BARS, _QUIET_BARS))), _BAR_HEIGHT, axis=0)
    large = np.repeat(np.repeat(whole, scale, axis=0), scale, axis=1)
    out = io.BytesIO()
    Image.fromarray(~large).save(out, "PNG")
    return out.getvalue()


def runs(line: Sequence[bool] | Modules) -> list[tuple[int, int]]:
    """Start and length of each stretch of dark modules in one row."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], np.asarray(line, dtype=bool), [False]))))
    return [(int(start), int(end - start)) for start, end in edges.reshape(-1, 2)]


def _label(text: str, width: int) -> str:
    shown = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return (
        f'<text x="{width / 2:g}" y="{_BAR_HEIGHT + 11}" text-anchor="middle" '
        f'font-family="monospace" font-size="9">{shown}</text>'
    )
