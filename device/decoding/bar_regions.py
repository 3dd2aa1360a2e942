"""Where in a picture bars lie side by side, by the gradient's orientation."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from device.decoding.planes import percentiles
from device.decoding.texture import BLOCK_PX, Texture, with_neighbours

_ORIENTATIONS = 24
_BEFORE, _AFTER = (np.arange(_ORIENTATIONS) + way for way in (-1, 1 - _ORIENTATIONS))
_FEWEST_BLOCKS = 6
_LEAST_COHERENCE = 0.55


@dataclass(frozen=True)
class BarRegion:
    """A patch of one orientation.

    Args:
        middle: Its centre, x and y in pixels.
        across: The direction across the bars, of length 1.
        begin_px: How far it reaches from the middle against ``across``; negative.
        end_px: The same along ``across``.
        low_px: Where the bars begin, along them, from the middle.
        high_px: Where they end.
        blocks: How many blocks of 12 pixels it takes.
    """

    middle: np.ndarray
    across: np.ndarray
    begin_px: float
    end_px: float
    low_px: float
    high_px: float
    blocks: int


def find_bar_regions(texture: Texture, most: int) -> Iterator[BarRegion]:
    """The patches that stand out most, at most so many, the heaviest first."""
    energy = texture.energy
    (strong,) = percentiles(energy, 98)
    usable = (texture.coherence > _LEAST_COHERENCE) & (energy > max(30.0, 0.08 * strong))
    weight = np.where(usable, np.sqrt(energy) * texture.coherence, 0.0)
    bins = np.round(texture.double_angle / (2 * np.pi) * _ORIENTATIONS).astype(int) % _ORIENTATIONS
    for _ in range(most):
        patch = _heaviest_patch(weight, texture.double_angle, bins)
        if patch is None:
            return
        yield _measured(patch, weight, texture.double_angle)
        weight[patch] = 0


def _heaviest_patch(weight: np.ndarray, angle: np.ndarray, bins: np.ndarray) -> np.ndarray | None:
    """Of the commonest orientation, the connected blocks round its heaviest neighbourhood, as a mask."""
    for _ in range(4):
        if weight.max() <= 0:
            return None
        histogram = np.bincount(bins.ravel(), weight.ravel(), _ORIENTATIONS)
        smooth = histogram + histogram[_BEFORE] + histogram[_AFTER]
        peak = int(smooth.argmax()) / _ORIENTATIONS * 2 * np.pi
        alike = (np.cos(angle - peak) > 0.8) & (weight > 0)
        dense = with_neighbours(with_neighbours(np.where(alike, weight, 0.0)))
        seed = np.unravel_index(int(np.where(alike, dense, 0.0).argmax()), weight.shape)
        patch = _grown(alike, seed)
        if patch.sum() >= _FEWEST_BLOCKS:
            return patch
        weight[patch] = 0
    return None


def _grown(alike: np.ndarray, seed: tuple[np.intp, ...]) -> np.ndarray:
    patch = np.zeros((alike.shape[0] + 2, alike.shape[1] + 2), dtype=bool)
    inner = patch[1:-1, 1:-1]
    inner[seed] = True
    count = 0
    while (grown := int(inner.sum())) > count:
        count = grown
        rows = patch[:-2] | patch[1:-1] | patch[2:]
        inner[:] = (rows[:, :-2] | rows[:, 1:-1] | rows[:, 2:]) & alike
    return inner


def _measured(patch: np.ndarray, weight: np.ndarray, angle: np.ndarray) -> BarRegion:
    rows, columns = np.nonzero(patch)
    heavy, angles = weight[patch], angle[patch]
    turn = float(np.arctan2((heavy * np.sin(angles)).sum(), (heavy * np.cos(angles)).sum())) / 2
    across = np.array([np.cos(turn), np.sin(turn)])
    centres = np.stack([columns, rows], axis=1) * BLOCK_PX + BLOCK_PX / 2 + 1
    middle = (centres * heavy[:, None]).sum(axis=0) / heavy.sum()
    far, side = (centres - middle) @ across, (centres - middle) @ np.array([-across[1], across[0]])
    low, high = percentiles(side, 8, 92)
    if high - low < BLOCK_PX:
        low, high = (low + high - BLOCK_PX) / 2, (low + high + BLOCK_PX) / 2
    return BarRegion(middle, across, float(far.min()), float(far.max()), low, high, len(rows))
