"""How a frame and how a still picture are looked at, with the stages in order."""

from collections.abc import Iterable

from device.decoding.agreement import believed, stands_alone
from device.decoding.enhancement import half, shrink
from device.decoding.formats import CHECKED, MATRIX, NUMBERED
from device.decoding.found import Found
from device.decoding.stages import (
    FIT,
    bars_stage,
    confirming_stages,
    fit_stage,
    further_stages,
    quick_stages,
    still_stages,
)
from device.decoding.view import View
from device.decoding.zxing import Grey

_STILL_PX = 2560
"""Longer side at which a still picture gets all stages; the quick stages also see a larger one whole."""


class FrameLook:
    """Looks at the frames of a camera, one after the other. One thread."""

    def __init__(self, formats: Iterable[str]) -> None:
        wanted = frozenset(formats)
        self._quick = quick_stages(wanted)
        self._bars, self._fit = bars_stage(wanted), fit_stage(wanted)
        self._further = further_stages(wanted)
        self._turn = 0
        self._last: frozenset[tuple[str, str | None]] = frozenset()

    def __call__(self, grey: Grey) -> list[Found]:
        """All that was seen, bars with the second opinions that let one frame be enough."""
        view = View(grey)
        finds = self._seen(view)
        before, self._last = self._last, frozenset((found.format, found.text) for found in finds)
        # What the frame before showed too is believed for that.
        if self._last <= before or all(
            found.format in MATRIX or stands_alone(found, finds) for found in finds
        ):
            return finds
        if not view.read_in_strips:
            finds = [*finds, *self._bars.read(view)]
        if any(found.format in NUMBERED and not stands_alone(found, finds) for found in finds):
            finds = [*finds, *self._fit.read(view)]
        return finds

    def _seen(self, view: View) -> list[Found]:
        for stage in (*self._quick, self._bars):
            found = stage.read(view)
            if found:
                return found
        stage = self._further[self._turn]
        self._turn = (self._turn + 1) % len(self._further)
        return stage.read(view)


class StillLook:
    """Looks at one picture in every way that could help until what was read is settled. One thread."""

    def __init__(self, formats: Iterable[str]) -> None:
        wanted = frozenset(formats)
        self._quick = quick_stages(wanted)
        self._stages = still_stages(wanted)
        self._confirming = confirming_stages(wanted)

    def __call__(self, grey: Grey) -> list[Found]:
        """The codes that are believed by the agreement rule."""
        view = View(shrink(grey, _STILL_PX))
        finds: list[Found] = []
        done: set[str] = set()
        for stage in self._stages:
            if stage.needs_texture and view.busy is None:
                break
            if stage.name in done or (stage.is_search and finds):
                continue
            finds += stage.read(view)
            done.add(stage.name)
            if _is_settled(finds, FIT in done):
                return believed(finds)
        if view.grey is not grey and not believed(finds):
            finds += self._quick[1].read(View(grey))
        if not finds and min(view.grey.shape) > 600:
            finds += self._quick[1].read(View(half(view.half)))
        for stage in self._confirming:
            if not finds or believed(finds):
                break
            finds += stage.read(view)
        return believed(finds)


def _is_settled(finds: list[Found], have_bars_been_fitted: bool) -> bool:
    """Whether what the stages found so far is believed and nothing speaks against it."""
    sure = believed(finds)
    keys = {(found.format, found.text) for found in sure}
    numbers = [found for found in finds if found.format in NUMBERED]
    if not have_bars_been_fitted and (numbers or not {found.format for found in sure} & (MATRIX | CHECKED)):
        return False
    return bool(sure) and all((found.format, found.text) in keys for found in numbers)
