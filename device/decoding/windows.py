"""Where in a picture a two-dimensional code most likely is: round what changes most in all directions.

A code hard to read is mostly a small one, so that a window holds it whole. A look at one costs a fifth of a
look at the picture, and finds more: what is black and what white is then decided for the code alone.
"""

from collections.abc import Iterator

import numpy as np

from device.decoding.texture import BLOCK_PX, Texture

_MOST_BLOCKS = 9
"""Width of the square over which change is summed: 108 pixels."""

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in pixels."""


def likely_windows(texture: Texture, shape: tuple[int, ...], side_px: int, most: int) -> Iterator[Box]:
    """At most so many windows, the likeliest first.

    Args:
        texture: Of the picture.
        shape: Its height and width.
        side_px: Of a window; less where the picture is smaller.
        most: How many.
    """
    height, width = shape
    sums = _summed(np.sqrt(texture.energy) * (1 - texture.coherence**2))
    for _ in range(most):
        row, column = np.unravel_index(int(sums.argmax()), sums.shape)
        if sums[row, column] <= 0:
            return
        left, top = _begin(int(column), side_px, width), _begin(int(row), side_px, height)
        yield left, top, min(width, left + side_px), min(height, top + side_px)
        near = side_px // (2 * BLOCK_PX)
        sums[max(0, row - near) : row + near + 1, max(0, column - near) : column + near + 1] = 0


def _begin(block: int, side_px: int, length: int) -> int:
    """Where a window with a block in its middle begins, inside the picture where it can be."""
    return min(max(0, block * BLOCK_PX + BLOCK_PX // 2 - side_px // 2), max(0, length - side_px))


def _summed(plane: np.ndarray) -> np.ndarray:
    """Over the square round each block."""
    side = min(_MOST_BLOCKS, (min(plane.shape) - 1) // 2 * 2 + 1)
    high, wide = plane.shape
    total = np.zeros((high + side, wide + side), dtype=plane.dtype)
    total[1 + side // 2 : 1 + side // 2 + high, 1 + side // 2 : 1 + side // 2 + wide] = plane
    total = total.cumsum(axis=0).cumsum(axis=1)
    return np.asarray(
        total[side:, side:] - total[:-side, side:] - total[side:, :-side] + total[:-side, :-side]
    )
