"""The retail number that fits a profile of brightness best, out of focus or not.

Bars are not cut into black and white: each character's stretch is compared with every character as a lens
out of focus would show it, and the cheapest number with a right check digit and parity is found over all
characters together. How much dearer the next best number is says how sure it is.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from device.decoding.bar_strips import MARGIN_PX, SAMPLES_PER_PX, Profile
from device.decoding.retail_patterns import (
    LAYOUTS,
    PER_MODULE,
    VARIANTS,
    Guard,
    Layout,
    digit_templates,
    guard_templates,
)

_MOST_EDGES = 24
_MOST_ENDS = 6
_NARROWEST = 1.6
"""Samples a module, at least."""

_GUARD_FLOOR = 0.75
_STEPS = np.array([-0.8, -0.4, 0.0, 0.4, 0.8])
_FINE_STEPS = np.array([-0.3, 0.0, 0.3])
_BENDS = np.array([-1.5, 0.0, 1.5])
"""By how many modules the middle may lie beside the middle: perspective."""

_DEAREST = 0.45
"""Mean cost of a character above which a stretch is not looked at further."""

_DEAREST_FINE = 0.3
"""The same once all variants were tried."""

_MOST_FINE = 5
"""So many places of begin, end and middle are compared with all variants."""

_NEVER = 99.0
_ROUNDING = 1e-6
_COARSE_VARIANT = 7
"""Of the templates: ink as drawn, somewhat out of focus."""

_FINER = 4

_Tries = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Begins, ends and bends, tried together."""


