"""Accrual rules: one module each, registered by its kind. A programme has exactly one (row 121).

A new kind is a module with a frozen class (``kind``, ``accrue(base)``) and a line in ``ACCRUAL_RULES``.
Rules are stored through ``loyalty.domain.parameters``.
"""

from loyalty.domain.accrual.amount_rule import AmountRule
from loyalty.domain.accrual.base import AccrualBase, Accrued, EarningLine, TaxMode
from loyalty.domain.accrual.category_rule import CategoryRule
from loyalty.domain.accrual.exclusions import gift_cards_why
from loyalty.domain.accrual.grants import Grant
from loyalty.domain.accrual.item_rule import ItemRule
from loyalty.domain.accrual.visit_rule import Boundary, VisitRule

AccrualRule = AmountRule | VisitRule | ItemRule | CategoryRule
"""What earns points: frozen parameters with ``kind`` and ``accrue(base)``."""

ACCRUAL_RULES: dict[str, type[AccrualRule]] = {
    AmountRule.kind: AmountRule,
    VisitRule.kind: VisitRule,
    ItemRule.kind: ItemRule,
    CategoryRule.kind: CategoryRule,
}

__all__ = [
    "ACCRUAL_RULES",
    "AccrualBase",
    "AccrualRule",
    "Accrued",
    "AmountRule",
    "Boundary",
    "CategoryRule",
    "EarningLine",
    "Grant",
    "ItemRule",
    "TaxMode",
    "VisitRule",
    "gift_cards_why",
]
