"""Which kinds of picture files are opened, and what is said of the others.

Only kinds that decode pixels: Pillow also knows some that run other programs (EPS) or fetch from elsewhere.
"""

from typing import Final

from PIL import Image

_WANTED: Final = frozenset(
    {"AVIF", "BMP", "DIB", "GIF", "ICO", "JPEG", "JPEG2000", "PNG", "PPM", "TGA", "TIFF", "WEBP"}
)
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})

HEAD_BYTES: Final = 512
"""So much of a file tells its kind."""


def opened_kinds() -> list[str]:
    """Names of Pillow's, as far as this build of it knows them."""
    Image.init()
    return sorted(_WANTED & Image.OPEN.keys())


def why_not_opened(head: bytes) -> str:
    """What to say of a file that is no picture of these kinds, by its first bytes."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:HEAD_BYTES].lower()
    if not head:
        return "the file is empty"
    if head[4:8] == b"ftyp" and head[8:12].lower() in _HEIC_BRANDS:
        return "a HEIC picture, which is not read here: save it as JPEG"
    if head[4:8] == b"ftyp" and head[8:11] == b"avi":
        return "an AVIF picture, which is not read here: save it as JPEG"
    if start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start):
        return "an SVG drawing has no pixels: save it as PNG"
    if start.startswith(b"%pdf"):
        return "a PDF is no picture: save the page as PNG"
    if start.startswith(b"%!ps"):
        return "PostScript is no picture: save it as PNG"
    return "no picture of a kind that is known"
