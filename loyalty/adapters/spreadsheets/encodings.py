"""Which encoding a text file is in: told by its mark, by being valid UTF-8, or by its letters."""

import codecs
from pathlib import Path

from loyalty.ports.sheets import SheetError, SheetFault

_CHUNK_BYTES = 1 << 20
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ASCII = bytes(range(128))
_SINGLE_BYTE = ("cp1252", "mac_roman", "latin-1")
"""In this order where nothing tells them apart."""
_SMALL = frozenset("éèêëàâäáãåçîïíôöóõøûüùúñæœßÿ")
_LARGE = frozenset("ÉÈÊËÀÂÄÁÃÅÇÎÏÍÔÖÓÕØÛÜÙÚÑÆŒ")
"""Met less often: a text full of them is a text in another encoding."""
_SIGNS = frozenset("’‘“”«»€°–—…\u00a0")


def encoding_of(path: Path) -> str:
    """The codec's name, one that takes the file's mark away.

    Raises:
        SheetError: The file is empty, or no text.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    if not start:
        raise SheetError(SheetFault.EMPTY)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if b"\0" in start:
        return _unmarked_utf_16(start)
    high = _high_bytes_unless_utf_8(path)
    return "utf-8" if high is None else _single_byte(high)


def _unmarked_utf_16(start: bytes) -> str:
    """Latin text in UTF-16 has a zero in every other place."""
    pairs = max(len(start) // 2, 1)
    if start[1::2].count(0) > pairs * 0.6 and start[0::2].count(0) == 0:
        return "utf-16-le"
    if start[0::2].count(0) > pairs * 0.6 and start[1::2].count(0) == 0:
        return "utf-16-be"
    raise SheetError(SheetFault.NOT_A_SHEET)


def _high_bytes_unless_utf_8(path: Path) -> bytes | None:
    """The bytes beyond ASCII of a file that is no UTF-8, the first of them; None where it is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    high = bytearray()
    is_utf_8 = True
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            if b"\0" in chunk:
                raise SheetError(SheetFault.NOT_A_SHEET)
            high += chunk.translate(None, _ASCII)[: _CHUNK_BYTES - len(high)]
            if is_utf_8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_utf_8 = False
    if is_utf_8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            is_utf_8 = False
    return None if is_utf_8 else bytes(high)


def _single_byte(high: bytes) -> str:
    scores = {name: _sense(high, name) for name in _SINGLE_BYTE}
    return max(_SINGLE_BYTE, key=lambda name: scores[name])


def _sense(high: bytes, name: str) -> int:
    """How much the bytes look like letters of European names, less how much like nothing anybody types."""
    score = 0
    for char in high.decode(name, errors="replace"):
        if char in _SMALL:
            score += 3
        elif char in _SIGNS:
            score += 2
        elif char in _LARGE:
            score += 1
        elif char == "\ufffd" or "\x80" <= char <= "\x9f":
            score -= 10
        elif not char.isalpha():
            score -= 2
    return score
