"""Spreading discounts over lines, to the cent."""

from collections.abc import Callable, Sequence

from loyalty.domain.money import split_in_proportion
from loyalty.domain.sale import SaleLine


class OpenAmounts:
    """What is left of each line while discounts are taken off one after the other.

    Lines are held in the order of their ids (time of creation), so that who gets an odd cent never
    depends on the order of attaching.
    """

    def __init__(self, lines: Sequence[SaleLine]) -> None:
        self.lines = tuple(sorted(lines, key=lambda line: line.id))
        self._left = {line.id: line.gross_minor for line in self.lines}

    def left_of(self, line: SaleLine) -> int:
        return self._left[line.id]

    def total(self, covers: Callable[[SaleLine], bool] = lambda _line: True) -> int:
        """What is left of the lines that ``covers`` accepts."""
        return sum(self._left[line.id] for line in self.lines if covers(line))

    def take(self, amount_minor: int, covers: Callable[[SaleLine], bool] = lambda _line: True) -> int:
        """Take an amount off the covered lines in proportion to what is left of each; never below zero.

        Returns:
            What was really taken.
        """
        touched = [line for line in self.lines if covers(line)]
        taken = min(amount_minor, self.total(covers))
        shares = split_in_proportion(taken, [self._left[line.id] for line in touched])
        for line, share in zip(touched, shares, strict=True):
            self._left[line.id] -= share
        return taken
