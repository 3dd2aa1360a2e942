"""From which chance on pairs are told, without anyone having said which are right."""

import numpy as np

from loyalty.domain.duplicates.model import Floats

_EXPECTED_WRONG = 0.002
_LOWEST, _HIGHEST = 0.4, 0.995


def sure_enough(scores: Floats) -> float:
    """The lowest chance at which the pairs above it are expected to hold at most two wrong in a thousand.

    Args:
        scores: chances, highest first.
    """
    if not len(scores):
        return _HIGHEST
    expected_wrong = np.cumsum(1 - scores) / np.arange(1, len(scores) + 1)
    fitting = np.flatnonzero(expected_wrong <= _EXPECTED_WRONG)
    if not len(fitting):
        return _HIGHEST
    if fitting[-1] == len(scores) - 1:
        return _LOWEST
    return min(max(float(scores[fitting[-1]]), _LOWEST), _HIGHEST)
