"""A fixed amount off the sale."""

from dataclasses import dataclass
from typing import ClassVar

from loyalty.domain.group import DiscountScope
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class AmountOffSale:
    """``amount_minor`` off the sale, never more than what is left of it."""

    amount_minor: int
    ceiling_minor: int | None = None
    kind: ClassVar[str] = "amount_off_sale"
    order: ClassVar[int] = 20
    scope: ClassVar[DiscountScope] = DiscountScope()
    units: ClassVar[int | None] = None

    def __post_init__(self) -> None:
        if self.amount_minor <= 0:
            raise InvalidValueError("an amount reward is more than zero")
        if self.ceiling_minor is not None and self.ceiling_minor <= 0:
            raise InvalidValueError("a reward's ceiling is more than zero")

    def quote(self, base_minor: int) -> int:  # noqa: ARG002 - one signature for all kinds
        """The discount before ceiling and base cut it."""
        return self.amount_minor
