"""Rows joined to persons by the pairs between them."""

import numpy as np

from loyalty.domain.duplicates.columns import Longs


def persons_of(rows: int, left: Longs, right: Longs) -> Longs:
    """For each row the smallest row that it is joined to, directly or through others."""
    persons = np.arange(rows, dtype=np.int64)
    while True:
        smallest = np.minimum(persons[left], persons[right])
        joined = persons.copy()
        np.minimum.at(joined, left, smallest)
        np.minimum.at(joined, right, smallest)
        np.minimum.at(joined, persons[left], smallest)
        np.minimum.at(joined, persons[right], smallest)
        joined = joined[joined]
        if np.array_equal(joined, persons):
            return persons
        persons = joined
