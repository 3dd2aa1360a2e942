"""The earning rule as form fields, and form fields as a rule (rows 120, 128-133)."""

from collections.abc import Collection, Mapping
from uuid import UUID

from checkout.programme.goods import Goods
from checkout.programme.typed import FieldReader, Problem, Typed, amount_text
from checkout.words import Words
from loyalty.domain.accrual import (
    ACCRUAL_RULES,
    AccrualRule,
    AmountRule,
    Boundary,
    CategoryRule,
    Grant,
    ItemRule,
    TaxMode,
    VisitRule,
)

MAX_POINTS_EACH = 1_000
_MAX_MINOR = 1_000_00
ITEM_GRANT, CATEGORY_GRANT = "item-", "category-"


def rule_typed(rule: AccrualRule, currency: str, words: Words) -> Typed:
    """The fields that show this rule; those of the other kinds have what a new rule would have."""
    pairs: list[tuple[str, str]] = [("earn_by", rule.kind)]
    amount = rule if isinstance(rule, AmountRule) else AmountRule(tranche_minor=100)
    pairs += [
        ("tranche", amount_text(amount.tranche_minor, currency, words)),
        ("tranche_points", str(amount.points_per_tranche)),
    ]
    visit = rule if isinstance(rule, VisitRule) else VisitRule(minimum_minor=500)
    pairs += [
        ("minimum", amount_text(visit.minimum_minor, currency, words)),
        ("boundary", visit.boundary.value),
        ("visit_points", str(visit.points)),
    ]
    if isinstance(rule, AmountRule | VisitRule):
        pairs.append(("tax_mode", rule.tax_mode.value))
        pairs += [("excluded_category", str(each)) for each in rule.excluded_category_ids]
    else:
        pairs.append(("tax_mode", TaxMode.BEFORE_TAX.value))
    if not isinstance(rule, ItemRule):
        pairs += [("excluded_item", str(each)) for each in rule.excluded_item_ids]
    if isinstance(rule, ItemRule):
        pairs += [(f"{ITEM_GRANT}{grant.id}", str(grant.points)) for grant in rule.grants]
    if isinstance(rule, CategoryRule):
        pairs += [(f"{CATEGORY_GRANT}{grant.id}", str(grant.points)) for grant in rule.grants]
    return Typed.of(pairs)


def read_rule(reader: FieldReader, goods: Goods) -> AccrualRule | None:
    """The rule that the fields say; None where the reader has problems."""
    kind = reader.choice("earn_by", ACCRUAL_RULES, AmountRule.kind)
    if kind == ItemRule.kind:
        item_grants = read_grants(reader, ITEM_GRANT, goods.items)
        return None if reader.problems else ItemRule(item_grants)
    excluded_items = reader.ids("excluded_item", goods.items)
    if kind == CategoryRule.kind:
        category_grants = read_grants(reader, CATEGORY_GRANT, goods.categories)
        return None if reader.problems else CategoryRule(category_grants, excluded_items)
    tax_mode = TaxMode(reader.choice("tax_mode", list(TaxMode), TaxMode.BEFORE_TAX))
    excluded_categories = reader.ids("excluded_category", goods.categories)
    if kind == VisitRule.kind:
        visit = VisitRule(
            points=reader.whole("visit_points", 1, MAX_POINTS_EACH),
            minimum_minor=reader.money("minimum", 0, _MAX_MINOR),
            boundary=Boundary(reader.choice("boundary", list(Boundary), Boundary.MORE_THAN)),
            tax_mode=tax_mode,
            excluded_item_ids=excluded_items,
            excluded_category_ids=excluded_categories,
        )
        return None if reader.problems else visit
    amount = AmountRule(
        tranche_minor=reader.money("tranche", 1, _MAX_MINOR),
        points_per_tranche=reader.whole("tranche_points", 1, MAX_POINTS_EACH),
        tax_mode=tax_mode,
        excluded_item_ids=excluded_items,
        excluded_category_ids=excluded_categories,
    )
    return None if reader.problems else amount


def read_grants(
    reader: FieldReader, prefix: str, known: Mapping[UUID, object] | Collection[UUID]
) -> tuple[Grant, ...]:
    """Points for each unit of the things whose field is filled in; an empty field or zero gives none."""
    grants: list[Grant] = []
    for each in known:
        name = f"{prefix}{each}"
        if reader.text(name).strip() in ("", "0"):
            continue
        grants.append(Grant(each, reader.whole(name, 1, MAX_POINTS_EACH)))
    if not grants:
        reader.refuse(f"{prefix}grants", Problem("points_for_one"))
    return tuple(grants)
