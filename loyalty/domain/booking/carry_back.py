"""Points that a merge carried over go back, as long as none of them was used (row 182)."""

from collections.abc import Sequence
from dataclasses import replace

from loyalty.domain.booking.carry import Carriage, correction
from loyalty.domain.booking.refund import lot_family
from loyalty.domain.booking.state import AccountState, NewId, lots_in_order, state_of, use_in_order
from loyalty.domain.ledger import EntryKind, LedgerEntry
from loyalty.domain.why import Refusal, Refused
from runtime.ids import new_id as fresh_id


def carry_back(
    kept_entries: Sequence[LedgerEntry],
    gone_state: AccountState,
    carriage: Carriage,
    *,
    new_id: NewId = fresh_id,
) -> tuple[LedgerEntry, ...] | Refused:
    """Entries, in the order in which to book them; refused with ``points_used_since``.

    Args:
        kept_entries: All entries of the account that they were carried to.
        gone_state: The account that they came from.
        carriage: Its ``source`` names the merge.
        new_id: Makes ids of entries.
    """
    brought = [each for each in kept_entries if each.source == carriage.source]
    if not brought:
        return ()
    kept = state_of(brought[0].account_id, kept_entries)
    booked: list[LedgerEntry] = []
    for entry in brought:
        if entry.points < 0:
            booked += _debt_back(entry, kept, gone_state, carriage, new_id)
            continue
        family = lot_family(entry.id, kept_entries)
        own = lots_in_order(lot for lot in kept.lots if lot.id in family)
        if sum(lot.remaining for lot in own) != entry.points:
            return Refused(Refusal.POINTS_USED_SINCE)
        taken = correction(
            carriage,
            entry.account_id,
            -entry.points,
            key=f"out:{entry.id}",
            corrects=entry.id,
            entry_id=new_id(),
        )
        booked += [
            replace(taken, uses=use_in_order(own, entry.points)),
            _given_back(entry, gone_state, carriage, new_id),
        ]
    return tuple(booked)


def _given_back(
    entry: LedgerEntry, gone_state: AccountState, carriage: Carriage, new_id: NewId
) -> LedgerEntry:
    gained = gone_state.gain(
        EntryKind.CORRECTION,
        entry.points,
        entry_id=new_id(),
        booked_at=carriage.at,
        source=carriage.source,
        key=f"{carriage.key}:in:{entry.id}",
        expires_at=entry.expires_at,
        earned_at=entry.earned_at,
    )
    return replace(
        gained,
        corrects=entry.id,
        origin_lot=entry.origin_lot,
        staff_id=carriage.staff_id,
        why=(carriage.why,),
    )


def _debt_back(
    entry: LedgerEntry, kept: AccountState, gone_state: AccountState, carriage: Carriage, new_id: NewId
) -> list[LedgerEntry]:
    gained = kept.gain(
        EntryKind.CORRECTION,
        -entry.points,
        entry_id=new_id(),
        booked_at=carriage.at,
        source=carriage.source,
        key=f"{carriage.key}:debt-out",
        expires_at=None,
    )
    freed = replace(gained, corrects=entry.id, staff_id=carriage.staff_id, why=(carriage.why,))
    owed = correction(
        carriage, gone_state.account_id, entry.points, key="debt-in", corrects=entry.id, entry_id=new_id()
    )
    return [freed, owed]
