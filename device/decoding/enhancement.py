"""Filters that bring out a code for a further try: half size, even contrast, turned, double size."""

import numpy as np
from PIL import Image, ImageFilter

from device.decoding.zxing import Grey


def half(grey: Grey) -> Grey:
    """Half as wide and high, four pixels averaged into one: sensor noise goes with them."""
    return _grey(Image.fromarray(grey).reduce(2))


def shrink(grey: Grey, longest_px: int) -> Grey:
    """The picture with its longer side at ``longest_px``, averaged; itself where it is not longer."""
    height, width = grey.shape
    scale = longest_px / max(height, width)
    if scale >= 1:
        return grey
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return _grey(Image.fromarray(grey).resize(size, Image.Resampling.BOX, reducing_gap=2.0))


def even_contrast(grey: Grey) -> Grey:
    """Brightness and contrast made the same everywhere: for shadow, glare and dim light."""
    height, width = grey.shape
    small = _grey(Image.fromarray(grey).reduce(2))
    radius = max(4, max(grey.shape) // 48)
    blur = Image.fromarray(small).filter(ImageFilter.BoxBlur(radius))
    detail = np.abs(small.astype(np.int16) - np.asarray(blur, dtype=np.int16)).astype(np.uint8)
    spread = Image.fromarray(detail).filter(ImageFilter.BoxBlur(radius))
    # Averaging four pixels took some of the detail away: hence less gain than 48 / spread would be.
    level = np.asarray(blur.resize((width, height), Image.Resampling.BILINEAR), dtype=np.float32)
    gain = np.asarray(spread.resize((width, height), Image.Resampling.BILINEAR), dtype=np.float32)
    even = (grey - level) * (42.0 / np.maximum(gain, 5.0)) + 128.0
    return np.ascontiguousarray(np.clip(even, 0, 255).astype(np.uint8))


def double(grey: Grey) -> Grey:
    """Twice as wide and high, and sharpened: for bars near one pixel wide or out of focus."""
    height, width = grey.shape
    sharp = Image.fromarray(grey).filter(ImageFilter.UnsharpMask(radius=2, percent=200, threshold=0))
    return _grey(sharp.resize((2 * width, 2 * height), Image.Resampling.BILINEAR))


def turned(grey: Grey, degrees: float) -> Grey:
    """Turned: decoders scan along rows and columns, and a bar code that lies across crosses none of them."""
    return _grey(Image.fromarray(grey).rotate(degrees, Image.Resampling.BILINEAR, expand=True, fillcolor=128))


def _grey(picture: Image.Image) -> Grey:
    return np.ascontiguousarray(np.asarray(picture, dtype=np.uint8))
