"""Cuts patches of bars out of a picture, straightened, and averages along the bars: profiles.

Averaging along the bars takes noise away and, where they lie slanted on the pixels, gives more samples a
module than the picture has pixels.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from device.decoding.bar_regions import BarRegion, find_bar_regions
from device.decoding.texture import Texture
from device.decoding.zxing import Grey

Profile = np.ndarray[tuple[int], np.dtype[np.float32]]
"""Brightness across the bars, two samples a pixel."""

Lines = np.ndarray[tuple[int, int], np.dtype[np.float32]]
"""Scan lines side by side, two samples a pixel."""

SAMPLES_PER_PX = 2
MARGIN_PX = 36
"""How far a profile goes on beyond the bars."""

_LINES = 33
_SHORTEST_PX = 60
_SHORTEST_REPEATING = 100
_REPEATING = 0.75
_FAINT_EDGE = 0.08
_TOGETHER = 3
_FEWEST_EDGES = 10
"""The shortest codes have more than twice as many; out of focus some are lost."""

_SHEARS = np.linspace(-0.28, 0.28, 11)


@dataclass(frozen=True)
class Strip:
    """A patch of bars, its scan lines straightened so that the bars stand upright in it."""

    lines: Lines
    along_px: float
    """The distance between two lines, in pixels."""

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """Of the middle third, then of the upper and the lower, each with the slant that suits it best."""
        third = _LINES // 3
        return tuple(
            self._mean_of(part) for part in (slice(third, -third), slice(None, third), slice(-third, None))
        )

    @cached_property
    def edges(self) -> int:
        """How many edges the middle's profile has that are not faint."""
        slope = np.convolve(np.diff(self.profiles[0]), [0.25, 0.5, 0.25], mode="same")
        steep = np.abs(slope)
        floor = _FAINT_EDGE * float(steep.max(initial=0.0))
        inner = steep[1:-1]
        return int(((inner > steep[:-2]) & (inner >= steep[2:]) & (inner > floor)).sum())

    def _mean_of(self, part: slice) -> Profile:
        lines = self.lines[part]
        offsets = (np.arange(len(lines)) - (len(lines) - 1) / 2) * self.along_px * SAMPLES_PER_PX
        # Neighbouring lines hardly differ: three of them together do for the search.
        starts = np.arange(0, len(lines), _TOGETHER)
        weights = np.diff(np.append(starts, len(lines)))[:, None]
        groups = np.add.reduceat(lines, starts, axis=0)
        middles = np.add.reduceat(offsets, starts) / weights[:, 0]
        step = float(_SHEARS[1] - _SHEARS[0])
        best = float(_SHEARS[_sharpest(groups, middles, _SHEARS)])
        finer = best + step / 3 * np.array([-1.0, 0.0, 1.0])
        shear = finer[_sharpest(groups, middles, finer)]
        return np.asarray(_sheared(lines, offsets, np.array([shear]))[0] / len(lines), dtype=np.float32)


def cut_strips(grey: Grey, texture: Texture, most: int) -> Iterator[Strip]:
    """The strips of bars that stand out most, at most so many; none of stripes that only repeat."""
    for region in find_bar_regions(texture, 2 * most):
        if region.end_px - region.begin_px + 2 * MARGIN_PX < _SHORTEST_PX:
            continue
        strip = _cut(grey, region)
        if (
            not _repeats(strip.lines[_LINES // 2 - 1 : _LINES // 2 + 2].sum(axis=0))
            and strip.edges >= _FEWEST_EDGES
        ):
            yield strip
            most -= 1
            if not most:
                return


def _repeats(profile: Profile) -> bool:
    """Whether it looks the same, moved by a small part of its length: a fence, a blind, a keyboard."""
    slope = np.diff(profile[MARGIN_PX * SAMPLES_PER_PX : -MARGIN_PX * SAMPLES_PER_PX])
    if len(slope) < _SHORTEST_REPEATING:
        return False
    power = np.abs(np.fft.rfft(slope, 2 * len(slope))) ** 2
    alike = np.fft.irfft(power)[: len(slope) // 5]
    alike /= alike[0] + 1e-6
    first_fall = int(np.argmax(alike < 0))
    if first_fall == 0:
        return False
    shift = first_fall + int(alike[first_fall:].argmax())
    return bool(alike[shift] > _REPEATING * (1 - shift / len(slope)))


def _sharpest(lines: Lines, offsets: np.ndarray, shears: np.ndarray) -> int:
    """Which of the shears makes the lines' sum steepest."""
    slopes = np.diff(_sheared(lines, offsets, shears), axis=1)
    return int(np.einsum("ij,ij->i", slopes, slopes).argmax())


def _sheared(lines: Lines, offsets: np.ndarray, shears: np.ndarray) -> Lines:
    """For each shear the sum of the lines, each moved by its offset times the shear to the nearest sample."""
    length = lines.shape[1]
    moves = np.rint(shears[:, None] * offsets[None, :]).astype(np.intp)
    reach = int(np.abs(moves).max(initial=0))
    wide = np.empty((len(lines), length + 2 * reach), dtype=np.float32)
    wide[:, reach : reach + length] = lines
    wide[:, :reach], wide[:, reach + length :] = lines[:, :1], lines[:, -1:]
    sums = np.zeros((len(shears), length), dtype=np.float32)
    for way, row in enumerate(moves):
        for line, move in enumerate(row):
            sums[way] += wide[line, reach + move : reach + move + length]
    return sums


def _cut(grey: Grey, region: BarRegion) -> Strip:
    places = np.arange(region.begin_px - MARGIN_PX, region.end_px + MARGIN_PX, 1 / SAMPLES_PER_PX)
    offsets = np.linspace(region.low_px, region.high_px, _LINES)
    along = np.array([-region.across[1], region.across[0]])
    high, wide = grey.shape
    x, y = (
        (region.middle[axis] + places * region.across[axis])[None, :].astype(np.float32)
        + (offsets * along[axis])[:, None].astype(np.float32)
        for axis in (0, 1)
    )
    np.clip(x, 0, wide - 1.01, out=x)
    np.clip(y, 0, high - 1.01, out=y)
    left, top = x.astype(np.int32), y.astype(np.int32)
    right_part = np.subtract(x, left, dtype=np.float32)
    lower_part = np.subtract(y, top, dtype=np.float32)
    flat, at = grey.ravel(), top * wide + left
    upper = _between(flat, at, right_part)
    lower = _between(flat, at + wide, right_part)
    lines = np.asarray(upper + (lower - upper) * lower_part, dtype=np.float32)
    return Strip(lines, float(offsets[1] - offsets[0]))


def _between(flat: np.ndarray, at: np.ndarray, part: np.ndarray) -> np.ndarray:
    """Of the pixels at these places and the ones after them, the given part of the way."""
    here = flat.take(at).astype(np.float32)
    return np.asarray(here + (flat.take(at + 1) - here) * part)
