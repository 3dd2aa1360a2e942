"""Spreading discounts over lines and units, to the cent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from loyalty.domain.money import split_in_proportion
from loyalty.domain.sale import SaleLine

Covers = Callable[[SaleLine], bool]


def everything(_line: SaleLine) -> bool:
    """Covers the whole sale."""
    return True


def all_goods(line: SaleLine) -> bool:
    """Covers the whole sale but its gift cards, which are money."""
    return not line.is_gift_card


@dataclass(frozen=True, slots=True)
class PickedUnits:
    """So many units of one line that a reward goes to, and what is left to pay for them."""

    line: SaleLine
    units: int
    left_minor: int


class OpenAmounts:
    """What is left of each line while discounts are taken off one after the other.

    Lines are held in an order that depends on what they are (item, price, quantity) and only for equal
    ones on their ids, so that who gets an odd cent never depends on the order of adding or attaching.
    """

    def __init__(self, lines: Sequence[SaleLine]) -> None:
        self.lines = tuple(sorted(lines, key=_by_content))
        self._at = {line.id: at for at, line in enumerate(self.lines)}
        self._left = [line.gross_minor for line in self.lines]
        self._unpicked = list(self._left)
        self._unpicked_units = [line.quantity for line in self.lines]
        self._free_units = [0] * len(self.lines)

    def left_of(self, line: SaleLine) -> int:
        return self._left[self._at[line.id]]

    def paid_units_of(self, line: SaleLine) -> int:
        """Units that still cost something."""
        at = self._at[line.id]
        return line.quantity - self._free_units[at] if self._left[at] > 0 else 0

    def total(self, covers: Covers = everything) -> int:
        """What is left of the lines that ``covers`` accepts."""
        return sum(left for line, left in zip(self.lines, self._left, strict=True) if covers(line))

    def take(self, amount_minor: int, covers: Covers = everything) -> int:
        """Take an amount off the covered lines in proportion to what is left of each; never below zero.

        Returns:
            What was really taken.
        """
        touched = [at for at, line in enumerate(self.lines) if covers(line)]
        weights = [self._left[at] for at in touched]
        taken = min(amount_minor, sum(weights))
        for at, share in zip(touched, split_in_proportion(taken, weights), strict=True):
            self._take_off_line(at, share)
        return taken

    def pick(self, covers: Covers, units: int) -> tuple[PickedUnits, ...]:
        """The dearest covered units, at what is left of them, that no reward has gone to yet."""
        there = [at for at, line in enumerate(self.lines) if self._unpicked[at] > 0 and covers(line)]
        there.sort(key=lambda at: -Fraction(self._unpicked[at], self._unpicked_units[at]))
        picked: list[PickedUnits] = []
        wanted = units
        for at in there:
            if wanted == 0:
                break
            count = min(wanted, self._unpicked_units[at])
            others = self._unpicked_units[at] - count
            left_minor = split_in_proportion(self._unpicked[at], (count, others))[0]
            picked.append(PickedUnits(self.lines[at], count, left_minor))
            wanted -= count
        return tuple(picked)

    def take_from_units(self, amount_minor: int, picked: Sequence[PickedUnits]) -> int:
        """Take an amount off picked units; no other reward for certain items sees them again.

        Returns:
            What was really taken.
        """
        taken = min(amount_minor, sum(part.left_minor for part in picked))
        shares = split_in_proportion(taken, [part.left_minor for part in picked])
        for part, share in zip(picked, shares, strict=True):
            at = self._at[part.line.id]
            self._left[at] -= share
            self._unpicked[at] -= part.left_minor
            self._unpicked_units[at] -= part.units
            if share == part.left_minor:
                self._free_units[at] += part.units
        return taken

    def _take_off_line(self, at: int, share: int) -> None:
        """Off all units of the line alike, those that a reward went to and the others."""
        picked_minor = self._left[at] - self._unpicked[at]
        self._left[at] -= share
        if picked_minor:
            share = split_in_proportion(share, (self._unpicked[at], picked_minor))[0]
        self._unpicked[at] -= share


def _by_content(line: SaleLine) -> tuple[UUID, str, int, int, bool, tuple[str, ...], UUID]:
    taxes = tuple(sorted(rate.id for rate in line.tax_rates))
    what = (line.item_id, str(line.variation_id))
    return (*what, line.unit_price_minor, line.quantity, line.is_gift_card, taxes, line.id)
