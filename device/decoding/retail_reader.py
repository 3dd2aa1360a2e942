"""Retail numbers from bars too blurred or too small for either library: averaged along, then fitted."""

from collections.abc import Iterable
from itertools import zip_longest
from typing import Final

from device.decoding.bar_strips import Profile, Strip
from device.decoding.formats import name_number
from device.decoding.found import Found
from device.decoding.retail_fit import Fit, best_fit
from device.decoding.retail_patterns import LAYOUTS, Layout

_DEAREST: Final = 0.24
_LEAST_LEAD: Final = {"EAN13": 1.18, "EAN8": 1.3, "UPCE": 1.35}
_CLEAR_LEAD: Final = 1.6
"""With so much of a lead on the next best number, a fit counts as two reads. A UPC-E, whose check digit is
only in its parity, needs it, and in the middle band: two bands of stripes fitted one with leads up to 1.6."""

_FEWEST_EDGES: Final = 20
"""Of bars that can be a retail number: the shortest has 34, some of them lost out of focus."""

_DEAREST_ALONE: Final = {"EAN13": 0.2, "EAN8": 0.2, "UPCE": 0.175}
"""Above it a number needs a library's word too: a UPC-E's check digit is only in its parity, and two bands of
one smear fit a wrong one alike."""

_MOST_STRIPS: Final = 3
_FEW_DIGITS: Final = 2
"""Stripes that almost repeat fit numbers such as 33333366; no shop has them."""

_LAYOUT_OF: Final = {"EAN13": "EAN13", "UPCA": "EAN13", "EAN8": "EAN8", "UPCE": "UPCE"}
_WIDEST: Final = frozenset({"EAN13", "UPCA"})
_NEEDED: Final = {"EAN13": {"EAN13", "UPCA"}, "EAN8": {"EAN8"}, "UPCE": {"UPCE"}}


class RetailReader:
    """Reads those of the enabled formats that are retail numbers.

    Args:
        formats: Names of ``formats.ALL_FORMATS``.
    """

    def __init__(self, formats: Iterable[str]) -> None:
        self._enabled = frozenset(formats)
        self._layouts = [LAYOUTS[name] for name, needed in _NEEDED.items() if needed & self._enabled]

    def read(self, strips: Iterable[Strip], stage: str, formats: Iterable[str | None] = ()) -> list[Found]:
        """What fits, once for each band of the bars that shows it, until two bands agree.

        Bands that fit poorly bear the same name, so that they are one opinion.

        Args:
            strips: The bars.
            stage: The beginning of the name for what is found.
            formats: What a library read in each strip, None for nothing: where one of them is a retail
                number, its strip alone is looked at; a strip of another code never is. Beside such a strip
                what nobody read may be a piece of the same bars, and fits poorly however well it fits.
        """
        known = list(zip_longest(strips, formats)) if formats else [(strip, None) for strip in strips]
        if any(name in _LAYOUT_OF for _, name in known):
            known = [(strip, name) for strip, name in known if name in _LAYOUT_OF]
        may_be_a_piece = any(name is not None and name not in _LAYOUT_OF for _, name in known)
        for strip, name in known[:_MOST_STRIPS]:
            finds = self._fitted(strip, self._likely_layouts(strip, name), stage, may_be_a_piece)
            if finds:
                return finds
        return []

    def _likely_layouts(self, strip: Strip, name: str | None) -> list[Layout]:
        if name in _WIDEST:
            return [layout for layout in self._layouts if layout.name == _LAYOUT_OF[name]]
        if name is None and strip.edges < _FEWEST_EDGES:
            return []
        # Half of an EAN-13 can look like one of the shorter ones: all compete.
        return self._layouts if name is None or name in _LAYOUT_OF else []

    def _fitted(self, strip: Strip, layouts: list[Layout], stage: str, may_be_a_piece: bool) -> list[Found]:
        finds: list[Found] = []
        for number, profile in enumerate(strip.profiles):
            fits = _fits(profile, layouts)
            layouts = [fit.layout for fit in fits]
            if not fits:
                break
            fit = max(fits, key=lambda fit: fit.lead / _LEAST_LEAD[fit.layout.name])
            if fit.cost > _DEAREST or fit.lead < _LEAST_LEAD[fit.layout.name]:
                continue
            if len(set(fit.digits)) <= _FEW_DIGITS:
                continue
            name, text = name_number(fit.layout.name, fit.digits, self._enabled)
            if name not in self._enabled:
                continue
            is_clear = fit.lead >= _CLEAR_LEAD
            is_poor = may_be_a_piece or fit.cost > _DEAREST_ALONE[fit.layout.name]
            if fit.layout.name == "UPCE":
                is_poor = is_poor or not is_clear or number > 0
            finds.append(Found(name, text, f"{stage} poor" if is_poor else f"{stage} {number}"))
            if is_clear and not is_poor:
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
