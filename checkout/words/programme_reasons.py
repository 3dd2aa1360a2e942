"""Reasons of the whole programme as sentences for staff: rules, promotions, refunds, limits."""

from collections.abc import Callable, Mapping
from datetime import date

from checkout.words.catalogue import Words
from checkout.words.figures import Params, amount, decimal_text, percent

Wording = Callable[[Words, Params, str], str]


def _money(words: Words, params: Params, name: str, currency: str) -> str:
    return words.money(amount(name, params), currency)


def _by_visit(words: Words, params: Params, currency: str) -> str:
    points = amount("points", params)
    base = _money(words, params, "base_minor", currency)
    minimum = _money(words, params, "minimum_minor", currency)
    if not amount("minimum_minor", params):
        return words.plural("{count} point for the visit", "{count} points for the visit", points)
    if params.get("boundary") == "at_least":
        return words.plural(
            "{count} point for a visit of {base}, {minimum} or more",
            "{count} points for a visit of {base}, {minimum} or more",
            points,
            base=base,
            minimum=minimum,
        )
    return words.plural(
        "{count} point for a visit of {base}, more than {minimum}",
        "{count} points for a visit of {base}, more than {minimum}",
        points,
        base=base,
        minimum=minimum,
    )


def _below_minimum(words: Words, params: Params, currency: str) -> str:
    base = _money(words, params, "base_minor", currency)
    minimum = _money(words, params, "minimum_minor", currency)
    if params.get("boundary") == "at_least":
        return words.text("No points: {base} is less than {minimum}", base=base, minimum=minimum)
    return words.text("No points: {base} is not more than {minimum}", base=base, minimum=minimum)


def _by_unit(words: Words, params: Params, _currency: str) -> str:
    return words.plural(
        "{quantity} × {item}: {count} point each",
        "{quantity} × {item}: {count} points each",
        amount("points_each", params),
        item=params.get("item", ""),
        quantity=words.number(amount("quantity", params)),
    )


def _excluded(words: Words, params: Params, currency: str) -> str:
    return words.text(
        "Earns nothing by the programme: {items} ({amount})",
        items=params.get("items", ""),
        amount=_money(words, params, "excluded_minor", currency),
    )


def _gift_cards(words: Words, params: Params, currency: str) -> str:
    return words.text(
        "Earns when it is spent: {items} ({amount})",
        items=params.get("items", ""),
        amount=_money(words, params, "excluded_minor", currency),
    )


def _multiplied(words: Words, params: Params, _currency: str) -> str:
    return words.plural(
        "{count} more point: promotion “{promotion}”, points × {multiplier}",
        "{count} more points: promotion “{promotion}”, points × {multiplier}",
        amount("points", params),
        promotion=params.get("promotion", ""),
        multiplier=decimal_text(words, amount("multiplier_milli", params), 3),
    )


def _added(words: Words, params: Params, _currency: str) -> str:
    return words.plural(
        "{count} more point: promotion “{promotion}”",
        "{count} more points: promotion “{promotion}”",
        amount("points", params),
        promotion=params.get("promotion", ""),
    )


def _promotion_below(words: Words, params: Params, currency: str) -> str:
    return words.text(
        "“{promotion}” begins at {minimum}; {base} was spent",
        promotion=params.get("promotion", ""),
        minimum=_money(words, params, "minimum_minor", currency),
        base=_money(words, params, "base_minor", currency),
    )


def _promotion_limit(words: Words, params: Params, _currency: str) -> str:
    if params.get("per") == "day":
        return words.plural(
            "“{promotion}”: the member had it {count} time today, which is the limit",
            "“{promotion}”: the member had it {count} times today, which is the limit",
            amount("times", params),
            promotion=params.get("promotion", ""),
        )
    return words.plural(
        "“{promotion}”: the member had it {count} time, which is the limit",
        "“{promotion}”: the member had it {count} times, which is the limit",
        amount("times", params),
        promotion=params.get("promotion", ""),
    )


