"""Why two rows are taken for one person, field by field, as data."""

from collections.abc import Mapping
from enum import StrEnum

from loyalty.domain.duplicates.comparisons import Compared, highest_level
from loyalty.domain.duplicates.fields import Field


class Agreement(StrEnum):
    """How two rows agree in a field that both have."""

    EQUAL = "equal"
    ALIKE = "alike"
    DIFFERENT = "different"


def reasons(compared: Mapping[Field, Compared], pair: int) -> dict[Field, Agreement]:
    """How the pair at this place agrees; fields that either row does not have are left out."""
    known = {field: int(each.levels[pair]) for field, each in compared.items()}
    return {field: _agreement(field, level) for field, level in known.items() if level >= 0}


def _agreement(field: Field, level: int) -> Agreement:
    highest = highest_level(field)
    if level == highest:
        return Agreement.EQUAL
    return Agreement.ALIKE if level > (1 if highest > 3 else 0) else Agreement.DIFFERENT
