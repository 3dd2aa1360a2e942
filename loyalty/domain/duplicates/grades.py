"""How alike two unequal texts of one kind are, as a small level; vectors in, vectors out.

Each function takes two equally long lists and gives 0 (different) up to its highest level below "equal".
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA, Indel, JaroWinkler

from loyalty.domain.duplicates.phonetics import letters
from loyalty.domain.duplicates.short_forms import are_short_forms

Levels = npt.NDArray[np.int8]
Texts = Sequence[str]
_PART_CHARS = 4
_HOPELESS = 0.5
"""Below this likeness (Jaro-Winkler) two names have little more than chance letters in common."""
Grade = Callable[[Texts, Texts], Levels]


def name_levels(left: Texts, right: Texts) -> Levels:
    """4 alike but for a slip, 3 much alike or short for it, 2 half alike or an initial, 1 a little."""
    alike = _scored(JaroWinkler.similarity, left, right)
    levels = np.array([_shortened(one, other) for one, other in zip(left, right, strict=True)], np.int8)
    near = np.flatnonzero(alike >= _HOPELESS)
    ones, others, alike = [left[at] for at in near.tolist()], [right[at] for at in near.tolist()], alike[near]
    slips = _scored(OSA.distance, ones, others, score_cutoff=2)
    mixed = _scored(Indel.normalized_similarity, [*map(letters, ones)], [*map(letters, others)])
    levels[near] = np.maximum(
        levels[near],
        _highest(
            (4, (alike >= 0.92) | ((slips <= 1) & (alike >= 0.8))),
            (3, (alike >= 0.86) | (mixed >= 0.9) | (slips <= 1)),
            (2, (alike >= 0.77) | (mixed >= 0.8)),
            (1, (alike >= 0.65) | (mixed >= 0.7)),
        ),
    )
    return levels


def _shortened(one: str, other: str) -> int:
    """The level of an initial, of a short form, and of one of the words of a double name."""
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if len(short) == 1:
        return 2 if long.startswith(short) else 0
    is_part = len(short) >= _PART_CHARS and " " in long and short in long.split()
    return 3 if is_part or are_short_forms(one, other) else 0


def street_levels(left: Texts, right: Texts) -> Levels:
    """4 alike but for a slip, 3 the same words or much alike, 2 half alike, 1 a little."""
    alike = _scored(OSA.normalized_similarity, left, right)
    words = _scored(fuzz.token_set_ratio, left, right) / 100
    near = _scored(JaroWinkler.similarity, left, right)
    return _highest(
        (4, (alike >= 0.88) | (words >= 0.95)),
        (3, (alike >= 0.75) | (words >= 0.85)),
        (2, (alike >= 0.62) | (near >= 0.85)),
        (1, (alike >= 0.5) | (words >= 0.7)),
    )


def email_levels(left: Texts, right: Texts) -> Levels:
    """4 alike but for a slip or the same mailbox elsewhere, 3 to 1 less and less alike."""
    alike = _scored(OSA.normalized_similarity, left, right)
    boxes = np.array(
        [_mailbox(one) == _mailbox(other) for one, other in zip(left, right, strict=True)], np.bool_
    )
    return _highest((4, alike >= 0.92), (3, (alike >= 0.82) | boxes), (2, alike >= 0.7), (1, alike >= 0.55))


def number_levels(left: Texts, right: Texts) -> Levels:
    """For phone numbers, references and postcodes: 2 one slip, 1 two slips."""
    slips = _scored(OSA.distance, left, right, score_cutoff=3)
    return _highest((2, slips <= 1), (1, slips <= 2))


def short_levels(left: Texts, right: Texts) -> Levels:
    """For house numbers: 1 one slip in at least two signs."""
    slips = _scored(OSA.distance, left, right, score_cutoff=2)
    lengths = np.array([min(len(one), len(other)) for one, other in zip(left, right, strict=True)])
    return _highest((1, (slips <= 1) & (lengths >= 2)))


def no_levels(left: Texts, _right: Texts) -> Levels:
    """For what is equal or different and nothing between."""
    return np.zeros(len(left), np.int8)


def _scored(scorer: Any, left: Texts, right: Texts, **options: Any) -> npt.NDArray[np.float32]:
    return process.cpdist(left, right, scorer=scorer, dtype=np.float32, workers=-1, **options)


def _highest(*steps: tuple[int, npt.NDArray[np.bool_]]) -> Levels:
    return np.select(
        [reached for _, reached in steps], [np.int8(level) for level, _ in steps], np.int8(0)
    ).astype(np.int8)


def _mailbox(address: str) -> str:
    return address.partition("@")[0] or address
