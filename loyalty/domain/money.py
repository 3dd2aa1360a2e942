"""Money as whole minor units, and the only places where an amount is rounded or shared out.

Names carry the unit: ``…_minor`` is an integer number of the currency's minor unit (cents), ``…_ppm`` a
rate in parts per million (10 % = 100 000; 9.975 % = 99 750). No float ever holds money.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NewType

Currency = NewType("Currency", str)
"""ISO 4217 code: ``EUR``, ``CAD``."""

PPM = 1_000_000
"""The whole, in parts per million."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount together with its currency, for the edges; rules calculate in one currency."""

    amount_minor: int
    currency: Currency


def share_of(amount_minor: int, rate_ppm: int) -> int:
    """``rate_ppm`` of an amount, rounded half away from zero to the minor unit."""
    return divide_half_up(amount_minor * rate_ppm, PPM)


def divide_half_up(numerator: int, denominator: int) -> int:
    """The quotient rounded half away from zero; ``denominator`` is positive."""
    sign = -1 if numerator < 0 else 1
    return sign * ((2 * abs(numerator) + denominator) // (2 * denominator))


def split_in_proportion(total: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Shares of ``total`` in proportion to ``weights``, whole units, whose sum is exactly ``total``.

    Largest remainder: each share is the exact one rounded down, and the units left go to the largest
    remainders, the earlier one first where two are equal. No share exceeds its weight as long as
    ``total`` does not exceed the sum of the weights.

    Args:
        total: Zero or more.
        weights: Zero or more each; all zero gives all zero shares only for a zero total.
    """
    whole = sum(weights)
    if whole == 0:
        return tuple(0 for _ in weights)
    shares = [total * weight // whole for weight in weights]
    remainders = [total * weight % whole for weight in weights]
    left = total - sum(shares)
    by_remainder = sorted(range(len(weights)), key=lambda index: (-remainders[index], index))
    for index in by_remainder[:left]:
        shares[index] += 1
    return tuple(shares)
