"""Points issued, redeemed, expired, outstanding: what the programme costs and whether it is used."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from loyalty.domain.calendar import local_date
from loyalty.domain.ledger import EntryKind, LedgerEntry
from loyalty.domain.money import PPM

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class PointFigures:
    """Sums over ledger entries: issued − redeemed − expired + by_hand = change of the balances.

    In a short time a refund can take back more than was issued in it, or give back more than was redeemed:
    then the figure is below zero.
    """

    issued: int = 0
    """Earned, promoted, given as a bonus or brought along, less what refunds took back."""
    redeemed: int = 0
    """Spent on rewards, less what refunds gave back."""
    expired: int = 0
    by_hand: int = 0
    """Adjustments; moves between accounts cancel out."""

    @property
    def change(self) -> int:
        return self.issued - self.redeemed - self.expired + self.by_hand

    @property
    def redemption_rate_ppm(self) -> int | None:
        """Redeemed in parts per million of issued; None where nothing was issued."""
        return self.redeemed * PPM // self.issued if self.issued > 0 else None


def point_figures(entries: Iterable[LedgerEntry]) -> PointFigures:
    """The figures of all these entries together."""
    return figures_of_kinds(points_by_kind(entries))


def figures_of_kinds(points: Mapping[EntryKind, int]) -> PointFigures:
    """The figures of entries that are summed up by kind already."""
    sums: dict[str, int] = defaultdict(int)
    for kind, sum_of_kind in points.items():
        sums[_FIGURE[kind]] += sum_of_kind
    return PointFigures(sums["issued"], -sums["redeemed"], -sums["expired"], sums["by_hand"])


def figures_by(
    entries: Iterable[LedgerEntry], key: Callable[[LedgerEntry], Key | None]
) -> dict[Key, PointFigures]:
    """The figures of each member, kind, lane or whatever ``key`` names (row 126).

    Entries for which it is None are left out: an adjustment has no lane.
    """
    grouped: dict[Key, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        name = key(entry)
        if name is not None:
            grouped[name].append(entry)
    return {name: point_figures(booked) for name, booked in grouped.items()}


def figures_by_day(entries: Iterable[LedgerEntry], timezone: str) -> dict[date, PointFigures]:
    """The figures of each day of the shop on which something was booked, oldest first."""
    by_day = figures_by(entries, lambda entry: local_date(entry.booked_at, timezone))
    return dict(sorted(by_day.items()))


def points_by_kind(entries: Iterable[LedgerEntry]) -> dict[EntryKind, int]:
    """Sum of points of each kind of entry that occurs."""
    sums: dict[EntryKind, int] = defaultdict(int)
    for entry in entries:
        sums[entry.kind] += entry.points
    return dict(sums)


_FIGURE = {
    EntryKind.EARN: "issued",
    EntryKind.PROMOTION: "issued",
    EntryKind.BONUS: "issued",
    EntryKind.OPENING: "issued",
    EntryKind.REVERSE: "issued",
    EntryKind.REDEEM: "redeemed",
    EntryKind.RETURN: "redeemed",
    EntryKind.EXPIRE: "expired",
    EntryKind.ADJUST: "by_hand",
    EntryKind.CORRECTION: "by_hand",
}
