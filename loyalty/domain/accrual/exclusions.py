"""What earns nothing: items and categories that the shop names (row 129), and gift cards (row 206)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.accrual.base import AccrualBase, EarningLine, TaxMode
from loyalty.domain.why import Why, WhyCode


@dataclass(frozen=True, slots=True)
class Spending:
    """The part of a base that counts, and what was left out of it."""

    amount_minor: int
    """Zero or more, in the tax mode asked for."""
    lines: tuple[EarningLine, ...]
    """The lines that count and were paid for."""
    excluded: tuple[EarningLine, ...]
    excluded_minor: int

    def why(self, rule_version: int) -> tuple[Why, ...]:
        """Names what was left out; nothing where nothing was."""
        return excluded_why(self.excluded, self.excluded_minor, rule_version)


def spending(
    base: AccrualBase, tax_mode: TaxMode, item_ids: Iterable[UUID] = (), category_ids: Iterable[UUID] = ()
) -> Spending:
    """The base without the lines of these items (or variations) and categories."""
    items, categories = frozenset(item_ids), frozenset(category_ids)
    excluded = tuple(line for line in base.lines if _is_one_of(line, items, categories))
    excluded_minor = sum(_amount(line, tax_mode) for line in excluded)
    whole_minor = base.before_tax_minor if tax_mode is TaxMode.BEFORE_TAX else base.after_tax_minor
    return Spending(
        amount_minor=max(0, whole_minor - excluded_minor),
        lines=tuple(line for line in base.lines if line not in excluded and line.quantity > 0),
        excluded=excluded,
        excluded_minor=excluded_minor,
    )


def excluded_why(excluded: Sequence[EarningLine], excluded_minor: int, rule_version: int) -> tuple[Why, ...]:
    """The reason that names what earns nothing by the shop's choice."""
    if not excluded:
        return ()
    params: dict[str, int | str] = {
        "items": ", ".join(sorted({line.name for line in excluded})),
        "excluded_minor": excluded_minor,
        "rule_version": rule_version,
    }
    return (Why(WhyCode.ITEMS_EXCLUDED, params),)


def gift_cards_why(base: AccrualBase) -> tuple[Why, ...]:
    """The reason that names the gift cards set aside; nothing where there are none."""
    if not base.gift_cards:
        return ()
    params: dict[str, int | str] = {
        "items": ", ".join(sorted({line.name for line in base.gift_cards})),
        "excluded_minor": sum(line.after_tax_minor for line in base.gift_cards),
        "rule_version": base.rule_version,
    }
    return (Why(WhyCode.GIFT_CARDS_EARN_LATER, params),)


def in_order(ids: Iterable[UUID]) -> tuple[UUID, ...]:
    """Ids as rules keep them: each once, sorted, so that equal rules are equal values."""
    return tuple(sorted(set(ids)))


def _is_one_of(line: EarningLine, items: frozenset[UUID], categories: frozenset[UUID]) -> bool:
    return line.item_id in items or line.variation_id in items or line.category_id in categories


def _amount(line: EarningLine, tax_mode: TaxMode) -> int:
    return line.before_tax_minor if tax_mode is TaxMode.BEFORE_TAX else line.after_tax_minor