def _units(words: Words, params: Params, _currency: str) -> str:
    return words.text("It went to: {items}", items=params.get("items", ""))


def _staff_discount(words: Words, params: Params, currency: str) -> str:
    given = percent(words, amount("rate_ppm", params))
    if "rate_ppm" not in params:
        given = _money(words, params, "wanted_minor", currency)
    reason = params.get("reason") or words.text("no reason given")
    return words.text("{given} off, by staff: {reason}", given=given, reason=reason)


def _refund_takes(words: Words, params: Params, _currency: str) -> str:
    return words.plural(
        "What is left of the sale earns {count} point instead of {earned}",
        "What is left of the sale earns {count} points instead of {earned}",
        amount("kept", params),
        earned=words.number(amount("earned", params)),
    )


def _of_tier(source: Callable[[Words, str], str]) -> Wording:
    return lambda words, params, _currency: source(words, str(params.get("tier", "")))


def _expired(words: Words, params: Params, _currency: str) -> str:
    return words.text(
        "Earned on {earned}, expired on {expired}",
        earned=_day(words, params.get("earned_on")),
        expired=_day(words, params.get("expired_on")),
    )


def _debt(words: Words, params: Params, _currency: str) -> str:
    return words.plural(
        "{count} point of it settles an earlier refund",
        "{count} points of it settle an earlier refund",
        amount("points", params),
    )


def _range(words: Words, params: Params, _currency: str) -> str:
    if "min" not in params:
        return words.text("This number is out of range")
    return words.text(
        "A number from {min} to {max}",
        min=words.number(amount("min", params)),
        max=words.number(amount("max", params)),
    )


def _day(words: Words, value: object) -> str:
    try:
        return words.day(date.fromisoformat(str(value)))
    except ValueError:
        return str(value or "–")


def _promotion_named(source: Callable[[Words, str], str]) -> Wording:
    return lambda words, params, _currency: source(words, str(params.get("promotion", "")))


