"""Filters that bring out a code for a further try: half size, even contrast, softened, double size."""

import numpy as np
from PIL import Image, ImageChops, ImageFilter

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
    small = Image.fromarray(grey).reduce(2)
    radius = max(4, max(grey.shape) // 48)
    blur = small.filter(ImageFilter.BoxBlur(radius))
    spread = ImageChops.difference(small, blur).filter(ImageFilter.BoxBlur(radius))
    # Averaging four pixels took some of the detail away: hence less gain than 48 / spread would be.
    gain = np.float32(42.0) / np.maximum(np.asarray(spread, dtype=np.float32), np.float32(5.0))
    level = np.asarray(blur.resize((width, height), Image.Resampling.BILINEAR))
    wide_gain = np.asarray(Image.fromarray(gain).resize((width, height), Image.Resampling.BILINEAR))
    even = np.subtract(grey, level, dtype=np.float32)
    even *= wide_gain
    even += np.float32(128.0)
    return np.asarray(np.clip(even, 0, 255), dtype=np.uint8)


def soft(grey: Grey) -> Grey:
    """Each pixel the mean of the nine round it: against the noise of dim light, and moiré."""
    return _grey(Image.fromarray(grey).filter(ImageFilter.BoxBlur(1)))


def double(grey: Grey) -> Grey:
    """Twice as wide and high, and sharpened: for bars near one pixel wide or out of focus."""
    height, width = grey.shape
    picture = Image.fromarray(grey)
    # Beyond the picture as it is, away from a softer one: twice the difference is added.
    sharp = Image.blend(picture.filter(ImageFilter.BoxBlur(2)), picture, 3.0)
    return _grey(sharp.resize((2 * width, 2 * height), Image.Resampling.BILINEAR))


def _grey(picture: Image.Image) -> Grey:
    return np.ascontiguousarray(np.asarray(picture, dtype=np.uint8))
