"""An item for nothing."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.group import DiscountScope
from loyalty.domain.rewards.scope import check_scope


@dataclass(frozen=True, slots=True)
class FreeItem:
    """Up to ``units`` units of what the scope covers for nothing, the dearest ones.

    A ceiling makes it "up to so much": what the unit costs above it is paid. A unit that is wholly free
    earns no points by item.
    """

    scope: DiscountScope
    units: int = 1
    ceiling_minor: int | None = None
    kind: ClassVar[str] = "free_item"
    order: ClassVar[int] = 2
    """First of all rewards, so that a percentage is never taken of something that is free anyway."""

    def __post_init__(self) -> None:
        check_scope(self.scope, self.units, self.ceiling_minor)

    def quote(self, base_minor: int) -> int:
        """The discount before ceiling and base cut it."""
        return base_minor
