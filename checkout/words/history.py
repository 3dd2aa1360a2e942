"""The member's history in words: what each booking was, and why (rows 127, 173)."""

from collections.abc import Callable, Mapping

from checkout.words.catalogue import Words
from loyalty.domain.ledger import EntryKind
from loyalty.domain.why import Why, WhyCode

Params = Mapping[str, int | str]
_Wording = Callable[[Words, Params, str], str]


def entry_title(words: Words, kind: EntryKind) -> str:
    """What happened, as a member calls it."""
    return words.text(ENTRY_TITLES[kind])


def entry_reasons(words: Words, why: tuple[Why, ...], currency: str) -> list[str]:
    """A sentence for each reason that tells a member something; what staff typed is not among them."""
    worded = [(_REASONS.get(reason.code), reason.params) for reason in why]
    return [wording(words, params, currency) for wording, params in worded if wording is not None]


ENTRY_TITLES: Mapping[EntryKind, str] = {
    EntryKind.EARN: "Purchase",
    EntryKind.REDEEM: "Reward used",
    EntryKind.OPENING: "Points brought along",
    EntryKind.CORRECTION: "Corrected by the shop",
    EntryKind.PROMOTION: "Promotion",
    EntryKind.REVERSE: "Taken back after a refund",
    EntryKind.RETURN: "Given back after a refund",
    EntryKind.EXPIRE: "Points expired",
    EntryKind.ADJUST: "Changed by the shop",
    EntryKind.BONUS: "A gift from the shop",
}


def _number(params: Params, name: str) -> int:
    value = params.get(name, 0)
    return value if isinstance(value, int) else 0


def _money(words: Words, params: Params, name: str, currency: str) -> str:
    return words.money(_number(params, name), currency)


def _by_amount(words: Words, params: Params, currency: str) -> str:
    return words.plural(
        "{count} point for each {tranche} of {base}",
        "{count} points for each {tranche} of {base}",
        _number(params, "points_per_tranche") or 1,
        tranche=_money(words, params, "tranche_minor", currency),
        base=_money(words, params, "base_minor", currency),
    )


def _by_visit(words: Words, params: Params, currency: str) -> str:
    return words.text("A visit with a purchase of {base}", base=_money(words, params, "base_minor", currency))


def _by_item(words: Words, params: Params, _currency: str) -> str:
    item, quantity = params.get("item", ""), words.number(_number(params, "quantity") or 1)
    return words.plural(
        "{quantity} × {item}: {count} point each",
        "{quantity} × {item}: {count} points each",
        _number(params, "points_each"),
        item=item,
        quantity=quantity,
    )


def _promotion(words: Words, params: Params, _currency: str) -> str:
    return words.text("Promotion “{promotion}”", promotion=params.get("promotion", ""))


def _tier(words: Words, params: Params, _currency: str) -> str:
    return words.text("Reward “{tier}”", tier=params.get("tier", ""))


def _excluded(words: Words, params: Params, _currency: str) -> str:
    return words.text("Without {items}", items=params.get("items", ""))


def _gift_cards(words: Words, params: Params, _currency: str) -> str:
    return words.text("{items} earns when it is spent", items=params.get("items", ""))


def _refunded(words: Words, params: Params, _currency: str) -> str:
    return words.plural(
        "What you kept earns {count} point",
        "What you kept earns {count} points",
        _number(params, "kept"),
    )


def _debt(words: Words, params: Params, _currency: str) -> str:
    return words.plural(
        "{count} point of it settles an earlier refund",
        "{count} points of it settle an earlier refund",
        _number(params, "points"),
    )


_REASONS: Mapping[WhyCode, _Wording] = {
    WhyCode.POINTS_BY_AMOUNT: _by_amount,
    WhyCode.POINTS_BY_VISIT: _by_visit,
    WhyCode.POINTS_BY_ITEM: _by_item,
    WhyCode.POINTS_BY_CATEGORY: _by_item,
    WhyCode.ITEMS_EXCLUDED: _excluded,
    WhyCode.GIFT_CARDS_EARN_LATER: _gift_cards,
    WhyCode.PROMOTION_MULTIPLIED: _promotion,
    WhyCode.PROMOTION_ADDED: _promotion,
    WhyCode.REWARD: _tier,
    WhyCode.REFUND_TAKES_POINTS: _refunded,
    WhyCode.REFUND_RETURNS_REWARD: _tier,
    WhyCode.BIRTHDAY: lambda words, _params, _currency: words.text("For your birthday"),
    WhyCode.DEBT_PAID: _debt,
}
"""Reasons without an entry say nothing that the title does not, or hold what staff typed."""
