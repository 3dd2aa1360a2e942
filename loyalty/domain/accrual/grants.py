"""How many points one unit of something earns."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class Grant:
    """``points`` for each unit of an item, a variation or a category."""

    id: UUID
    points: int

    def __post_init__(self) -> None:
        if self.points <= 0:
            raise InvalidValueError("a unit earns more than zero points", points=self.points)


def checked_grants(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    """The grants sorted by id.

    Raises:
        InvalidValueError: Two of them name the same thing.
    """
    in_order = tuple(sorted(grants, key=lambda grant: grant.id))
    if len({grant.id for grant in in_order}) != len(in_order):
        raise InvalidValueError("two grants name the same item or category")
    return in_order
