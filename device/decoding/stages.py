"""The stages of decoding, from cheap to dear; a new one is a line here.

A camera frame gets the quick stages and, where these read nothing, the bars and one of the others in turn,
so that the cost of a frame stays bounded. A still picture gets all that could help.

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
from device.decoding.zxing import Grey, Try, ZxingReader

FIT = "fit"
"""The stage after which the numbers of a still picture may be settled."""

_UPENDED_MATRIX = frozenset({"DataMatrix", "PDF417"})
"""Those of the two-dimensional codes that zxing-cpp finds in fewer directions by itself."""

_STACKED = frozenset({"PDF417"})
"""Rows of bars one above the other, which a window cuts off."""

_SEARCHES = frozenset({"stacked", "inverted", "zbar suspected"})

_MOST_LINED = 2
"""So many strips are looked at line by line."""


@dataclass(frozen=True)
class Stage:
    """One way to look at a picture.

    Args:
        name: Of what it finds.
        read: Looks.
        needs_texture: Whether it is in vain where nothing in the picture stands out.
        is_search: Whether it seeks what no stage before has seen at all, so that it is left out once
            something was read.
    """

    name: str
    read: Callable[[View], list[Found]]
    needs_texture: bool = False
    is_search: bool = False


def quick_stages(formats: Iterable[str]) -> tuple[Stage, ...]:
    """For every frame, in order, until one reads something."""
    zxing = ZxingReader(formats)
    return (
        Stage("half", lambda view: zxing.read(view.half, "half")),
        Stage("plain", lambda view: zxing.read(view.grey, "plain", is_plain=True)),
    )


def bars_stage(formats: Iterable[str]) -> Stage:
    """For frames in which the quick stages read nothing, or bars that need a second opinion."""
    return _bar_stages(frozenset(formats))["bars"]


def fit_stage(formats: Iterable[str]) -> Stage:
    """For numbers that need a third one; after the bars."""
    fit = RetailReader(formats)
    return Stage(FIT, lambda view: fit.read(view.strips, FIT, view.read_in_strips))


def further_stages(formats: Iterable[str]) -> tuple[Stage, ...]:
    """For frames in which the stages before read nothing, one each in turn."""
    wanted = frozenset(formats)
    windows, whole = _window_stages(wanted), _whole_stages(wanted)
    return (
        *(whole["zbar"], windows["window soft"], whole["tried"], whole["contrast"]),
        *(whole["zbar contrast"], whole["soft"], windows["window double"]),
    )


def still_stages(formats: Iterable[str]) -> tuple[Stage, ...]:
    """For a still picture, in order, until what was read is settled.

    After the fit no number is believed that one of the stages before contradicts.
    """
    wanted = frozenset(formats)
    bars, windows, whole = _bar_stages(wanted), _window_stages(wanted), _whole_stages(wanted)
    half_tried = whole["half tried"]
    return (
        quick_stages(wanted)[1],
        bars["bars"],
        Stage(half_tried.name, half_tried.read, is_search=True),
        fit_stage(wanted),
        half_tried,
        bars["coarse"],
        bars["framed"],
        bars["lines"],
        windows["window soft"],
        windows["window"],
        whole["soft upended"],
        whole["stacked"],
        whole["inverted"],
        windows["window double"],
        windows["window contrast"],
        whole["contrast bars"],
        whole["zbar half"],
        whole["upended"],
        whole["zbar suspected"],
    )


def confirming_stages(formats: Iterable[str]) -> tuple[Stage, ...]:
    """For a still picture in which something was read that nothing else confirmed, until it is."""
    wanted = frozenset(formats)
    zbar = ZbarReader(wanted, density=1)
    return (
        *(_whole_stages(wanted)[name] for name in ("zbar contrast", "zbar")),
        Stage("zbar dense", lambda view: zbar.read(view.grey, "zbar dense")),
    )


def _bar_stages(wanted: frozenset[str]) -> dict[str, Stage]:
    """Those that look at strips of bars."""
    reader = BarReader(wanted)

    def bars(view: View) -> list[Found]:
        by_strip = reader.read(view.strips, "bars")
        view.read_in_strips = [finds[0].format if finds else None for finds in by_strip]
        return [found for finds in by_strip for found in finds]

    def coarse(view: View) -> list[Found]:
        return [found for finds in reader.read(view.coarse_strips, "coarse") for found in finds]

    def framed(view: View) -> list[Found]:
        return reader.read_framed(view.strips[0], "framed") if view.strips else []

    def lines(view: View) -> list[Found]:
        return reader.read_lines(view.strips[:_MOST_LINED], "lines")

    return {
        "bars": Stage("bars", bars),
        "coarse": Stage("bars coarse", coarse, needs_texture=True),
        "framed": Stage("bars framed", framed, needs_texture=True),
        "lines": Stage("bars lines", lines, needs_texture=True),
    }


def _window_stages(wanted: frozenset[str]) -> dict[str, Stage]:
    """Those that look for two-dimensional codes where one is likeliest."""
    matrix = ZxingReader(wanted & MATRIX)

    def stage(
        name: str, side_px: int, most: int, filtered: Callable[[Grey], Grey] | None, tries: Try
    ) -> Stage:
        def read(view: View) -> list[Found]:
            if not wanted & MATRIX:
                return []
            windows = view.windows(side_px, most)
            return [
                found
                for window in windows
                for found in matrix.read(filtered(window) if filtered else window, name, tries)
            ]

        return Stage(name, read, needs_texture=True, is_search=True)

    stages = (
        stage("window soft", 400, 2, soft, Try.UPENDED),
        stage("window", 400, 2, None, Try.UPENDED),
        stage("window double", 400, 1, double, Try.NOTHING),
        stage("window contrast", 320, 1, even_contrast, Try.UPENDED),
    )
    return {one.name: one for one in stages}


def _whole_stages(wanted: frozenset[str]) -> dict[str, Stage]:
    """Those that look at the whole picture, or at all of it that stands out."""
    zxing, zbar, zbar_bars = ZxingReader(wanted), ZbarReader(wanted), ZbarReader(wanted - MATRIX)
    linear, upright = ZxingReader(wanted - MATRIX), ZxingReader(wanted - MATRIX | wanted & _UPENDED_MATRIX)
    stacked, dark = ZxingReader(wanted & _STACKED), ZxingReader(wanted & MATRIX - _STACKED)
    qr, zbar_qr = ZxingReader(wanted & {"QRCode"}), ZbarReader(wanted & {"QRCode"}, density=1)

    def tried(view: View) -> list[Found]:
        is_plain = view.moderate is view.grey
        return [] if view.busy is None else zxing.read(view.busy, "plain tried", Try.ALL, is_plain=is_plain)

    def upended(view: View) -> list[Found]:
        is_plain = view.moderate is view.grey
        if view.busy is None or not view.strips:
            return []
        return upright.read(view.busy, "plain tried", Try.UPENDED, is_plain=is_plain)

    def shrunk(view: View) -> list[Found]:
        return stacked.read(view.moderate, "upended", Try.UPENDED | Try.SHRUNK)

    def inverted(view: View) -> list[Found]:
        return [] if view.busy is None else dark.read(255 - view.busy, "inverted", Try.UPENDED)

    def suspected(view: View) -> list[Found]:
        if "QRCode" not in wanted or not qr.suspects(view.moderate):
            return []
        return zbar_qr.read(view.moderate, "zbar")

    stages = {
        "half tried": ("half tried", lambda view: zxing.read(view.half, "half tried", Try.ALL)),
        "tried": ("plain tried", tried),
        "upended": ("plain tried", upended),
        "stacked": ("upended", shrunk),
        "inverted": ("inverted", inverted),
        "contrast": ("contrast", lambda view: zxing.read(view.even_half, "contrast", Try.UPENDED)),
        "contrast bars": ("contrast", lambda view: linear.read(view.even_half, "contrast", Try.UPENDED)),
        "soft": ("soft", lambda view: zxing.read(soft(view.moderate), "soft")),
        "soft upended": ("soft", lambda view: linear.read(soft(view.moderate), "soft", Try.UPENDED)),
        "zbar": ("zbar", lambda view: zbar.read(view.grey, "zbar")),
        "zbar half": ("zbar half", lambda view: zbar_bars.read(view.half, "zbar half")),
        "zbar contrast": ("zbar contrast", lambda view: zbar.read(view.even_half, "zbar contrast")),
        "zbar suspected": ("zbar", suspected),
    }
    return {
        key: Stage(name, read, needs_texture=name != "half tried", is_search=key in _SEARCHES)
        for key, (name, read) in stages.items()
    }
