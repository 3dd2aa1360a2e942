"""Percentiles, and waiting for something that another process does."""

import math
import time
from collections.abc import Callable, Sequence


def percentile_ms(samples_s: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile of durations in seconds, in milliseconds."""
    ordered = sorted(samples_s)
    rank = max(0, math.ceil(percent / 100 * len(ordered)) - 1)
    return round(ordered[rank] * 1000, 3)


def wait_until(is_true: Callable[[], bool], what: str, timeout_s: float = 60.0) -> None:
    """Wait, looking 50 times a second."""
    deadline = time.monotonic() + timeout_s
    while not is_true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not happen within {timeout_s:.0f} s")
        time.sleep(0.02)
