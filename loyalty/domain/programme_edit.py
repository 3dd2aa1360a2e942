"""Changing the programme: every change is a new version, checked before it is one (rows 119, 139-141)."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from loyalty.domain.programme import MAX_TIER_NAME_CHARS, MAX_TIERS, PointsName, ProgrammeVersion, RewardTier
from loyalty.domain.rewards import RewardTerms
from loyalty.domain.sale import Sale
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused

MAX_POINTS = 1_000_000
"""A reward that costs more is a slip of the keyboard."""
MAX_POINTS_NAME_CHARS = 30


@dataclass(frozen=True, slots=True)
class TierDraft:
    """A reward tier as somebody typed it."""

    name: str
    points: int
    terms: RewardTerms


def next_version(current: ProgrammeVersion, valid_from: datetime) -> ProgrammeVersion:
    """The same programme as its next version, to be changed with ``dataclasses.replace``.

    What was earned stays, rewards already on sales keep their terms, and tiers keep their ids.
    """
    return replace(current, version=current.version + 1, valid_from=valid_from)


def add_tier(
    current: ProgrammeVersion, draft: TierDraft, tier_id: UUID, valid_from: datetime
) -> ProgrammeVersion | Refused:
    """One more reward.

    Refusals: ``too_many_tiers`` for the sixteenth, ``tier_name_too_long`` for a name of 101 characters,
    ``tier_name_missing``, ``amount_out_of_range``.
    """
    if len(current.tiers) >= MAX_TIERS:
        return Refused(Refusal.TOO_MANY_TIERS, {"max": MAX_TIERS})
    tier = _checked(draft, tier_id)
    if isinstance(tier, Refused):
        return tier
    return replace(next_version(current, valid_from), tiers=(*current.tiers, tier))


def change_tier(
    current: ProgrammeVersion, tier_id: UUID, draft: TierDraft, valid_from: datetime
) -> ProgrammeVersion | Refused:
    """The reward of this id, with other name, price or terms; the id stays. Also ``tier_unknown``."""
    if current.tier(tier_id) is None:
        return Refused(Refusal.TIER_UNKNOWN)
    changed = _checked(draft, tier_id)
    if isinstance(changed, Refused):
        return changed
    tiers = tuple(changed if tier.id == tier_id else tier for tier in current.tiers)
    return replace(next_version(current, valid_from), tiers=tiers)


def remove_tier(current: ProgrammeVersion, tier_id: UUID, valid_from: datetime) -> ProgrammeVersion | Refused:
    """The programme without this reward; where it is on an open sale, it stays there."""
    if current.tier(tier_id) is None:
        return Refused(Refusal.TIER_UNKNOWN)
    tiers = tuple(tier for tier in current.tiers if tier.id != tier_id)
    return replace(next_version(current, valid_from), tiers=tiers)


def checked_tier_name(text: str) -> str | Refused:
    """The name as one clean line of 1 to 100 characters; refused, not cut, where it is longer."""
    name = clean_line(text, len(text))
    if name is None:
        return Refused(Refusal.TIER_NAME_MISSING)
    if len(name) > MAX_TIER_NAME_CHARS:
        return Refused(Refusal.TIER_NAME_TOO_LONG, {"max": MAX_TIER_NAME_CHARS, "length": len(name)})
    return name


def checked_points_name(one: str, many: str) -> PointsName | Refused:
    """What the shop calls its points, as two clean words or short phrases."""
    names = [clean_line(text, len(text)) for text in (one, many)]
    singular, plural = names
    if singular is None or plural is None or max(len(singular), len(plural)) > MAX_POINTS_NAME_CHARS:
        return Refused(Refusal.NAME_INVALID, {"max": MAX_POINTS_NAME_CHARS})
    return PointsName(singular, plural)


def why_not_another_reward(sale: Sale, programme: ProgrammeVersion) -> Refused | None:
    """Why no further reward goes on this sale, whatever it is; None where one may.

    Without a limit set there is none (X11). An invoice earns and never redeems (row 125).
    """
    if not sale.channel.may_redeem:
        return Refused(Refusal.INVOICES_EARN_ONLY)
    limit = programme.max_rewards_per_sale
    if limit is not None and len(sale.rewards) >= limit:
        return Refused(Refusal.REWARD_LIMIT_REACHED, {"max": limit})
    return None


def _checked(draft: TierDraft, tier_id: UUID) -> RewardTier | Refused:
    name = checked_tier_name(draft.name)
    if isinstance(name, Refused):
        return name
    if not 1 <= draft.points <= MAX_POINTS:
        return Refused(Refusal.AMOUNT_OUT_OF_RANGE, {"min": 1, "max": MAX_POINTS})
    return RewardTier(tier_id, name, draft.points, draft.terms)
