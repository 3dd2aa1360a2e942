"""What changed between two versions of the programme: the data of the message that tells it (row 119)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from uuid import UUID

from loyalty.domain.parameters import to_parameters
from loyalty.domain.programme import ProgrammeVersion, RewardTier


class ChangeKind(StrEnum):
    """What about the programme changed."""

    PAUSED = "paused"
    RESUMED = "resumed"
    RULE = "rule"
    """[before, after]: parameters of the accrual rule."""
    EXPIRY = "expiry"
    """[before, after]: parameters of the policy; it is for points earned from now on."""
    POINTS_NAME = "points_name"
    """[before, after]: the plural."""
    TIER_ADDED = "tier_added"
    """[name, points]"""
    TIER_REMOVED = "tier_removed"
    """[name, points]"""
    TIER_RENAMED = "tier_renamed"
    """[before, after]"""
    TIER_DEARER = "tier_dearer"
    """[name, before, after]: points."""
    TIER_CHEAPER = "tier_cheaper"
    """[name, before, after]: points."""
    TIER_TERMS = "tier_terms"
    """[name, before, after]: parameters of what it gives."""


@dataclass(frozen=True, slots=True)
class ProgrammeChange:
    """One difference; ``tier_id`` where it is about a reward."""

    kind: ChangeKind
    params: Mapping[str, Any] = field(default_factory=dict)
    tier_id: UUID | None = None

    def concerns(self, balance: int) -> bool:
        """Whether a member of this balance is affected.

        A reward that comes, gets cheaper or changes is news for everybody. One that goes or gets dearer
        matters to those who have points; somebody with none loses nothing.
        """
        if self.kind in (ChangeKind.TIER_REMOVED, ChangeKind.TIER_DEARER, ChangeKind.EXPIRY):
            return balance > 0
        return True


def differences(old: ProgrammeVersion, new: ProgrammeVersion) -> tuple[ProgrammeChange, ...]:
    """Everything that a member could notice, the weightiest first; empty where nothing is.

    The order of the rewards on the page is no difference, nor is the version number.
    """
    return (*_of_programme(old, new), *_of_tiers(old, new))


def _of_programme(old: ProgrammeVersion, new: ProgrammeVersion) -> Iterator[ProgrammeChange]:
    if old.is_active != new.is_active:
        yield ProgrammeChange(ChangeKind.RESUMED if new.is_active else ChangeKind.PAUSED)
    if old.accrual != new.accrual:
        yield _changed(ChangeKind.RULE, to_parameters(old.accrual), to_parameters(new.accrual))
    if old.expiry != new.expiry:
        yield _changed(ChangeKind.EXPIRY, to_parameters(old.expiry), to_parameters(new.expiry))
    if old.points_name != new.points_name:
        yield _changed(ChangeKind.POINTS_NAME, old.points_name.many, new.points_name.many)


def _of_tiers(old: ProgrammeVersion, new: ProgrammeVersion) -> Iterator[ProgrammeChange]:
    for tier in old.tiers:
        if new.tier(tier.id) is None:
            yield _whole(ChangeKind.TIER_REMOVED, tier)
    for tier in new.tiers:
        before = old.tier(tier.id)
        if before is None:
            yield _whole(ChangeKind.TIER_ADDED, tier)
        else:
            yield from _of_tier(before, tier)


def _of_tier(old: RewardTier, new: RewardTier) -> Iterator[ProgrammeChange]:
    if old.points != new.points:
        kind = ChangeKind.TIER_DEARER if new.points > old.points else ChangeKind.TIER_CHEAPER
        yield _changed(kind, old.points, new.points, new)
    if old.terms != new.terms:
        yield _changed(ChangeKind.TIER_TERMS, to_parameters(old.terms), to_parameters(new.terms), new)
    if old.name != new.name:
        yield _changed(ChangeKind.TIER_RENAMED, old.name, new.name, new)


def _whole(kind: ChangeKind, tier: RewardTier) -> ProgrammeChange:
    return ProgrammeChange(kind, {"name": tier.name, "points": tier.points}, tier.id)


def _changed(
    kind: ChangeKind, before: object, after: object, tier: RewardTier | None = None
) -> ProgrammeChange:
    params: dict[str, object] = {"before": before, "after": after}
    if tier is not None:
        params["name"] = tier.name
    return ProgrammeChange(kind, params, tier.id if tier is not None else None)
