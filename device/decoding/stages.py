"""The stages of decoding, from cheap to dear; a new one is a line here.

A camera frame gets the quick stages and, where these read nothing, one of the others in turn, so that the
cost of a frame stays bounded. A still picture gets all.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from device.decoding.enhancement import double, even_contrast, half, shrink, turned
from device.decoding.found import Found
from device.decoding.retail_reader import RetailReader
from device.decoding.zbar import ZbarReader
from device.decoding.zxing import Grey, ZxingReader

_DOUBLED_PX = 1_000_000
"""Only pictures up to so many pixels are doubled: beyond, it costs more than a frame may."""


_FITTED_PX = 1280
"""Longer side of the picture in which bars are fitted."""

FIT = "fit"
"""The stage after which the numbers of a still picture may be settled."""


@dataclass(frozen=True)
class Stage:
    """One way to look at a picture."""

    name: str
    read: Callable[[Grey], list[Found]]


def quick_stages(formats: Iterable[str]) -> tuple[Stage, ...]:
    """For every frame, in order, until one reads something."""
    zxing = ZxingReader(formats)
    return (
        Stage("half", lambda grey: zxing.read(half(grey), "half", thorough=False, is_plain=False)),
        Stage("full", lambda grey: zxing.read(grey, "full", thorough=False, is_plain=True)),
    )


def further_stages(formats: Iterable[str]) -> tuple[Stage, ...]:
    """For frames in which the quick stages read nothing, one each in turn."""
    wanted = frozenset(formats)
    zxing, zbar = ZxingReader(wanted), ZbarReader(wanted)
    return (
        Stage("zbar", lambda grey: zbar.read(grey, "zbar")),
        Stage("thorough", lambda grey: zxing.read(grey, "thorough", thorough=True, is_plain=True)),
        Stage(
            "contrast",
            lambda grey: zxing.read(
                even_contrast(grey), "contrast", thorough=False, is_plain=False, is_upended=True
            ),
        ),
        Stage(
            "turned",
            lambda grey: zxing.read(
                turned(grey, 30), "turned", thorough=False, is_plain=False, is_upended=True
            ),
        ),
        Stage(
            "turned back",
            lambda grey: zxing.read(
                turned(grey, -30), "turned back", thorough=False, is_plain=False, is_upended=True
            ),
        ),
        Stage("zbar contrast", lambda grey: zbar.read(even_contrast(half(grey)), "zbar contrast")),
        Stage(
            "double",
            lambda grey: zxing.read(
                double(grey if grey.size <= _DOUBLED_PX else shrink(grey, 1280)),
                "double",
                thorough=False,
                is_plain=False,
            ),
        ),
    )


def still_stages(formats: Iterable[str]) -> tuple[Stage, ...]:
    """For a still picture, in order, until what was read is settled.

    The first is all that zxing-cpp does by itself. The third is the other library, and the fourth fits
    whole numbers: after these, no number is believed that one of them contradicts.
    """
    wanted = frozenset(formats)
    fit = RetailReader(wanted)
    half_size, _ = quick_stages(wanted)
    further = {stage.name: stage for stage in further_stages(wanted)}
    return (
        further["thorough"],
        half_size,
        further["zbar"],
        Stage(FIT, lambda grey: fit.read(shrink(grey, _FITTED_PX), FIT)),
        further["contrast"],
        further["zbar contrast"],
        further["double"],
        further["turned"],
    )


def confirming_stage(formats: Iterable[str]) -> Stage:
    """For a still picture in which something was read that nothing else confirmed."""
    zbar = ZbarReader(formats, density=1)
    return Stage("zbar dense", lambda grey: zbar.read(grey, "zbar dense"))
