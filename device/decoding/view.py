"""One picture and what the stages share of it: smaller copies, its texture, its strips of bars."""

from functools import cached_property

from device.decoding.bar_strips import Strip, cut_strips
from device.decoding.enhancement import even_contrast, half, shrink
from device.decoding.texture import Texture, texture_of
from device.decoding.windows import likely_windows
from device.decoding.zxing import Grey

_BARS_PX = 1280
"""Longer side of the picture in which bars are sought."""

_MOST_STRIPS = 4
_MOST_COARSE_STRIPS = 2


class View:
    """A picture; everything else of it is made when it is first asked for."""

    def __init__(self, grey: Grey) -> None:
        self.grey = grey
        self.read_in_strips: list[str | None] = []
        """The format of what a library read in each of the strips, once one looked."""

    @cached_property
    def half(self) -> Grey:
        """The picture half as wide and high."""
        return half(self.grey)

    @cached_property
    def even_half(self) -> Grey:
        """The half, brightness and contrast made the same everywhere."""
        return even_contrast(self.half)

    @cached_property
    def moderate(self) -> Grey:
        """The picture, not larger than bars need it."""
        return shrink(self.grey, _BARS_PX)

    @cached_property
    def texture(self) -> Texture | None:
        """Of the moderate picture; None for a tiny one."""
        return texture_of(self.moderate)

    @cached_property
    def strips(self) -> tuple[Strip, ...]:
        """Of the bars that stand out most."""
        if self.texture is None:
            return ()
        return tuple(cut_strips(self.moderate, self.texture, _MOST_STRIPS))

    @cached_property
    def coarse_strips(self) -> tuple[Strip, ...]:
        """Of bars so wide that their edges lie blocks apart in the whole picture."""
        texture = texture_of(self.half)
        return () if texture is None else tuple(cut_strips(self.half, texture, _MOST_COARSE_STRIPS))

    def windows(self, side_px: int, most: int) -> list[Grey]:
        """The parts of the moderate picture in which a two-dimensional code is likeliest."""
        if self.texture is None:
            return [self.moderate]
        boxes = likely_windows(self.texture, self.moderate.shape, side_px, most)
        return [self.moderate[top:bottom, left:right].copy() for left, top, right, bottom in boxes]

    @cached_property
    def busy(self) -> Grey | None:
        """The part of the moderate picture in which a code could be; None where it could be nowhere."""
        if self.texture is None:
            return self.moderate
        box = self.texture.busy_box()
        if box is None:
            return None
        left, top, right, bottom = box
        return self.moderate[top:bottom, left:right].copy()
