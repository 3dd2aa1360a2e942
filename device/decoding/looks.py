"""How a frame and how a still picture are looked at, with the stages in order."""

from collections.abc import Iterable

from device.decoding.agreement import believed
from device.decoding.enhancement import half, shrink
from device.decoding.formats import NUMBERED
from device.decoding.found import Found
from device.decoding.stages import confirming_stage, further_stages, quick_stages
from device.decoding.zxing import Grey

_STILL_PX = 2560
"""Longer side at which a still picture gets all stages; the quick stages also see a larger one whole."""


_SETTLING = frozenset({"thorough", "contrast", "turned", "turned back"})
"""Stages after which the look may end: both libraries and the turned picture have had their say by then."""


class FrameLook:
    """Looks at the frames of a camera, one after the other. One thread."""

    def __init__(self, formats: Iterable[str]) -> None:
        wanted = frozenset(formats)
        self._quick = quick_stages(wanted)
        self._further = further_stages(wanted)
        self._turn = 0

    def __call__(self, grey: Grey) -> list[Found]:
        for stage in self._quick:
            found = stage.read(grey)
            if found:
                return found
        stage = self._further[self._turn]
        self._turn = (self._turn + 1) % len(self._further)
        return stage.read(grey)


class StillLook:
    """Looks at one picture in every way until enough agrees. One thread."""

    def __init__(self, formats: Iterable[str]) -> None:
        wanted = frozenset(formats)
        self._quick = quick_stages(wanted)
        self._further = further_stages(wanted)
        self._confirming = confirming_stage(wanted)

    def __call__(self, grey: Grey) -> list[Found]:
        """The codes that are believed by the agreement rule."""
        working = shrink(grey, _STILL_PX)
        finds: list[Found] = []
        for stage in (*self._quick, *self._further):
            finds += stage.read(working)
            if stage.name in _SETTLING and _is_settled(finds):
                return believed(finds)
        if not finds and working is not grey:
            for stage in self._quick:
                finds += stage.read(grey)
        if not finds and min(working.shape) > 600:
            finds += self._quick[1].read(half(half(working)))
        sure = believed(finds)
        return sure if sure or not finds else believed([*finds, *self._confirming.read(working)])


def _is_settled(finds: list[Found]) -> bool:
    """Whether what the first stages found is believed and nothing speaks against it."""
    sure = believed(finds)
    return bool(sure) and all(
        any((found.format, found.text) == (one.format, one.text) for one in sure)
        for found in finds
        if found.format in NUMBERED
    )
