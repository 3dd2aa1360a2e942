"""How EAN-13, EAN-8 and UPC-E are drawn (ISO/IEC 15420), as templates out of focus.

A UPC-A is an EAN-13 that begins with 0.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

_LEFT: Final = (
    "0001101", "0011001", "0010011", "0111101", "0100011",
    "0110001", "0101111", "0111011", "0110111", "0001011",
)  # fmt: skip
_EVEN: Final = tuple("".join("10"[int(bit)] for bit in code)[::-1] for code in _LEFT)
_RIGHT: Final = tuple("".join("10"[int(bit)] for bit in code) for code in _LEFT)
_EAN13_PARITY: Final = (
    "000000", "001011", "001101", "001110", "010011", "011001", "011100", "010101", "010110", "011010",
)  # fmt: skip
_UPCE_PARITY: Final = (
    "111000", "110100", "110010", "110001", "101100", "100110", "100011", "101010", "101001", "100101",
)  # fmt: skip
"""1 is an even-parity character; for number system 0, by check digit."""

PER_MODULE: Final = 4
"""Samples a module."""

_FINE: Final = 20
_BLURS: Final = (0.3, 0.5, 0.7, 0.9, 1.15)
_SPREADS: Final = (-0.2, 0.0, 0.2)
"""Of ink: by how much of a module the bars are wider than drawn."""

VARIANTS: Final = len(_BLURS) * len(_SPREADS)


@dataclass(frozen=True)
class Guard:
    """A fixed pattern: where its first module lies, and its bits, quiet zone and neighbours included."""

    at: int
    bits: str


@dataclass(frozen=True)
class Layout:
    """One symbology: everything in modules from the first bar's left edge.

    Args:
        name: The format.
        modules: Its width.
        guards: Its fixed patterns.
        places: Where its characters begin.
        evens: Per configuration and character: 0 odd, 1 even, 2 the right half's.
        weights: Per configuration and character, in the check sum.
        constants: Per configuration, what it adds to the check sum.
        heads: Per configuration, the digits before those drawn.
        tails: Per configuration, the digits after them.
        pinned: Per configuration, the digit that the last character must be; -1 for any.
    """

    name: str
    modules: int
    guards: tuple[Guard, ...]
    places: tuple[int, ...]
    evens: np.ndarray
    weights: np.ndarray
    constants: np.ndarray
    heads: tuple[str, ...]
    tails: tuple[str, ...]
    pinned: np.ndarray


def _ean13() -> Layout:
    evens = np.array([[int(bit) for bit in parity] + [2] * 6 for parity in _EAN13_PARITY])
    return Layout(
        "EAN13", 95, (Guard(-5, "000001010"), Guard(44, "1010101"), Guard(91, "010100000")),
        tuple([3 + 7 * n for n in range(6)] + [50 + 7 * n for n in range(6)]), evens,
        np.tile([3, 1] * 6, (10, 1)), np.arange(10), tuple("0123456789"), ("",) * 10, np.full(10, -1),
    )  # fmt: skip


def _ean8() -> Layout:
    return Layout(
        "EAN8", 67, (Guard(-5, "000001010"), Guard(30, "1010101"), Guard(63, "010100000")),
        tuple([3 + 7 * n for n in range(4)] + [36 + 7 * n for n in range(4)]),
        np.array([[0] * 4 + [2] * 4]), np.array([[3, 1] * 4]), np.array([0]), ("",), ("",), np.array([-1]),
    )  # fmt: skip


def _upce() -> Layout:
    evens, weights, constants, heads, tails, pinned = [], [], [], [], [], []
    for system in (0, 1):
        for check, parity in enumerate(_UPCE_PARITY):
            for last in range(10):
                evens.append([int(bit) ^ system for bit in parity])
                # The places of the six digits in the UPC-A that they stand for (ISO/IEC 15420, 4.3.5).
                at = (
                    (1, 2, 8, 9, 10, 3) if last < 3 else (1, 2, 3, 9, 10, -1) if last == 3
                    else (1, 2, 3, 4, 10, -1) if last == 4 else (1, 2, 3, 4, 5, 10)
                )  # fmt: skip
                weights.append([0 if place < 0 else (3, 1)[place % 2] for place in at])
                constants.append((3 * system + check) % 10)
                heads.append(str(system))
                tails.append(str(check))
                pinned.append(last)
    return Layout(
        "UPCE", 51, (Guard(-5, "000001010"), Guard(44, "10101010000")),
        tuple(3 + 7 * n for n in range(6)), np.array(evens), np.array(weights), np.array(constants),
        tuple(heads), tuple(tails), np.array(pinned),
    )  # fmt: skip


LAYOUTS: Final = {layout.name: layout for layout in (_ean13(), _ean8(), _upce())}


@cache
def guard_templates(bits: str) -> np.ndarray:
    """Of a fixed pattern: variants by samples, mean 0 and length 1, bars dark."""
    return _templates(bits, 0, len(bits))


@cache
def digit_templates() -> np.ndarray:
    """Odd, even and right characters: 3 by 10 digits by variants by samples.

    A module of context on either side belongs to it: a left character always stands between a bar and a
    space, a right one between a space and a bar.
    """
    kinds = [[("01" + code + "01") for code in codes] for codes in (_LEFT, _EVEN)]
    kinds.append([("10" + code + "10") for code in _RIGHT])
    return np.array([[_templates(bits, 1, 9) for bits in kind] for kind in kinds])


def _templates(bits: str, first: int, modules: int) -> np.ndarray:
    out = []
    padded = bits[0] * 4 + bits + bits[-1] * 4
    for spread in _SPREADS:
        fine = np.repeat([1.0 - int(bit) for bit in padded], _FINE)
        grow = round(abs(spread) / 2 * _FINE)
        shifted = [np.roll(fine, step) for step in range(-grow, grow + 1)]
        fine = np.min(shifted, axis=0) if spread > 0 else np.max(shifted, axis=0) if spread < 0 else fine
        for blur in _BLURS:
            reach = np.arange(-4 * _FINE, 4 * _FINE + 1) / _FINE
            kernel = np.exp(-0.5 * (reach / blur) ** 2)
            soft = np.convolve(fine, kernel / kernel.sum(), mode="same")
            at = ((4 + first + (np.arange(modules * PER_MODULE) + 0.5) / PER_MODULE) * _FINE).astype(int)
            wave = soft[at] - soft[at].mean()
            out.append(wave / max(1e-9, float(np.linalg.norm(wave))))
    return np.array(out, dtype=np.float32)