class _Wave:
    """A profile, and the same so finely sampled that the nearest sample will do."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        places = np.arange(len(profile), dtype=np.float64)
        finer = np.arange(_FINER * (len(profile) - 1) + 1) / _FINER
        self.fine = np.interp(finer, places, profile).astype(np.float32)


@dataclass(frozen=True)
class Fit:
    """A number that fits.

    Args:
        layout: Its symbology.
        digits: With the check digit.
        cost: Mean share of each character that the best template leaves unexplained: 0 perfect, 1 noise.
        lead: The total cost of the next best number, over this one's.
    """

    layout: Layout
    digits: str
    cost: float
    lead: float


def best_fit(profile: Profile, layout: Layout) -> Fit | None:
    """The number of one symbology that fits best in either direction; None where no guards are seen."""
    ways = (_Wave(profile), _Wave(profile[::-1]))
    likely = sorted(
        ((score, way, begin, end) for way in (0, 1) for score, begin, end in _likely_ends(ways[way], layout)),
        reverse=True,
    )
    best: tuple[float, int, list[float]] | None = None
    for _, way, begin, end in likely[:_MOST_ENDS]:
        tries = _likely_grid(begin, end, 0.0, (end - begin) / layout.modules, fine=False)
        totals = _coarse_totals(ways[way], layout, tries)
        top = int(totals.argmin())
        if best is None or totals[top] < best[0]:
            best = float(totals[top]), way, [float(part[top]) for part in tries]
    if best is None or best[0] > _DEAREST * len(layout.places):
        return None
    _, way, (begin, end, bend) = best
    tries = _likely_grid(begin, end, bend, (end - begin) / layout.modules, fine=True)
    likeliest = np.argsort(_coarse_totals(ways[way], layout, tries))[:_MOST_FINE]
    begins, ends, bends = (part[likeliest] for part in tries)
    costs, totals = _digit_costs(ways[way], layout, (begins, ends, bends))
    top = int(totals.argmin())
    return _cheapest(costs[top], layout) if totals[top] <= _DEAREST_FINE * len(layout.places) else None


def _likely_grid(begin: float, end: float, bend: float, module: float, fine: bool) -> _Tries:
    steps = (_FINE_STEPS, _FINE_STEPS, _FINE_STEPS) if fine else (_STEPS, _STEPS, _BENDS)
    begins, ends, bends = _all_together(*map(len, steps))
    return (begin + module * steps[0])[begins], (end + module * steps[1])[ends], (bend + steps[2])[bends]


@cache
def _all_together(begins: int, ends: int, bends: int) -> _Tries:
    """Of so many each, which ones are tried together."""
    grids = np.meshgrid(np.arange(begins), np.arange(ends), np.arange(bends))
    return grids[0].ravel(), grids[1].ravel(), grids[2].ravel()


def _likely_ends(wave: _Wave, layout: Layout) -> list[tuple[float, float, float]]:
    """How well the guards match, and where the outermost bars would begin and end; the best first."""
    slope = np.convolve(np.diff(wave.profile), [0.25, 0.5, 0.25], mode="same")
    steep = 0.08 * float(np.abs(slope).max())
    inner = slope[1:-1]
    falls = 1.0 + np.nonzero((inner < slope[:-2]) & (inner <= slope[2:]) & (inner < -steep))[0]
    rises = 1.0 + np.nonzero((inner > slope[:-2]) & (inner >= slope[2:]) & (inner > steep))[0]
    falls, rises = falls[:_MOST_EDGES] + 0.5, rises[-_MOST_EDGES:] + 0.5
    if not len(falls) or not len(rises):
        return []
    begins, ends = np.tile(falls, len(rises)), np.repeat(rises, len(falls))
    region = max(1.0, len(wave.profile) - 2.0 * MARGIN_PX * SAMPLES_PER_PX)
    wide = ends - begins > max(_NARROWEST * layout.modules, 0.5 * region)
    begins, ends = begins[wide], ends[wide]
    if not len(begins):
        return []
    score = np.zeros(len(begins))
    for guard in layout.guards:
        bends = (0.0,) if guard.at < 0 or guard.at > 0.6 * layout.modules else (-0.8, 0.0, 0.8)
        score += np.max(
            [_guard_match(wave, layout, guard, (begins, ends, 0.0 * ends + bend)) for bend in bends],
            axis=0,
        )
    score = score / len(layout.guards) + 0.3 * np.minimum(1.0, (ends - begins) / region)
    order = np.argsort(-score)[:_MOST_ENDS]
    best = [at for at in order if score[at] > _GUARD_FLOOR]
    return [(float(score[at]), float(begins[at]), float(ends[at])) for at in best]


def _guard_match(wave: _Wave, layout: Layout, guard: Guard, tries: _Tries) -> np.ndarray:
    modules = guard.at + (np.arange(len(guard.bits) * PER_MODULE) + 0.5) / PER_MODULE
    waves = _sampled(wave, layout, modules, tries)
    waves -= waves.mean(axis=1, keepdims=True)
    waves /= np.linalg.norm(waves, axis=1, keepdims=True) + 1e-3
    return np.asarray((waves @ guard_templates(guard.bits).T).max(axis=1))


def _sampled(
    wave: _Wave,
    layout: Layout,
    modules: np.ndarray,
    tries: _Tries,
) -> np.ndarray:
    """The wave at places counted in modules: one row for each begin, end and bend."""
    begins, ends, bends = (part[:, None].astype(np.float32) for part in tries)
    share = (modules / layout.modules).astype(np.float32)
    places = _FINER * (ends - begins) * share
    if bends.any():
        bow = 4 * share * (1 - share) / layout.modules
        places += _FINER * (ends - begins) * bends * bow
    places += _FINER * begins + np.float32(0.5)
    return np.asarray(wave.fine.take(places.astype(np.intp), mode="clip"))


def _coarse_totals(wave: _Wave, layout: Layout, tries: _Tries) -> np.ndarray:
    """Per try: the cost of the best character at each place, summed, at half the samples and one variant."""
    step = (np.arange(0, 9 * PER_MODULE, 2) + 1) / PER_MODULE - 1
    modules = (np.array(layout.places)[:, None] + step[None, :]).ravel()
    waves = _sampled(wave, layout, modules, tries).reshape(len(tries[0]), len(layout.places), len(step))
    waves -= waves.mean(axis=2, keepdims=True)
    length = np.sqrt(np.einsum("ijk,ijk->ij", waves, waves)) + 1e-3
    totals = np.full(len(tries[0]), float(len(layout.places)))
    for places, templates in _coarse_templates(layout.name):
        match = (waves[:, places].reshape(-1, len(step)) @ templates.T).max(axis=1)
        share = np.maximum(match.reshape(len(totals), -1) / length[:, places], 0.0)
        totals -= (share * share).sum(axis=1)
    return totals


@cache
def _coarse_templates(name: str) -> tuple[tuple[slice, np.ndarray], ...]:
    """Places that know the same kinds of characters, and those characters' templates."""
    layout = LAYOUTS[name]
    kinds = [tuple(sorted(set(column.tolist()))) for column in layout.evens.T]
    groups = []
    for known in dict.fromkeys(kinds):
        at = [place for place, kind in enumerate(kinds) if kind == known]
        drawn = digit_templates()[list(known)][:, :, _COARSE_VARIANT].reshape(-1, 9 * PER_MODULE)
        halved = drawn.reshape(len(drawn), -1, 2).mean(axis=2)
        halved -= halved.mean(axis=1, keepdims=True)
        halved /= np.linalg.norm(halved, axis=1, keepdims=True)
        groups.append((slice(at[0], at[-1] + 1), halved.astype(np.float32)))
    return tuple(groups)


