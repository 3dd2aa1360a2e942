"""Entries that people make: adjustments (row 181), moves between accounts (row 199), opening balances."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from loyalty.domain.booking.sale import debt_paid
from loyalty.domain.booking.state import AccountState, NewId, lots_in_order, state_of, use_in_order
from loyalty.domain.ledger import EntryKind, LedgerEntry
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused, Why, WhyCode
from runtime.ids import new_id as fresh_id

MAX_BY_HAND = 1_000_000
"""More points than this in one entry is a slip of the keyboard."""
MAX_REASON_CHARS = 500
MAX_ORIGIN_CHARS = 60

_MOVABLE = (EntryKind.EARN, EntryKind.PROMOTION, EntryKind.CORRECTION)


def adjust(
    state: AccountState,
    points: int,
    reason: str,
    *,
    staff: StaffMember,
    key: str,
    at: datetime,
    expires_at: datetime | None = None,
    new_id: NewId = fresh_id,
) -> LedgerEntry | Refused:
    """Points added or taken by hand.

    Never below zero: refused with ``not_enough_points``. Other refusals: ``amount_out_of_range`` (also
    for zero), ``reason_missing``.

    Raises:
        PermissionDeniedError: The role does not hold ``adjust_points``.
    """
    staff.require(Permission.ADJUST_POINTS)
    because = clean_line(reason, MAX_REASON_CHARS)
    if because is None:
        return Refused(Refusal.REASON_MISSING)
    if points == 0 or abs(points) > MAX_BY_HAND:
        return Refused(Refusal.AMOUNT_OUT_OF_RANGE, {"min": -MAX_BY_HAND, "max": MAX_BY_HAND})
    why = Why(WhyCode.POINTS_ADJUSTED, {"reason": because})
    source, key = f"staff:{staff.id}", f"adjust:{key}"
    if points > 0:
        gained = state.gain(
            EntryKind.ADJUST,
            points,
            entry_id=new_id(),
            booked_at=at,
            source=source,
            key=key,
            expires_at=expires_at,
        )
        return replace(gained, staff_id=staff.id, why=(why, *debt_paid(gained)))
    uses = state.take(-points, at)
    if uses is None:
        usable = state.usable(at)
        return Refused(Refusal.NOT_ENOUGH_POINTS, {"points": -points, "missing": -points - usable})
    return LedgerEntry(
        id=new_id(),
        account_id=state.account_id,
        kind=EntryKind.ADJUST,
        points=points,
        booked_at=at,
        source=source,
        idempotency_key=key,
        uses=uses,
        why=(why,),
        staff_id=staff.id,
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """Two corrections of one entry, linked by their source: book both or none."""

    taken: LedgerEntry
    given: LedgerEntry


def move_gain(
    gain: LedgerEntry,
    from_entries: Sequence[LedgerEntry],
    to_state: AccountState,
    *,
    move_id: UUID,
    reason: str,
    staff: StaffMember,
    at: datetime,
    new_id: NewId = fresh_id,
) -> Moved | Refused:
    """Points of one visit go over to the account that they belong to, with the day they were earned.

    All that the visit's lot still holds goes; where part was spent or reversed, only the rest can.
    Refusals: ``same_account``, ``entry_not_movable``, ``not_enough_points`` (nothing is left of them),
    ``reason_missing``.

    Raises:
        PermissionDeniedError: The role does not hold ``adjust_points``.
    """
    staff.require(Permission.ADJUST_POINTS)
    because = clean_line(reason, MAX_REASON_CHARS)
    if because is None:
        return Refused(Refusal.REASON_MISSING)
    if gain.account_id == to_state.account_id:
        return Refused(Refusal.SAME_ACCOUNT)
    if gain.kind not in _MOVABLE or gain.points <= 0:
        return Refused(Refusal.ENTRY_NOT_MOVABLE)
    from_state = state_of(gain.account_id, from_entries)
    own = lots_in_order(lot for lot in from_state.lots if lot.id == gain.id)
    points = sum(lot.remaining for lot in own)
    if points == 0:
        return Refused(Refusal.NOT_ENOUGH_POINTS, {"points": gain.points, "missing": gain.points})
    why = Why(WhyCode.POINTS_MOVED, {"reason": because})
    taken = LedgerEntry(
        id=new_id(),
        account_id=gain.account_id,
        kind=EntryKind.CORRECTION,
        points=-points,
        booked_at=at,
        source=f"move:{move_id}",
        idempotency_key=f"move-out:{move_id}",
        corrects=gain.id,
        uses=use_in_order(own, points),
        why=(why,),
        staff_id=staff.id,
    )
    gained = to_state.gain(
        EntryKind.CORRECTION,
        points,
        entry_id=new_id(),
        booked_at=at,
        source=f"move:{move_id}",
        key=f"move-in:{move_id}",
        expires_at=gain.expires_at,
        earned_at=gain.earned_at,
    )
    given = replace(
        gained, corrects=gain.id, origin_lot=gain.id, staff_id=staff.id, why=(why, *debt_paid(gained))
    )
    return Moved(taken, given)


def opening_balance(
    state: AccountState,
    points: int,
    origin: str,
    *,
    at: datetime,
    expires_at: datetime | None = None,
    new_id: NewId = fresh_id,
) -> LedgerEntry | Refused:
    """A balance brought along from another system (row 184); once for each origin and account."""
    if not 1 <= points <= MAX_BY_HAND:
        return Refused(Refusal.AMOUNT_OUT_OF_RANGE, {"min": 1, "max": MAX_BY_HAND})
    name = clean_line(origin, MAX_ORIGIN_CHARS)
    if name is None:
        return Refused(Refusal.REASON_MISSING)
    gained = state.gain(
        EntryKind.OPENING,
        points,
        entry_id=new_id(),
        booked_at=at,
        source=f"opening:{name}",
        key=opening_key(name),
        expires_at=expires_at,
    )
    return replace(gained, why=(Why(WhyCode.OPENING_BALANCE, {"origin": name}), *debt_paid(gained)))


def opening_key(name: str) -> str:
    """Key of the entry that an origin gave an account; ``name`` as :func:`opening_balance` cleans it."""
    return f"opening:{name}"
