"""An uploaded logo becomes a PNG small enough to travel with the settings."""

import base64
import io
import warnings

from PIL import Image

from checkout.programme.typed import Problem
from messaging.station.look import MAX_LOGO_BASE64

MAX_UPLOAD_BYTES = 2 * 1024 * 1024
_TYPES = ("PNG", "JPEG", "WEBP")
_LEAST_HEIGHT = 48
_MOST_PIXELS = 8_000_000
_SIZES = ((360, 108), (300, 90), (240, 72))
"""Boxes it is fitted into, in pixels: the first in which it is small enough is taken."""

_COLOURS = (128, 64, 24)


def read_logo(data: bytes) -> str | Problem:
    """The picture as the base64 of a PNG, or why it cannot be one."""
    if len(data) > MAX_UPLOAD_BYTES:
        return Problem("logo_too_large")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_TYPES) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    return Problem("logo_too_large")
                if picture.height < _LEAST_HEIGHT or picture.width < _LEAST_HEIGHT:
                    return Problem("logo_too_small", {"pixels": _LEAST_HEIGHT})
                drawn = _trimmed(picture.convert("RGBA"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return Problem("logo_unreadable")
    for box in _SIZES:
        for colours in _COLOURS:
            text = base64.b64encode(_png(drawn, box, colours)).decode("ascii")
            if len(text) <= MAX_LOGO_BASE64:
                return text
    return Problem("logo_too_detailed")


def _trimmed(picture: Image.Image) -> Image.Image:
    """Without its transparent margin."""
    box = picture.getchannel("A").getbbox()
    return picture.crop(box) if box else picture


def _png(picture: Image.Image, box: tuple[int, int], colours: int) -> bytes:
    small = picture.copy()
    small.thumbnail(box, Image.Resampling.LANCZOS)
    file = io.BytesIO()
    small.quantize(colours, method=Image.Quantize.FASTOCTREE).save(file, "PNG", optimize=True)
    return file.getvalue()
