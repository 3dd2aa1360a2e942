"""The stages of decoding, from cheap to dear; a new one is a line here.

A camera frame gets the quick stages and, where these read nothing, one of the others in turn, so that the
cost of a frame stays bounded. A still picture gets all that could help.

A stage's name begins with its family: two reads of one family see the same pixels with the same eyes, and
count as one where a number needs a second opinion.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from device.decoding.bar_reader import BarReader
from device.decoding.enhancement import double, even_contrast, soft
from device.decoding.formats import MATRIX
from device.decoding.found import Found
from device.decoding.retail_reader import RetailReader
from device.decoding.view import View
from device.decoding.zbar import ZbarReader
from device.decoding.zxing import Try, ZxingReader

FIT = "fit"
"""The stage after which the numbers of a still picture may be settled."""

_DOUBLED_PX = 1_000_000
"""Only parts of pictures up to so many pixels are doubled: beyond, it costs more than it may."""


@dataclass(frozen=True)
class Stage:
    """One way to look at a picture.

    Args:
        name: Of what it finds.
        read: Looks.
        needs_texture: Whether it is in vain where nothing in the picture stands out.
    """

    name: str
    read: Callable[[View], list[Found]]
    needs_texture: bool = False


def quick_stages(formats: Iterable[str]) -> tuple[Stage, ...]:
    """For every frame, in order, until one reads something."""
    zxing = ZxingReader(formats)
    return (
        Stage("half", lambda view: zxing.read(view.half, "half")),
        Stage("plain", lambda view: zxing.read(view.grey, "plain", is_plain=True)),
    )


def further_stages(formats: Iterable[str]) -> tuple[Stage, ...]:
    """For frames in which the quick stages read nothing, one each in turn: bars every other time."""
    stages = _stages(frozenset(formats))
    bars = stages["bars"]
    others = ("zbar", "plain tried", "contrast", "zbar contrast", "soft", "double")
    return tuple(stage for name in others for stage in (bars, stages[name]))


def still_stages(formats: Iterable[str]) -> tuple[Stage, ...]:
    """For a still picture, in order, until what was read is settled.

    After the fit no number is believed that one of the stages before contradicts.
    """
    wanted = frozenset(formats)
    fit = RetailReader(wanted)
    stages = _stages(wanted)
    return (
        quick_stages(wanted)[1],
        stages["bars"],
        Stage(FIT, lambda view: fit.read(view.strips, FIT, view.read_in_strips)),
        stages["half tried"],
        stages["bars coarse"],
        stages["bars framed"],
        stages["zbar"],
        stages["plain tried"],
        stages["contrast"],
        stages["zbar contrast"],
        stages["soft"],
        stages["double"],
        stages["contrast fine"],
    )


def confirming_stage(formats: Iterable[str]) -> Stage:
    """For a still picture in which something was read that nothing else confirmed."""
    zbar = ZbarReader(formats, density=1)
    return Stage("zbar dense", lambda view: zbar.read(view.grey, "zbar dense"))


def _stages(wanted: frozenset[str]) -> dict[str, Stage]:
    zxing, zbar, bars = ZxingReader(wanted), ZbarReader(wanted), BarReader(wanted)
    matrix = ZxingReader(wanted & MATRIX)

    def doubled(view: View) -> list[Found]:
        busy = view.busy
        if busy is None or busy.size > _DOUBLED_PX:
            return []
        return matrix.read(double(busy), "double")

    def evened(view: View) -> list[Found]:
        return [] if view.busy is None else matrix.read(even_contrast(view.busy), "contrast fine")

    def tried(view: View) -> list[Found]:
        is_plain = view.moderate is view.grey
        return [] if view.busy is None else zxing.read(view.busy, "plain tried", Try.ALL, is_plain=is_plain)

    def barred(view: View) -> list[Found]:
        by_strip = bars.read(view.strips, "bars")
        view.read_in_strips = [finds[0].format if finds else None for finds in by_strip]
        return [found for finds in by_strip for found in finds]

    def coarse(view: View) -> list[Found]:
        return [found for finds in bars.read(view.coarse_strips, "coarse") for found in finds]

    def framed(view: View) -> list[Found]:
        return bars.read_framed(view.strips[0], "framed") if view.strips else []

    stages = (
        Stage("bars", barred),
        Stage("bars coarse", coarse, needs_texture=True),
        Stage("bars framed", framed, needs_texture=True),
        Stage("half tried", lambda view: zxing.read(view.half, "half tried", Try.ALL)),
        Stage("zbar", lambda view: zbar.read(view.grey, "zbar"), needs_texture=True),
        Stage("plain tried", tried, needs_texture=True),
        Stage(
            "contrast", lambda view: zxing.read(view.even_half, "contrast", Try.UPENDED), needs_texture=True
        ),
        Stage("zbar contrast", lambda view: zbar.read(view.even_half, "zbar contrast"), needs_texture=True),
        Stage("soft", lambda view: zxing.read(soft(view.moderate), "soft"), needs_texture=True),
        Stage("double", doubled, needs_texture=True),
        Stage("contrast fine", evened, needs_texture=True),
    )
    return {stage.name: stage for stage in stages}
