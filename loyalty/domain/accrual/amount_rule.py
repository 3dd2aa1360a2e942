"""Points for the amount spent (row 130)."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from loyalty.domain.accrual.base import AccrualBase, Accrued, TaxMode
from loyalty.domain.accrual.exclusions import in_order, spending
from loyalty.domain.why import Why, WhyCode
from loyalty.errors import InvalidValueError


@dataclass(frozen=True, slots=True)
class AmountRule:
    """``points_per_tranche`` for every whole tranche of ``tranche_minor`` spent; a part earns nothing."""

    tranche_minor: int
    points_per_tranche: int = 1
    tax_mode: TaxMode = TaxMode.BEFORE_TAX
    excluded_item_ids: tuple[UUID, ...] = ()
    """Items or variations that do not count as spent."""
    excluded_category_ids: tuple[UUID, ...] = ()
    kind: ClassVar[str] = "amount"

    def __post_init__(self) -> None:
        if self.tranche_minor <= 0 or self.points_per_tranche <= 0:
            raise InvalidValueError("tranche and points of an amount rule are more than zero")
        object.__setattr__(self, "excluded_item_ids", in_order(self.excluded_item_ids))
        object.__setattr__(self, "excluded_category_ids", in_order(self.excluded_category_ids))

    def accrue(self, base: AccrualBase) -> Accrued:
        """The points that a sale of this base earns."""
        spent = spending(base, self.tax_mode, self.excluded_item_ids, self.excluded_category_ids)
        points = spent.amount_minor // self.tranche_minor * self.points_per_tranche
        params: dict[str, int | str] = {
            "points": points,
            "base_minor": spent.amount_minor,
            "tranche_minor": self.tranche_minor,
            "points_per_tranche": self.points_per_tranche,
            "rule_version": base.rule_version,
            "tax_mode": self.tax_mode.value,
        }
        code = WhyCode.POINTS_BY_AMOUNT if points else WhyCode.NO_POINTS_BELOW_TRANCHE
        return Accrued(points, (Why(code, params), *spent.why(base.rule_version)))
