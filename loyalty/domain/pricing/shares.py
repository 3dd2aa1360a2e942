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
        self._left = {line.id: line.gross_minor for line in self.lines}
        self._unpicked = {line.id: line.gross_minor for line in self.lines}
        self._unpicked_units = {line.id: line.quantity for line in self.lines}
        self._free_units = {line.id: 0 for line in self.lines}

    def left_of(self, line: SaleLine) -> int:
        return self._left[line.id]

    def paid_units_of(self, line: SaleLine) -> int:
        """Units that still cost something."""
        return line.quantity - self._free_units[line.id] if self._left[line.id] > 0 else 0

    def total(self, covers: Covers = everything) -> int:
        """What is left of the lines that ``covers`` accepts."""
        return sum(self._left[line.id] for line in self.lines if covers(line))

    def take(self, amount_minor: int, covers: Covers = everything) -> int:
        """Take an amount off the covered lines in proportion to what is left of each; never below zero.

        Returns:
            What was really taken.
        """
        touched = [line for line in self.lines if covers(line)]
        taken = min(amount_minor, self.total(covers))
        shares = split_in_proportion(taken, [self._left[line.id] for line in touched])
        for line, share in zip(touched, shares, strict=True):
            self._take_off_line(line.id, share)
        return taken

    def pick(self, covers: Covers, units: int) -> tuple[PickedUnits, ...]:
        """The dearest covered units, at what is left of them, that no reward has gone to yet."""
        there = [line for line in self.lines if covers(line) and self._unpicked[line.id] > 0]
        there.sort(key=lambda line: -Fraction(self._unpicked[line.id], self._unpicked_units[line.id]))
        picked: list[PickedUnits] = []
        wanted = units
        for line in there:
            if wanted == 0:
                break
            count = min(wanted, self._unpicked_units[line.id])
            others = self._unpicked_units[line.id] - count
            left_minor = split_in_proportion(self._unpicked[line.id], (count, others))[0]
            picked.append(PickedUnits(line, count, left_minor))
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
            self._left[part.line.id] -= share
            self._unpicked[part.line.id] -= part.left_minor
            self._unpicked_units[part.line.id] -= part.units
            if share == part.left_minor:
                self._free_units[part.line.id] += part.units
        return taken

    def _take_off_line(self, line_id: UUID, share: int) -> None:
        picked_minor = self._left[line_id] - self._unpicked[line_id]
        self._left[line_id] -= share
        self._unpicked[line_id] -= split_in_proportion(share, (self._unpicked[line_id], picked_minor))[0]


def _by_content(line: SaleLine) -> tuple[UUID, str, int, int, tuple[str, ...], UUID]:
    taxes = tuple(sorted(rate.id for rate in line.tax_rates))
    return (line.item_id, str(line.variation_id), line.unit_price_minor, line.quantity, taxes, line.id)
