"""Filters that bring out a code for a further try: half size, even contrast, softened, double size."""

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from device.decoding.planes import edged
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
    return np.asarray(_means(grey, 1), dtype=np.uint8)


def double(grey: Grey) -> Grey:
    """Twice as wide and high, and sharpened: for bars near one pixel wide or out of focus."""
    # Beyond the picture as it is, away from a softer one: twice the difference is added.
    sharp = 3 * grey.astype(np.int16)
    sharp -= 2 * _means(grey, 2).astype(np.int16)
    wide = _doubled(sharp.clip(0, 255).astype(np.uint16), 0, 1)
    return np.asarray(_doubled(wide, 1, 0), dtype=np.uint8)


def _means(grey: Grey, reach: int) -> np.ndarray:
    """Over the square that reaches so far round each pixel: Pillow's ``BoxBlur`` in a fifth of its time."""
    return _running_means(_running_means(grey.astype(np.uint16), 0, reach), reach, 0)


def _running_means(plane: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """To the nearest, over so many before and after each, in one of the two directions."""
    high, wide = plane.shape
    outer = edged(plane, rows, columns)
    count = 2 * (rows + columns) + 1
    moved = [
        outer[row : row + high, column : column + wide]
        for row in range(2 * rows + 1)
        for column in range(2 * columns + 1)
    ]
    sums = moved[0] + np.uint16(count // 2)
    for one in moved[1:]:
        sums += one
    return np.floor_divide(sums, count, out=sums)


def _doubled(plane: np.ndarray, rows: int, columns: int) -> np.ndarray:
    """Twice as high or wide, each pixel three parts of the nearest and one of the next."""
    high, wide = plane.shape
    outer = edged(plane, rows, columns)
    thrice = 3 * plane + np.uint16(2)
    out = np.empty((high << rows, wide << columns), dtype=np.uint16)
    out[:: 1 + rows, :: 1 + columns] = (thrice + outer[:high, :wide]) >> 2
    out[rows :: 1 + rows, columns :: 1 + columns] = (thrice + outer[2 * rows :, 2 * columns :]) >> 2
    return out


def _grey(picture: Image.Image) -> Grey:
    return np.ascontiguousarray(np.asarray(picture, dtype=np.uint8))
