"""What an account holds, and entries that add to it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from loyalty.domain.ledger import (
    EntryKind,
    LedgerEntry,
    Lot,
    LotUse,
    balance_of,
    order_of_use,
    remainders_of,
    take_from_lots,
    usable_points,
)

NewId = Callable[[], UUID]
"""Makes ids; ``runtime.ids.new_id`` outside tests."""


@dataclass(frozen=True, slots=True)
class AccountState:
    """One account: its balance, and its lots with something left, expired ones too."""

    account_id: UUID
    balance: int
    lots: tuple[Lot, ...] = ()

    @property
    def debt(self) -> int:
        """What is owed to the shop after a refund; zero or more."""
        return sum(lot.remaining for lot in self.lots) - self.balance

    def usable(self, now: datetime) -> int:
        """Points that a reward can be paid with; zero or more."""
        return usable_points(self.lots, now)

    def take(self, points: int, now: datetime) -> tuple[LotUse, ...] | None:
        """The lots that pay; None where they hold less."""
        return take_from_lots(self.lots, points, now)

    def after(self, entry: LedgerEntry) -> "AccountState":
        """The account once the entry is booked."""
        used = {use.lot_id: use.points for use in entry.uses}
        lots = list(self.lots)
        if entry.points > 0 and entry.earned_at is not None:
            lots.append(Lot(entry.id, entry.points, entry.earned_at, entry.expires_at))
        left = (replace(lot, remaining=lot.remaining - used.get(lot.id, 0)) for lot in lots)
        return AccountState(
            self.account_id, self.balance + entry.points, tuple(lot for lot in left if lot.remaining > 0)
        )

    def gain(
        self,
        kind: EntryKind,
        points: int,
        *,
        entry_id: UUID,
        booked_at: datetime,
        source: str,
        key: str,
        expires_at: datetime | None,
        earned_at: datetime | None = None,
    ) -> LedgerEntry:
        """An entry that adds points, and pays with them what is owed."""
        owed = min(points, self.debt)
        return LedgerEntry(
            id=entry_id,
            account_id=self.account_id,
            kind=kind,
            points=points,
            booked_at=booked_at,
            source=source,
            idempotency_key=key,
            earned_at=earned_at if earned_at is not None else booked_at,
            expires_at=expires_at,
            uses=(LotUse(entry_id, owed),) if owed > 0 else (),
        )


def state_of(account_id: UUID, entries: Sequence[LedgerEntry]) -> AccountState:
    """The account rebuilt from its entries alone."""
    left = remainders_of(entries)
    lots = tuple(
        Lot(entry.id, left[entry.id], entry.earned_at, entry.expires_at)
        for entry in entries
        if entry.earned_at is not None and left.get(entry.id, 0) > 0
    )
    return AccountState(account_id, balance_of(entries), lots)


def use_in_order(lots: Iterable[Lot], points: int) -> tuple[LotUse, ...]:
    """As much of ``points`` as the lots hold, in the order given."""
    uses: list[LotUse] = []
    left = points
    for lot in lots:
        taken = min(left, lot.remaining)
        if taken > 0:
            uses.append(LotUse(lot.id, taken))
            left -= taken
    return tuple(uses)


def lots_in_order(lots: Iterable[Lot]) -> list[Lot]:
    return sorted(lots, key=order_of_use)
