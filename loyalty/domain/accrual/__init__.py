"""Accrual rules: one module each, registered by its kind. A programme has exactly one (row 121)."""

from loyalty.domain.accrual.amount_rule import AmountRule, TaxMode
from loyalty.domain.accrual.base import AccrualBase, Accrued

AccrualRule = AmountRule
"""What earns points: frozen parameters with ``kind`` and ``accrue(base)``. A union once there are more."""

ACCRUAL_RULES: dict[str, type[AccrualRule]] = {AmountRule.kind: AmountRule}

__all__ = ["ACCRUAL_RULES", "AccrualBase", "AccrualRule", "Accrued", "AmountRule", "TaxMode"]