def _digit_costs(wave: _Wave, layout: Layout, tries: _Tries) -> tuple[np.ndarray, np.ndarray]:
    """Per try: costs by character, kind and digit at the variant that suits all best; and their total."""
    step = (np.arange(9 * PER_MODULE) + 0.5) / PER_MODULE - 1
    modules = (np.array(layout.places)[:, None] + step[None, :]).ravel()
    waves = _sampled(wave, layout, modules, tries)
    count, places = len(tries[0]), len(layout.places)
    waves = waves.reshape(count, places, len(step))
    waves = waves - waves.mean(axis=2, keepdims=True)
    waves /= np.linalg.norm(waves, axis=2, keepdims=True) + 1e-3
    costs = np.full((count, places, 3, 10, VARIANTS), 4.0, dtype=np.float32)
    for kind in range(3):
        at = np.nonzero((layout.evens == kind).any(axis=0))[0]
        if len(at):
            templates = digit_templates()[kind].reshape(-1, len(step))
            match = waves[:, at].reshape(-1, len(step)) @ templates.T
            np.maximum(match, 0.0, out=match)
            costs[:, at, kind] = (1.0 - match * match).reshape(count, len(at), 10, VARIANTS)
    by_variant = costs.min(axis=(2, 3)).sum(axis=1)
    variant = by_variant.argmin(axis=1)
    rows = np.arange(count)
    return costs[rows, :, :, :, variant], by_variant[rows, variant]


def _cheapest(costs: np.ndarray, layout: Layout) -> Fit | None:
    """The cheapest number with a right check digit, and by how much it leads."""
    places = np.arange(len(layout.places))
    by_configuration = costs[places[None, :], layout.evens].astype(np.float64)  # configuration, place, digit
    pinned = np.nonzero(layout.pinned >= 0)[0]
    if len(pinned):
        others = np.arange(10)[None, :] != layout.pinned[pinned][:, None]
        by_configuration[pinned, -1] = np.where(others, _NEVER, by_configuration[pinned, -1])
    every = np.arange(len(by_configuration))
    sums, chosen = _sums(by_configuration[None], layout, every)
    configuration = int(sums[0].argmin())
    total = float(sums[0, configuration])
    if total >= _NEVER:
        return None
    digits = _digits(chosen, layout, configuration)
    # Only a configuration that could be cheaper than the second cheapest can hold the next best number.
    bound = float(np.partition(sums[0], 1)[1]) if len(every) > 1 else np.inf
    likely = every[by_configuration.min(axis=2).sum(axis=1) <= bound + _ROUNDING]
    rivals = np.repeat(by_configuration[None, likely], len(places), axis=0)
    rivals[places, int(np.searchsorted(likely, configuration)), places, digits] = _NEVER
    second = float(_sums(rivals, layout, likely)[0].min())
    number = layout.heads[configuration] + "".join(map(str, digits)) + layout.tails[configuration]
    return Fit(layout, number, total / len(places), second / max(total, 1e-6))


def _digits(chosen: list[np.ndarray], layout: Layout, configuration: int) -> list[int]:
    """The digits that led to a configuration's cheapest sum."""
    found, at = [], 0
    for place in range(len(chosen) - 1, -1, -1):
        digit = int(chosen[place][0, configuration, at])
        found.append(digit)
        at = (at - int(layout.weights[configuration, place]) * digit) % 10
    return found[::-1]


def _sums(
    costs: np.ndarray, layout: Layout, configurations: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Cheapest sums with a right check digit, by problem and configuration; and the digits that led there."""
    problems, count = costs.shape[:2]
    state = np.full((problems, count, 10), 2 * _NEVER)
    rows = np.arange(count)
    state[:, rows, layout.constants[configurations]] = 0.0
    chosen = []
    for place, origins in enumerate(_origins(layout.name)):
        reached = state[:, rows[:, None, None], origins[configurations]] + costs[:, :, place, :, None]
        chosen.append(reached.argmin(axis=2))
        state = reached.min(axis=2)
    return state[:, :, 0], chosen


@cache
def _origins(name: str) -> tuple[np.ndarray, ...]:
    """Per place, by configuration, digit and residue: the residue that the digit would have come from."""
    digits, residues = np.arange(10), np.arange(10)
    return tuple(
        (residues[None, None, :] - weights[:, None, None] * digits[None, :, None]) % 10
        for weights in LAYOUTS[name].weights.T
    )
