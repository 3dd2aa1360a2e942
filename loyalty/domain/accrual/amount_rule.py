"""Points for the amount spent (row 130)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from loyalty.domain.accrual.base import AccrualBase, Accrued
from loyalty.domain.why import Why, WhyCode
from loyalty.errors import InvalidValueError


class TaxMode(StrEnum):
    """Whether the tax counts as spent; before tax unless the shop chooses otherwise (row 132, X6)."""

    BEFORE_TAX = "before_tax"
    AFTER_TAX = "after_tax"


@dataclass(frozen=True, slots=True)
class AmountRule:
    """``points_per_tranche`` for every whole tranche of ``tranche_minor`` spent; a part earns nothing."""

    tranche_minor: int
    points_per_tranche: int = 1
    tax_mode: TaxMode = TaxMode.BEFORE_TAX
    kind: ClassVar[str] = "amount"

    def __post_init__(self) -> None:
        if self.tranche_minor <= 0 or self.points_per_tranche <= 0:
            raise InvalidValueError("tranche and points of an amount rule are more than zero")

    def accrue(self, base: AccrualBase) -> Accrued:
        """The points that a sale of this base earns."""
        before_tax = self.tax_mode is TaxMode.BEFORE_TAX
        spent_minor = max(0, base.before_tax_minor if before_tax else base.after_tax_minor)
        points = spent_minor // self.tranche_minor * self.points_per_tranche
        params: dict[str, int | str] = {
            "points": points,
            "base_minor": spent_minor,
            "tranche_minor": self.tranche_minor,
            "points_per_tranche": self.points_per_tranche,
            "rule_version": base.rule_version,
            "tax_mode": self.tax_mode.value,
        }
        code = WhyCode.POINTS_BY_AMOUNT if points else WhyCode.NO_POINTS_BELOW_TRANCHE
        return Accrued(points, (Why(code, params),))
