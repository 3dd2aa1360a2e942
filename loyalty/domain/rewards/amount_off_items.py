"""A fixed amount off items that are named one by one or by their category."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.group import DiscountScope
from loyalty.domain.rewards.scope import check_scope
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class AmountOffItems:
    """``amount_minor``, once, off up to ``units`` units of what the scope covers, the dearest ones.

    With ``units`` None it is off everything covered. Never more than these units cost.
    """

    amount_minor: int
    scope: DiscountScope
    units: int | None = 1
    ceiling_minor: int | None = None
    kind: ClassVar[str] = "amount_off_items"
    order: ClassVar[int] = 6

    def __post_init__(self) -> None:
        if self.amount_minor <= 0:
            raise InvalidValueError("an amount reward is more than zero")
        check_scope(self.scope, self.units, self.ceiling_minor)

    def quote(self, base_minor: int) -> int:  # noqa: ARG002 - one signature for all kinds
        """The discount before ceiling and base cut it."""
        return self.amount_minor
