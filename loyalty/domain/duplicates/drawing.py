"""Draws pairs of rows by chance, always the same for the same table."""

import numpy as np

from loyalty.domain.duplicates.columns import Column, Longs

_SEED = 7


def drawn_pairs(rows: int, count: int) -> tuple[Longs, Longs]:
    """``count`` pairs of different rows, evenly from all."""
    random = np.random.default_rng(_SEED)
    left = random.integers(0, rows, count)
    right = random.integers(0, rows - 1, count)
    return left, right + (right >= left)


def drawn_agreeing(column: Column, count: int) -> tuple[Longs, Longs]:
    """``count`` pairs of different rows with the same text, evenly from all such pairs."""
    random = np.random.default_rng(_SEED)
    known = np.flatnonzero(column.codes >= 0)
    order = known[np.argsort(column.codes[known], kind="stable")]
    counts = column.counts
    starts = np.cumsum(counts) - counts
    pairs = counts * (counts - 1)
    if pairs.sum() == 0:
        return order[:0], order[:0]
    text = random.choice(len(counts), count, p=pairs / pairs.sum())
    left = random.integers(0, counts[text])
    right = random.integers(0, counts[text] - 1)
    right += right >= left
    return order[starts[text] + left], order[starts[text] + right]
