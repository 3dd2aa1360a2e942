"""All points of one account go over to another of the same person, and back (row 182)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from loyalty.domain.booking.sale import debt_paid
from loyalty.domain.booking.state import AccountState, NewId, lots_in_order, state_of, use_in_order
from loyalty.domain.ledger import EntryKind, LedgerEntry, Lot, LotUse
from loyalty.domain.why import Why, WhyCode
from runtime.ids import new_id as fresh_id


@dataclass(frozen=True, slots=True)
class Carriage:
    """Why points are carried: ``source`` is ``merge:<id>``, ``key`` is unique for each carriage of it."""

    source: str
    key: str
    staff_id: UUID | None
    at: datetime
    why: Why

    @staticmethod
    def of_merge(merge_id: UUID, key: str, staff_id: UUID | None, at: datetime) -> "Carriage":
        return Carriage(f"merge:{merge_id}", key, staff_id, at, Why(WhyCode.ACCOUNTS_MERGED))


def carry_points(
    from_id: UUID,
    from_entries: Sequence[LedgerEntry],
    to_state: AccountState,
    carriage: Carriage,
    *,
    new_id: NewId = fresh_id,
) -> tuple[LedgerEntry, ...]:
    """Entries, in the order in which to book them: each lot goes over with its dates, then a debt.

    Points whose time is over stay where they are and expire there.
    """
    state = state_of(from_id, from_entries)
    booked: list[LedgerEntry] = []
    for lot in lots_in_order(state.lots):
        if lot.is_expired(carriage.at):
            continue
        taken, given = _carried(from_id, lot, to_state, carriage, new_id)
        booked += [taken, given]
        to_state = to_state.after(given)
    if state.debt > 0:
        booked += _carried_debt(state, from_entries, to_state, carriage, new_id)
    return tuple(booked)


def _carried(
    from_id: UUID, lot: Lot, to_state: AccountState, carriage: Carriage, new_id: NewId
) -> tuple[LedgerEntry, LedgerEntry]:
    taken = correction(
        carriage, from_id, -lot.remaining, key=f"out:{lot.id}", corrects=lot.id, entry_id=new_id()
    )
    gained = to_state.gain(
        EntryKind.CORRECTION,
        lot.remaining,
        entry_id=new_id(),
        booked_at=carriage.at,
        source=carriage.source,
        key=f"{carriage.key}:in:{lot.id}",
        expires_at=lot.expires_at,
        earned_at=lot.earned_at,
    )
    given = replace(
        gained,
        corrects=lot.id,
        origin_lot=lot.id,
        staff_id=carriage.staff_id,
        why=(carriage.why, *debt_paid(gained)),
    )
    return replace(taken, uses=(LotUse(lot.id, lot.remaining),)), given


def _carried_debt(
    state: AccountState,
    from_entries: Sequence[LedgerEntry],
    to_state: AccountState,
    carriage: Carriage,
    new_id: NewId,
) -> list[LedgerEntry]:
    """What was owed is owed over there: paid at once from what that account holds."""
    cause = [each for each in from_entries if each.points < 0][-1]
    gained = state.gain(
        EntryKind.CORRECTION,
        state.debt,
        entry_id=new_id(),
        booked_at=carriage.at,
        source=carriage.source,
        key=f"{carriage.key}:debt-out",
        expires_at=None,
    )
    freed = replace(gained, corrects=cause.id, staff_id=carriage.staff_id, why=(carriage.why,))
    owed = correction(
        carriage, to_state.account_id, -state.debt, key="debt-in", corrects=cause.id, entry_id=new_id()
    )
    return [freed, replace(owed, uses=use_in_order(lots_in_order(to_state.lots), state.debt))]


def correction(
    carriage: Carriage, account_id: UUID, points: int, *, key: str, corrects: UUID, entry_id: UUID
) -> LedgerEntry:
    """One side of a carriage; ``key`` tells it from the others."""
    return LedgerEntry(
        id=entry_id,
        account_id=account_id,
        kind=EntryKind.CORRECTION,
        points=points,
        booked_at=carriage.at,
        source=carriage.source,
        idempotency_key=f"{carriage.key}:{key}",
        corrects=corrects,
        why=(carriage.why,),
        staff_id=carriage.staff_id,
    )
