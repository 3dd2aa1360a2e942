"""Finds bars in a picture by the gradient's orientation and averages along them: one profile per strip.

Averaging along the bars takes noise away and, where they lie slanted on the pixels, gives more samples a
module than the picture has pixels.
"""

from dataclasses import dataclass

import numpy as np

from device.decoding.zxing import Grey

Profile = np.ndarray[tuple[int], np.dtype[np.float32]]
"""Brightness across the bars, two samples a pixel."""

_BLOCK_PX = 12
_LINES = 33
MARGIN_PX = 36
"""How far a profile goes on beyond the bars."""

_SHEARS = np.linspace(-0.28, 0.28, 11)
SAMPLES_PER_PX = 2


Strip = tuple[Profile, ...]
"""Bars that lie side by side: the profile of their middle third, then of the upper and the lower."""


def find_strips(grey: Grey, most: int = 2) -> list[Strip]:
    """The strips of bars that stand out most, at most so many."""
    if min(grey.shape) < 4 * _BLOCK_PX:
        return []
    tensor = _block_tensor(grey)
    energy = tensor[0] + tensor[1]
    double_angle = np.arctan2(2 * tensor[2], tensor[0] - tensor[1])
    coherence = np.hypot(tensor[0] - tensor[1], 2 * tensor[2]) / (energy + 1e-3)
    floor = max(30.0, 0.08 * float(np.percentile(energy, 98)))
    usable = (coherence > 0.55) & (energy > floor)
    strips = []
    weight = np.where(usable, np.sqrt(energy) * coherence, 0.0)
    for _ in range(most):
        region = _best_region(weight, double_angle)
        if region is None:
            break
        rows, columns = region
        strip = _cut(grey, rows, columns, weight[region], double_angle[region])
        if strip is not None:
            strips.append(strip)
        weight[region] = 0
    return strips


def _block_tensor(grey: Grey) -> np.ndarray:
    pixels = grey.astype(np.float32)
    across = pixels[1:-1, 2:] - pixels[1:-1, :-2]
    down = pixels[2:, 1:-1] - pixels[:-2, 1:-1]
    high, wide = across.shape[0] // _BLOCK_PX, across.shape[1] // _BLOCK_PX

    def sums(values: np.ndarray) -> np.ndarray:
        cut = values[: high * _BLOCK_PX, : wide * _BLOCK_PX]
        blocks = cut.reshape(high, _BLOCK_PX, wide, _BLOCK_PX).mean(axis=(1, 3))
        padded = np.pad(blocks, 1, mode="edge")
        rows = padded[:-2] + padded[1:-1] + padded[2:]
        return np.asarray(rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9

    return np.stack([sums(across * across), sums(down * down), sums(across * down)])


def _best_region(weight: np.ndarray, double_angle: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """Rows and columns of the heaviest connected blocks of one orientation."""
    if weight.max() <= 0:
        return None
    bins = np.round(double_angle / (2 * np.pi) * 24).astype(int) % 24
    histogram = np.bincount(bins.ravel(), weight.ravel(), 24)
    smooth = histogram + np.roll(histogram, 1) + np.roll(histogram, -1)
    peak = int(smooth.argmax()) / 24 * 2 * np.pi
    alike = (np.cos(double_angle - peak) > 0.8) & (weight > 0)
    left = {(int(row), int(column)) for row, column in zip(*np.nonzero(alike), strict=True)}
    best: list[tuple[int, int]] = []
    best_weight = 0.0
    while left:
        members = [left.pop()]
        for row, column in members:
            near = {(row + down, column + right) for down in (-1, 0, 1) for right in (-1, 0, 1)} & left
            left -= near
            members.extend(near)
        heavy = float(sum(weight[member] for member in members))
        if heavy > best_weight:
            best, best_weight = members, heavy
    if len(best) < 6:
        return None
    rows, columns = np.array(best).T
    return rows, columns


def _cut(
    grey: Grey, rows: np.ndarray, columns: np.ndarray, weight: np.ndarray, angles: np.ndarray
) -> Strip | None:
    turn = float(np.arctan2((weight * np.sin(angles)).sum(), (weight * np.cos(angles)).sum())) / 2
    across = np.array([np.cos(turn), np.sin(turn)])
    along = np.array([-across[1], across[0]])
    centres = np.stack([columns, rows], axis=1) * _BLOCK_PX + _BLOCK_PX / 2 + 1
    middle = (centres * weight[:, None]).sum(axis=0) / weight.sum()
    far, side = (centres - middle) @ across, (centres - middle) @ along
    begin, end = far.min() - MARGIN_PX, far.max() + MARGIN_PX
    low, high = np.percentile(side, [8, 92])
    if high - low < _BLOCK_PX:
        low, high = (low + high - _BLOCK_PX) / 2, (low + high + _BLOCK_PX) / 2
    if end - begin < 60:
        return None
    frame = _Frame(grey, middle, across, along)
    places = np.arange(begin, end, 1 / SAMPLES_PER_PX)
    offsets = np.linspace(low, high, _LINES)
    third = _LINES // 3
    bands = (offsets[third:-third], offsets[:third], offsets[-third:])
    return tuple(frame.straightened(places, band).mean(axis=0, dtype=np.float32) for band in bands)


@dataclass(frozen=True)
class _Frame:
    """The picture, seen from the middle of the bars: places across them, offsets along them."""

    grey: Grey
    middle: np.ndarray
    across: np.ndarray
    along: np.ndarray

    def straightened(self, places: np.ndarray, offsets: np.ndarray) -> np.ndarray:
        """Scan lines with the slant that makes their mean sharpest."""

        def sharpness(shear: float) -> float:
            mean = self.sampled(places[::2], offsets[::2], shear).mean(axis=0)
            return float((np.diff(mean) ** 2).sum())

        step = float(_SHEARS[1] - _SHEARS[0])
        best = max(map(float, _SHEARS), key=sharpness)
        best = max((best - step / 3, best, best + step / 3), key=sharpness)
        return self.sampled(places, offsets, best)

    def sampled(self, places: np.ndarray, offsets: np.ndarray, shear: float) -> np.ndarray:
        """Scan lines, between pixels by their weights."""
        grey, high, wide = self.grey, *self.grey.shape
        shifted = places[None, :] + shear * offsets[:, None]
        x = self.middle[0] + shifted * self.across[0] + offsets[:, None] * self.along[0]
        y = self.middle[1] + shifted * self.across[1] + offsets[:, None] * self.along[1]
        x, y = x.clip(0, wide - 1.001), y.clip(0, high - 1.001)
        left, top = x.astype(np.intp), y.astype(np.intp)
        right_part, lower_part = (x - left).astype(np.float32), (y - top).astype(np.float32)
        flat, at = grey.ravel(), top * wide + left
        upper = flat[at] * (1 - right_part) + flat[at + 1] * right_part
        at += wide
        lower = flat[at] * (1 - right_part) + flat[at + 1] * right_part
        return np.asarray(upper * (1 - lower_part) + lower * lower_part, dtype=np.float32)