PROGRAMME_WORDINGS: Mapping[str, Wording] = {
    "points_by_visit": _by_visit,
    "no_points_below_minimum": _below_minimum,
    "points_by_item": _by_unit,
    "points_by_category": _by_unit,
    "items_excluded": _excluded,
    "gift_cards_earn_later": _gift_cards,
    "promotion_multiplied": _multiplied,
    "promotion_added": _added,
    "promotion_not_now": _promotion_named(
        lambda words, name: words.text("“{promotion}” runs, but not at this hour", promotion=name)
    ),
    "promotion_below_minimum": _promotion_below,
    "promotion_without_item": _promotion_named(
        lambda words, name: words.text("“{promotion}” is for other items", promotion=name)
    ),
    "promotion_limit_reached": _promotion_limit,
    "promotion_gives_nothing": _promotion_named(
        lambda words, name: words.text("“{promotion}” adds less than one whole point", promotion=name)
    ),
    "reward_units": _units,
    "staff_discount": _staff_discount,
    "staff_discount_cut_to_base": lambda words, params, currency: words.text(
        "Limited to {limit}, all that was left to pay", limit=_money(words, params, "base_minor", currency)
    ),
    "refund_takes_points": _refund_takes,
    "refund_returns_reward": _of_tier(
        lambda words, tier: words.text("The whole sale came back, and so does “{tier}”", tier=tier)
    ),
    "refund_keeps_reward": _of_tier(
        lambda words, tier: words.text("Part of the sale stays: “{tier}” stays used", tier=tier)
    ),
    "points_expired": _expired,
    "points_adjusted": lambda words, params, _currency: words.text(
        "By hand: {reason}", reason=params.get("reason", "")
    ),
    "points_moved": lambda words, params, _currency: words.text(
        "Moved between accounts: {reason}", reason=params.get("reason", "")
    ),
    "accounts_merged": lambda words, _params, _currency: words.text(
        "Two accounts of one person put together"
    ),
    "birthday": lambda words, params, _currency: words.text(
        "Birthday gift of {year}", year=params.get("year", "")
    ),
    "opening_balance": lambda words, params, _currency: words.text(
        "Brought along from “{origin}”", origin=params.get("origin", "")
    ),
    "debt_paid": _debt,
    "too_many_tiers": lambda words, params, _currency: words.text(
        "There are {max} rewards already. Delete one before you create another.",
        max=words.number(amount("max", params)),
    ),
    "tier_name_too_long": lambda words, params, _currency: words.text(
        "The name has {length} characters; at most {max} fit on the till, the receipt and the kiosk.",
        length=words.number(amount("length", params)),
        max=words.number(amount("max", params)),
    ),
    "promotion_name_too_long": lambda words, params, _currency: words.text(
        "The name has {length} characters; at most {max} fit.",
        length=words.number(amount("length", params)),
        max=words.number(amount("max", params)),
    ),
    "too_many_promotions": lambda words, params, _currency: words.text(
        "{max} promotions run or are planned already. Cancel one before you create another.",
        max=words.number(amount("max", params)),
    ),
    "programme_changed_meanwhile": lambda words, params, _currency: words.text(
        "A colleague has published version {version} in the meantime. Look at it, then change what is left to change.",  # noqa: E501
        version=words.number(amount("version", params)),
    ),
    "confirmation_limit_reached": lambda words, params, _currency: words.plural(
        "Staff may confirm {count} reward a day for a member; the card must be shown now",
        "Staff may confirm {count} rewards a day for a member; the card must be shown now",
        amount("max", params),
    ),
    "away_limit_reached": lambda words, params, _currency: words.text(
        "For rewards given while the station was away: {max} points a day of one member, {left} of them left",
        max=words.number(amount("max", params)),
        left=words.number(amount("left", params)),
    ),
    "amount_out_of_range": _range,
}
"""By reason code; each gets the parameters that ``loyalty.domain.why`` lists for it."""

PROGRAMME_REFUSALS: Mapping[str, str] = {
    "no_points_without_item": "No points: nothing that earns was paid for",
    "tier_name_missing": "Give the reward a name",
    "reward_limit_reached": "No further reward: the shop’s limit for one sale is reached",
    "balances_unconfirmed": "A back-up was restored: no rewards until the balances are confirmed",
    "invoices_earn_only": "Invoices earn points; rewards are used at the counter or online",
    "promotion_items_need_spending_rule": "Promotions for certain items go with a rule by visit or by amount",
    "refund_keeps_points": "What is left of the sale earns as much as before",
    "promotion_over": "This promotion is over already",
    "same_account": "These are the same member",
    "entry_not_movable": "Nothing of this visit can move any more",
    "draft_changed_meanwhile": "A colleague has changed the draft in the meantime. Look at it, then save yours on top.",  # noqa: E501
    "settings_changed_meanwhile": "A colleague has saved these settings in the meantime; below is what you typed. Save again to keep yours.",  # noqa: E501
    "order_empty": "The order is empty",
    "card_unknown": "No member is linked to this payment card",
    "card_of_another_member": "This payment card is another member’s",
    "sms_country_not_allowed": "Numbers of this country get no SMS",
    "sms_number_limit": "This number got enough messages for now",
    "sms_device_limit": "This kiosk caused enough messages for now",
    "sms_shop_limit": "The shop’s limit of messages for the day is reached",
    "sms_budget_spent": "The day’s budget for messages is spent",
    "promotion_unknown": "This promotion does not exist",
    "programme_unknown": "There is no programme yet",
    "reason_missing": "Say why: the reason stays with the entry",
    "own_account": "Nobody changes the points of their own account; ask a colleague",
    "named_twice": "The same thing is named twice",
}
"""Source texts of reasons that need no parameters."""
