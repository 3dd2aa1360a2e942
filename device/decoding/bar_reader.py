"""Reads every bar code from straightened strips: by both libraries, as they are and sharpened.

A strip is a few lines high, so that a read of one costs a hundredth of a read of the picture; and it lies
straight, free of most noise, whatever way the code lay in the picture.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from device.decoding.bar_strips import MARGIN_PX, SAMPLES_PER_PX, Profile, Strip
from device.decoding.formats import MATRIX
from device.decoding.found import Found
from device.decoding.planes import edged, percentiles
from device.decoding.zbar import ZbarReader
from device.decoding.zxing import Grey, ZxingReader

_LINES_EACH = 4
"""zxing-cpp believes bars that two of its scan lines show, and zbar scans every line."""


@dataclass(frozen=True)
class _Sharpening:
    """What is added of the difference to a softer copy, and how soft that is.

    Args:
        strength: Of what is added.
        reach_px: Of the softening.
        is_doubled: Whether a sample is put between any two.
    """

    strength: float
    reach_px: float
    is_doubled: bool


_AS_IT_IS = _Sharpening(0.0, 0.0, True)
_SHARPENINGS = (_Sharpening(3.0, 1.0, True), _Sharpening(1.5, 8.0, False), _Sharpening(1.5, 2.0, True))
"""The first reads most; the second evens light out; the third is a further opinion."""

_MOST_SKIPPED = 4
"""So many dark lines at either end may belong to something beside the code."""

_FEWEST_BARS = 14
_LINES_TOGETHER = 3
"""So many neighbouring lines of a strip are averaged where each is looked at by itself."""


class BarReader:
    """Reads those of the enabled formats that are bars.

    Args:
        formats: Names of ``formats.ALL_FORMATS``.
    """

    def __init__(self, formats: Iterable[str]) -> None:
        linear = frozenset(formats) - MATRIX
        self._is_needed = bool(linear)
        self._zxing = ZxingReader(linear)
        self._zbar = ZbarReader(linear, density=1)

    def read(self, strips: Sequence[Strip], stage: str) -> list[list[Found]]:
        """What each strip shows."""
        return [self._read(strip, stage) for strip in strips] if self._is_needed else [[] for _ in strips]

    def _read(self, strip: Strip, stage: str) -> list[Found]:
        finds: list[Found] = []
        for number, sharpening in enumerate(_SHARPENINGS):
            found = self._zxing.read(_drawn(strip.profiles, sharpening), f"{stage} {number}")
            finds += found
            if found and number:
                break
        drawn = _drawn(strip.profiles, _AS_IT_IS)
        finds += self._zbar.read(drawn, f"zbar {stage}")
        return finds or [
            *self._zxing.read(255 - drawn, f"{stage} inverted"),
            *self._zbar.read(255 - drawn, f"zbar {stage} inverted"),
        ]

    def read_lines(self, strips: Sequence[Strip], stage: str) -> list[Found]:
        """The same where bars are bent or creased, so that their mean blurs them: line by line."""
        finds: list[Found] = []
        for strip in strips if self._is_needed else ():
            sums = np.cumsum(strip.lines, axis=0)
            lines = (sums[_LINES_TOGETHER:] - sums[:-_LINES_TOGETHER]) / _LINES_TOGETHER
            picture = np.ascontiguousarray(lines.clip(0, 255).astype(np.uint8))
            finds += self._zxing.read(picture, stage)
            finds += self._zbar.read(picture, f"zbar {stage}")
        return finds

    def read_framed(self, strip: Strip, stage: str) -> list[Found]:
        """The same where the quiet zone is too narrow: what lies beyond each likely end is made white."""
        if not self._is_needed:
            return []
        profile = strip.profiles[0]
        inner = profile[MARGIN_PX * SAMPLES_PER_PX : -MARGIN_PX * SAMPLES_PER_PX]
        low, high = percentiles(inner, 5, 95)
        is_dark = np.concatenate([[0], profile < (low + high) / 2, [0]]).astype(np.int8)
        begins, ends = np.nonzero(np.diff(is_dark) == 1)[0], np.nonzero(np.diff(is_dark) == -1)[0]
        if len(begins) < _FEWEST_BARS:
            return []
        pad = np.full(len(profile) // 6, high, dtype=np.float32)
        for skipped in sorted(product(range(_MOST_SKIPPED), repeat=2), key=sum)[1:]:
            first, last = begins[skipped[0]], ends[-1 - skipped[1]]
            cut = profile[max(0, first - 1) : last + 1]
            framed = np.concatenate([pad, cut, pad])
            found = self._zxing.read(_drawn([framed], _SHARPENINGS[2]), stage)
            if found:
                return found
        return []


def _drawn(profiles: Sequence[Profile], sharpening: _Sharpening) -> Grey:
    lines = np.stack(profiles)
    if sharpening.reach_px:
        lines = lines + sharpening.strength * (lines - _softer(lines, SAMPLES_PER_PX * sharpening.reach_px))
    low, high = lines.min(axis=1, keepdims=True), lines.max(axis=1, keepdims=True)
    even = (lines - low) * (235.0 / (high - low + 1e-3)) + 10.0
    if sharpening.is_doubled:
        doubled = np.empty((len(even), 2 * even.shape[1] - 2), dtype=even.dtype)
        doubled[:, ::2] = even[:, :-1]
        doubled[:, 1::2] = (even[:, :-1] + even[:, 1:]) / 2
        even = doubled
    return np.ascontiguousarray(np.repeat(even.astype(np.uint8), _LINES_EACH, axis=0))


def _softer(lines: np.ndarray, reach: float) -> np.ndarray:
    steps = np.arange(-int(3 * reach), int(3 * reach) + 1)
    kernel = np.exp(-0.5 * (steps / reach) ** 2)
    padded = edged(lines, 0, len(steps) // 2)
    return np.stack([np.convolve(line, kernel / kernel.sum(), "valid") for line in padded])
