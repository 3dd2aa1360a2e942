"""Differences between two versions of the programme as sentences (row 119)."""

from collections.abc import Iterable, Mapping
from typing import Any

from checkout.programme.wording import ProgrammeWording
from loyalty.domain.accrual import ACCRUAL_RULES
from loyalty.domain.expiry import EXPIRY_POLICIES
from loyalty.domain.parameters import from_parameters
from loyalty.domain.programme_changes import ChangeKind, ProgrammeChange
from loyalty.domain.rewards import REWARDS


def change_texts(wording: ProgrammeWording, changes: Iterable[ProgrammeChange]) -> list[str]:
    """One sentence for each change."""
    return [_change_text(wording, change) for change in changes]


def _change_text(wording: ProgrammeWording, change: ProgrammeChange) -> str:
    words, params = wording.words, change.params
    match change.kind:
        case ChangeKind.PAUSED:
            return words.text("The programme is switched off: nothing earns points, rewards wait")
        case ChangeKind.RESUMED:
            return words.text("The programme is switched on again")
        case ChangeKind.POINTS_NAME:
            return words.text("Points are called “{after}” instead of “{before}”", **params)
        case ChangeKind.RULE | ChangeKind.EXPIRY:
            return _part_text(wording, change)
        case _:
            return _tier_text(wording, change)


def _part_text(wording: ProgrammeWording, change: ProgrammeChange) -> str:
    before, after = change.params["before"], change.params["after"]
    if change.kind is ChangeKind.EXPIRY:
        return wording.words.text(
            "Points earned from now on: {after} (before: {before})",
            after=wording.expiry(from_parameters(EXPIRY_POLICIES, after)),
            before=wording.expiry(from_parameters(EXPIRY_POLICIES, before)),
        )
    old, new = (_rule_lines(wording, each) for each in (before, after))
    texts = [
        " · ".join([line for line in lines if line not in other] or lines[:1])
        for lines, other in ((old, new), (new, old))
    ]
    return wording.words.text("Points are earned in another way: {after} (before: {before})", before=texts[0],
                              after=texts[1])  # fmt: skip


def _rule_lines(wording: ProgrammeWording, parameters: Mapping[str, Any]) -> list[str]:
    rule = wording.rule(from_parameters(ACCRUAL_RULES, parameters))
    return [rule.headline, *(f"{name}: {points}" for name, points in rule.grants), *rule.details]


def _tier_text(wording: ProgrammeWording, change: ProgrammeChange) -> str:
    words, params = wording.words, change.params
    name = params.get("name", "")
    match change.kind:
        case ChangeKind.TIER_ADDED:
            return words.text(
                "New reward: “{name}” for {points}", name=name, points=_points(wording, "points", params)
            )
        case ChangeKind.TIER_REMOVED:
            return words.text(
                "“{name}” for {points} is no longer offered",
                name=name,
                points=_points(wording, "points", params),
            )
        case ChangeKind.TIER_RENAMED:
            return words.text("“{before}” is now called “{after}”", **params)
        case ChangeKind.TIER_DEARER | ChangeKind.TIER_CHEAPER:
            return words.text(
                "“{name}” costs {after} instead of {before}",
                name=name,
                after=_points(wording, "after", params),
                before=_points(wording, "before", params),
            )
        case _:
            return words.text(
                "“{name}” gives something else: {after} (before: {before})",
                name=name,
                after=wording.terms(from_parameters(REWARDS, params["after"])),
                before=wording.terms(from_parameters(REWARDS, params["before"])),
            )


def _points(wording: ProgrammeWording, key: str, params: Mapping[str, Any]) -> str:
    value = params.get(key, 0)
    return wording.points(int(value))
