"""Retail numbers from bars too blurred or too small for either library: averaged along, then fitted."""

from collections.abc import Iterable
from typing import Final

from device.decoding.bar_strips import Profile, find_strips
from device.decoding.formats import name_number
from device.decoding.found import Found
from device.decoding.retail_fit import Fit, best_fit
from device.decoding.retail_patterns import LAYOUTS, Layout
from device.decoding.zxing import Grey

_DEAREST: Final = 0.24
_LEAST_LEAD: Final = {"EAN13": 1.18, "EAN8": 1.3, "UPCE": 1.35}
_CLEAR_LEAD: Final = 1.6
"""With so much of a lead on the next best number, a fit counts as two reads."""

_NEEDED: Final = {"EAN13": {"EAN13", "UPCA"}, "EAN8": {"EAN8"}, "UPCE": {"UPCE"}}


class RetailReader:
    """Reads those of the enabled formats that are retail numbers.

    Args:
        formats: Names of ``formats.ALL_FORMATS``.
        most_strips: How many stretches of bars are looked at.
    """

    def __init__(self, formats: Iterable[str], most_strips: int = 2) -> None:
        self._enabled = frozenset(formats)
        self._layouts = [LAYOUTS[name] for name, needed in _NEEDED.items() if needed & self._enabled]
        self._most_strips = most_strips

    def read(self, grey: Grey, stage: str) -> list[Found]:
        """What fits, once for each band of the bars that shows it, until two bands agree."""
        finds: list[Found] = []
        if not self._layouts:
            return finds
        for strip in find_strips(grey, self._most_strips):
            layouts = self._layouts
            for number, profile in enumerate(strip):
                fits = _fits(profile, layouts)
                layouts = [fit.layout for fit in fits]
                if not fits:
                    break
                fit = max(fits, key=lambda fit: fit.lead / _LEAST_LEAD[fit.layout.name])
                if fit.cost > _DEAREST or fit.lead < _LEAST_LEAD[fit.layout.name]:
                    continue
                name, text = name_number(fit.layout.name, fit.digits, self._enabled)
                if name not in self._enabled:
                    continue
                finds.append(Found(name, text, f"{stage} {number}"))
                if fit.lead >= _CLEAR_LEAD:
                    finds.append(Found(name, text, f"{stage} clear"))
                if len(finds) >= 2:
                    return finds
        return finds


def _fits(profile: Profile, layouts: list[Layout]) -> list[Fit]:
    """The best fit of each layout; a clear one ends the search."""
    fits = []
    for layout in layouts:
        fit = best_fit(profile, layout)
        if fit is not None:
            fits.append(fit)
            if fit.lead >= _CLEAR_LEAD and fit.cost <= _DEAREST:
                break
    return fits
