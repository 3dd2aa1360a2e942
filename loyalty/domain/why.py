"""Reasons as data: why a point, a discount or a refusal. Worded at the edge, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class WhyCode(StrEnum):
    """Reasons for what a customer gets. Parameters in brackets."""

    POINTS_BY_AMOUNT = "points_by_amount"
    """[points, base_minor, tranche_minor, points_per_tranche, rule_version, tax_mode]"""
    NO_POINTS_BELOW_TRANCHE = "no_points_below_tranche"
    """[base_minor, tranche_minor, rule_version]"""
    NO_POINTS_WITHOUT_ACCOUNT = "no_points_without_account"
    NO_POINTS_IN_TRAINING = "no_points_in_training"
    NO_POINTS_WITHOUT_PROGRAMME = "no_points_without_programme"
    NO_POINTS_TRUST_TOO_LOW = "no_points_trust_too_low"
    """[trust, needed]"""
    GROUP_DISCOUNT = "group_discount"
    """[group, group_id, rate_ppm, base_minor]"""
    GROUP_DISCOUNT_CONFIRMED = "group_discount_confirmed"
    """The same, applied by a tap of staff (decision X15)."""
    GROUP_DISCOUNT_PROPOSED = "group_discount_proposed"
    """The same, waiting for a tap of staff."""
    REWARD = "reward"
    """[tier, tier_id, points, base_minor]"""
    REWARD_CUT_TO_CEILING = "reward_cut_to_ceiling"
    """[tier, ceiling_minor, uncut_minor]"""
    REWARD_CUT_TO_BASE = "reward_cut_to_base"
    """[tier, base_minor, uncut_minor]"""
    REWARD_WITHOUT_EFFECT = "reward_without_effect"
    """[tier]: nothing was left to discount."""


class Refusal(StrEnum):
    """Why something asked for was not done. Stable: messages, pages and tests carry these codes."""

    PHONE_NUMBER_INVALID = "phone_number_invalid"
    NOT_RECOGNISED = "not_recognised"
    CODE_MALFORMED = "code_malformed"
    CODE_SIGNATURE_WRONG = "code_signature_wrong"
    CODE_OF_ANOTHER_SHOP = "code_of_another_shop"
    CARD_REVOKED = "card_revoked"
    LANE_UNKNOWN = "lane_unknown"
    SALE_UNKNOWN = "sale_unknown"
    SALE_CLOSED = "sale_closed"
    SALE_EMPTY = "sale_empty"
    SALE_ALREADY_OPEN = "sale_already_open"
    SALE_HELD = "sale_held"
    SALE_CHANGED = "sale_changed"
    LINE_UNKNOWN = "line_unknown"
    ITEM_UNKNOWN = "item_unknown"
    QUANTITY_OUT_OF_RANGE = "quantity_out_of_range"
    SESSION_ENDED = "session_ended"
    NO_MEMBER = "no_member"
    NO_PROPOSED_DISCOUNT = "no_proposed_discount"
    TIER_UNKNOWN = "tier_unknown"
    NOT_ENOUGH_POINTS = "not_enough_points"
    TRUST_TOO_LOW = "trust_too_low"
    ALREADY_APPLIED = "already_applied"
    NOT_APPLIED = "not_applied"
    NOTHING_TO_DISCOUNT = "nothing_to_discount"
    NOT_ENOUGH_TENDERED = "not_enough_tendered"
    CLAIM_WRONG = "claim_wrong"
    CLAIM_ALREADY_MADE = "claim_already_made"
    SIGN_IN_WRONG = "sign_in_wrong"
    SIGN_IN_LOCKED = "sign_in_locked"
    PASSWORD_TOO_SHORT = "password_too_short"  # noqa: S105 - a reason, not a password
    NAME_INVALID = "name_invalid"


@dataclass(frozen=True, slots=True)
class Why:
    """One reason; ``params`` are JSON scalars and hold no contact data."""

    code: WhyCode
    params: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refused:
    """The answer of a use case that did nothing, and why. Falsy, so that ``if not result`` reads well."""

    reason: Refusal
    params: Mapping[str, int | str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return False
