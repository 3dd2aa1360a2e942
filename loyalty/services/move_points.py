"""Points of a visit go over to the member whose they are, as corrections that name each other (row 199)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from loyalty.domain.audit import AuditAction
from loyalty.domain.booking.by_hand import MAX_REASON_CHARS, Moved, move_gain
from loyalty.domain.ledger import EntryKind, LedgerEntry, LoyaltyAccount
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.close_sale import account_state
from loyalty.services.context import ServiceContext
from loyalty.services.own_account import why_not_own
from runtime.ids import new_id

_MOVABLE = (EntryKind.EARN, EntryKind.PROMOTION, EntryKind.CORRECTION)
_ENTRIES_LOOKED_AT = 300


@dataclass(frozen=True, slots=True)
class MovableGain:
    """Points of one visit, or of an earlier move, of which something is left."""

    source: str
    """``sale:<id>`` or ``move:<id>``."""
    earned_at: datetime
    points: int
    """Gained then."""
    left: int
    """Neither used, taken back nor moved since: so many can move."""


@dataclass(frozen=True, slots=True)
class MoveOrder:
    """What staff want moved; ``key`` is the order's own, so that it is done once."""

    from_customer_id: UUID
    source: str
    """See :class:`MovableGain`."""
    to_customer_id: UUID
    reason: str
    key: UUID

    def move_id(self, gain: LedgerEntry) -> UUID:
        """The same for the same order and entry, whenever it is asked."""
        return uuid5(self.key, str(gain.id))


@dataclass(frozen=True, slots=True)
class MovedPoints:
    """What went from one account to another."""

    points: int
    from_account: UUID
    to_account: UUID
    is_repeated: bool = False


def movable_gains(
    uow: UnitOfWork, customer_id: UUID, staff: StaffMember, limit: int = 20
) -> Sequence[MovableGain]:
    """The newest visits whose points can move, newest first.

    Raises:
        PermissionDeniedError: The role does not hold ``adjust_points``.
        UnknownIdError: The customer has no account.
    """
    staff.require(Permission.ADJUST_POINTS)
    account = _account(uow, customer_id)
    left = {lot.id: lot.remaining for lot in uow.ledger.open_lots_of(account.id)}
    found: dict[str, MovableGain] = {}
    for entry in uow.ledger.entries_of(account.id, _ENTRIES_LOOKED_AT):
        if not _is_movable(entry) or not left.get(entry.id):
            continue
        before = found.get(entry.source)
        found[entry.source] = MovableGain(
            entry.source,
            entry.earned_at or entry.booked_at,
            entry.points + (before.points if before is not None else 0),
            left[entry.id] + (before.left if before is not None else 0),
        )
    return list(found.values())[:limit]


def move_visit(
    uow: UnitOfWork,
    ctx: ServiceContext,
    sale_id: UUID,
    to_customer_id: UUID,
    staff: StaffMember,
    *,
    reason: str,
) -> MovedPoints | Refused:
    """The points of one sale go over from the member that it was booked to.

    Refusals besides those of :func:`move_gains`: ``sale_unknown``, ``no_member``.

    Raises:
        PermissionDeniedError: The role does not hold ``adjust_points``.
        UnknownIdError: The customer has no account.
    """
    staff.require(Permission.ADJUST_POINTS)
    sale = uow.sales.get(sale_id)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    if sale.member is None or sale.member.account_id is None:
        return Refused(Refusal.NO_MEMBER)
    order = MoveOrder(sale.member.customer_id, f"sale:{sale_id}", to_customer_id, reason, new_id())
    return move_gains(uow, ctx, order, staff)


def move_gains(
    uow: UnitOfWork, ctx: ServiceContext, order: MoveOrder, staff: StaffMember
) -> MovedPoints | Refused:
    """What is left of the points of one source moves; the same order does it once.

    Refusals: ``own_account`` (either side), ``same_account``, ``not_enough_points``, ``reason_missing``,
    ``entry_not_movable``.

    Raises:
        PermissionDeniedError: The role does not hold ``adjust_points``.
        UnknownIdError: One of the customers has no account.
    """
    staff.require(Permission.ADJUST_POINTS)
    for customer_id in (order.from_customer_id, order.to_customer_id):
        refused = why_not_own(uow, staff, customer_id)
        if refused is not None:
            return refused
    from_id, to_id = (_account(uow, each).id for each in (order.from_customer_id, order.to_customer_id))
    if from_id == to_id:
        return Refused(Refusal.SAME_ACCOUNT)
    uow.accounts.lock_all(sorted((from_id, to_id)))
    caused = uow.ledger.of_source(order.source)
    gains = [each for each in caused if each.account_id == from_id and _is_movable(each)]
    if not gains:
        return Refused(Refusal.ENTRY_NOT_MOVABLE)
    booked = [uow.ledger.entry(from_id, f"move-out:{order.move_id(gain)}") for gain in gains]
    if any(booked):
        return MovedPoints(-sum(each.points for each in booked if each), from_id, to_id, is_repeated=True)
    points, last = 0, Refused(Refusal.NOT_ENOUGH_POINTS)
    for gain in gains:
        moved = _move(uow, ctx, gain, order, staff)
        if isinstance(moved, Refused):
            last = moved
        else:
            points += moved.given.points
    if points == 0:
        return last
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.POINTS_MOVED,
        subject=f"account:{from_id}",
        params={
            "points": points,
            "reason": clean_line(order.reason, MAX_REASON_CHARS) or "",
            "to": str(to_id),
            "source": order.source,
        },
    )
    return MovedPoints(points, from_id, to_id)


def _move(
    uow: UnitOfWork, ctx: ServiceContext, gain: LedgerEntry, order: MoveOrder, staff: StaffMember
) -> Moved | Refused:
    moved = move_gain(
        gain,
        uow.ledger.entries_of(gain.account_id),
        account_state(uow, _account(uow, order.to_customer_id)),
        move_id=order.move_id(gain),
        reason=order.reason,
        staff=staff,
        at=ctx.clock.now(),
    )
    if isinstance(moved, Moved):
        uow.ledger.book(moved.taken)
        uow.ledger.book(moved.given)
    return moved


def _is_movable(entry: LedgerEntry) -> bool:
    return entry.points > 0 and entry.kind in _MOVABLE and entry.source.startswith(("sale:", "move:"))


def _account(uow: UnitOfWork, customer_id: UUID) -> LoyaltyAccount:
    member = uow.customers.member(customer_id)
    if member is None or member.account is None:
        raise UnknownIdError("this customer has no loyalty account", customer=str(customer_id))
    return member.account
