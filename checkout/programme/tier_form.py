"""A reward tier as form fields, and form fields as a tier (rows 136, 139-141)."""

from checkout.programme.goods import Goods
from checkout.programme.typed import FieldReader, Problem, Typed, amount_text
from checkout.words import Words
from checkout.words.figures import decimal_text
from loyalty.domain.group import DiscountScope, ScopeKind
from loyalty.domain.money import PPM
from loyalty.domain.programme import RewardTier
from loyalty.domain.programme_edit import MAX_POINTS, TierDraft, checked_tier_name
from loyalty.domain.rewards import (
    REWARDS,
    AmountOffItems,
    AmountOffSale,
    FreeItem,
    PercentageOffItems,
    PercentageOffSale,
    RewardTerms,
)
from loyalty.domain.why import Refused

_MAX_MINOR = 10_000_00
_MAX_UNITS = 99

NEW_TIER = Typed.of(
    [
        ("name", ""),
        ("points", ""),
        ("kind", AmountOffSale.kind),
        ("amount", ""),
        ("rate", ""),
        ("units", "1"),
        ("scope", ScopeKind.ITEM.value),
        ("ceiling", ""),
    ]
)


def tier_typed(tier: RewardTier, words: Words, currency: str) -> Typed:
    """The fields that show this tier."""
    terms = tier.terms
    pairs = [("name", tier.name), ("points", str(tier.points)), ("kind", terms.kind)]
    is_amount = isinstance(terms, AmountOffSale | AmountOffItems)
    is_rate = isinstance(terms, PercentageOffSale | PercentageOffItems)
    pairs.append(
        ("amount", amount_text(terms.amount_minor, currency, words) if is_amount else "")  # type: ignore[union-attr]
    )
    pairs.append(("rate", decimal_text(words, terms.rate_ppm, 4) if is_rate else ""))  # type: ignore[union-attr]
    pairs.append(("units", "" if terms.units is None else str(terms.units)))
    scope = terms.scope
    pairs.append(("scope", ScopeKind.ITEM if scope.kind is ScopeKind.WHOLE_SALE else scope.kind.value))
    name = "category" if scope.kind is ScopeKind.CATEGORY else "item"
    pairs += [(name, str(each)) for each in scope.ids]
    ceiling = terms.ceiling_minor
    pairs.append(("ceiling", "" if ceiling is None else amount_text(ceiling, currency, words)))
    return Typed.of(pairs)


def read_tier(reader: FieldReader, goods: Goods) -> TierDraft | None:
    """The tier that the fields say; None where the reader has problems."""
    name = checked_tier_name(reader.text("name"))
    if isinstance(name, Refused):
        reader.refuse("name", name)
        name = ""
    points = reader.whole("points", 1, MAX_POINTS)
    terms = _terms(reader, goods)
    return None if reader.problems or terms is None else TierDraft(name, points, terms)


def _terms(reader: FieldReader, goods: Goods) -> RewardTerms | None:
    kind = reader.choice("kind", REWARDS, AmountOffSale.kind)
    ceiling = reader.optional_money("ceiling", _MAX_MINOR)
    if kind == AmountOffSale.kind:
        return AmountOffSale(reader.money("amount", 1, _MAX_MINOR), ceiling)
    if kind == PercentageOffSale.kind:
        return PercentageOffSale(read_rate(reader, "rate"), ceiling)
    scope = _scope(reader, goods)
    if scope is None:
        return None
    if kind == FreeItem.kind:
        return FreeItem(scope, reader.whole("units", 1, _MAX_UNITS), ceiling)
    units = reader.whole("units", 1, _MAX_UNITS) if reader.text("units").strip() else None
    if kind == PercentageOffItems.kind:
        return PercentageOffItems(read_rate(reader, "rate"), scope, units, ceiling)
    return AmountOffItems(reader.money("amount", 1, _MAX_MINOR), scope, units, ceiling)


def read_rate(reader: FieldReader, name: str) -> int:
    """A percentage in parts per million."""
    return reader.scaled(name, 4, 1, PPM, "rate_out_of_range")


def _scope(reader: FieldReader, goods: Goods) -> DiscountScope | None:
    kinds = (ScopeKind.ITEM.value, ScopeKind.CATEGORY.value)
    kind = ScopeKind(reader.choice("scope", kinds, ScopeKind.ITEM.value))
    if kind is ScopeKind.CATEGORY:
        ids = reader.ids("category", goods.categories)
    else:
        ids = reader.ids("item", goods.items)
    if not ids:
        reader.refuse("item" if kind is ScopeKind.ITEM else "category", Problem("choose_items"))
        return None
    return DiscountScope(kind, frozenset(ids))
