"""How alike two birthdays are, on their eight digits."""

import numpy as np
import numpy.typing as npt

from loyalty.domain.duplicates.grades import Levels

EQUAL = 6
_NEAR_DAYS = 150
Digits = npt.NDArray[np.int16]


def digits_of(texts: list[str]) -> Digits:
    """One row of eight digits a text, and a last row of zeros for what is unknown."""
    flat = np.frombuffer("".join([*texts, "00000000"]).encode("ascii"), np.uint8)
    return (flat.reshape(-1, 8) - ord("0")).astype(np.int16)


def birthday_levels(left: Digits, right: Digits) -> Levels:
    """6 equal, 5 day and month changed over, 4 one slip, 3 two of year, month and day, 2 months apart,
    1 the year or all but two digits, 0 different.
    """  # noqa: D205
    wrong = left != right
    count = wrong.sum(axis=1)
    turned = (left[:, :-1] == right[:, 1:]) & (left[:, 1:] == right[:, :-1]) & wrong[:, :-1] & wrong[:, 1:]
    year, month, day = (~wrong[:, part].any(axis=1) for part in (slice(0, 4), slice(4, 6), slice(6, 8)))
    crossed = year & (left[:, 4:6] == right[:, 6:8]).all(axis=1) & (left[:, 6:8] == right[:, 4:6]).all(axis=1)
    apart = np.abs(_day_number(left) - _day_number(right))
    steps = (
        (EQUAL, count == 0),
        (5, crossed),
        (4, (count == 1) | ((count == 2) & turned.any(axis=1))),
        (3, (year.astype(int) + month + day) >= 2),
        (2, apart <= _NEAR_DAYS),
        (1, year | (count == 2)),
    )
    return np.select(
        [reached for _, reached in steps], [np.int8(level) for level, _ in steps], np.int8(0)
    ).astype(np.int8)


def _day_number(digits: Digits) -> npt.NDArray[np.float64]:
    powers = np.array([1000, 100, 10, 1])
    year = digits[:, :4] @ powers
    month = digits[:, 4] * 10 + digits[:, 5]
    day = digits[:, 6] * 10 + digits[:, 7]
    return np.asarray(year * 365.25 + month * 30.44 + day, np.float64)
