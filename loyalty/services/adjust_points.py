"""Points by hand: adjustments (row 181), moves to the right account (row 199), opening balances (row 184)."""

from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.booking.by_hand import Moved, adjust, move_gain, opening_balance
from loyalty.domain.booking.state import AccountState
from loyalty.domain.ledger import EntryKind, LedgerEntry, LoyaltyAccount
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.close_sale import account_state
from loyalty.services.context import ServiceContext
from loyalty.services.own_account import why_not_own
from loyalty.services.setup import shop_settings
from runtime.ids import new_id

_GAINS = (EntryKind.EARN, EntryKind.PROMOTION)


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The entry that was booked, and the balance with it."""

    entry: LedgerEntry
    balance: int
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class MovedPoints:
    """What went from one account to another."""

    points: int
    from_account: UUID
    to_account: UUID


def adjust_points(
    uow: UnitOfWork,
    ctx: ServiceContext,
    customer_id: UUID,
    points: int,
    staff: StaffMember,
    *,
    reason: str,
    key: str,
) -> Adjusted | Refused:
    """Add or take points; the same ``key`` does it once.

    Refusals: ``own_account``, ``reason_missing``, ``amount_out_of_range``, ``not_enough_points``.

    Raises:
        PermissionDeniedError: The role does not hold ``adjust_points``.
        UnknownIdError: The customer has no account.
    """
    staff.require(Permission.ADJUST_POINTS)
    account = _locked(uow, customer_id)
    repeated = uow.ledger.entry(account.id, f"adjust:{key}")
    if repeated is not None:
        return Adjusted(repeated, account.balance, is_repeated=True)
    refused = why_not_own(uow, staff, customer_id)
    if refused is not None:
        return refused
    now = ctx.clock.now()
    programme = uow.programme.current()
    expires_at = programme.expiry.expires_at(now, shop_settings(uow).timezone) if programme else None
    entry = adjust(
        account_state(uow, account), points, reason, staff=staff, key=key, at=now, expires_at=expires_at
    )
    if isinstance(entry, Refused):
        return entry
    uow.ledger.book(entry)
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.POINTS_ADJUSTED,
        subject=f"account:{account.id}",
        params={"points": points, "reason": str(entry.why[0].params["reason"])},
    )
    return Adjusted(entry, account.balance + points)


def move_visit(
    uow: UnitOfWork,
    ctx: ServiceContext,
    sale_id: UUID,
    to_customer_id: UUID,
    staff: StaffMember,
    *,
    reason: str,
) -> MovedPoints | Refused:
    """The points of one sale go over to the customer whose they are, as corrections that name each other.

    Refusals: ``sale_unknown``, ``no_member``, ``own_account`` (either side), ``same_account``,
    ``not_enough_points``, ``reason_missing``, ``entry_not_movable``.

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
    from_id = sale.member.account_id
    for customer_id in (sale.member.customer_id, to_customer_id):
        refused = why_not_own(uow, staff, customer_id)
        if refused is not None:
            return refused
    to_member = uow.customers.member(to_customer_id)
    if to_member is None or to_member.account is None:
        raise UnknownIdError("this customer has no loyalty account", customer=str(to_customer_id))
    uow.accounts.lock_all(sorted((from_id, to_member.account.id)))
    gains = [each for each in uow.ledger.of_source(f"sale:{sale_id}") if each.kind in _GAINS]
    if not gains:
        return Refused(Refusal.ENTRY_NOT_MOVABLE)
    points = 0
    last: Refused | None = None
    for gain in gains:
        moved = _move(uow, ctx, gain, to_customer_id, staff, reason=reason)
        if isinstance(moved, Refused):
            last = moved
            continue
        points += moved.given.points
    if points == 0:
        return last if last is not None else Refused(Refusal.NOT_ENOUGH_POINTS)
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.POINTS_MOVED,
        subject=f"account:{from_id}",
        params={"points": points, "to": str(to_member.account.id), "sale": str(sale_id)},
    )
    return MovedPoints(points, from_id, to_member.account.id)


def give_opening_balance(
    uow: UnitOfWork, ctx: ServiceContext, customer_id: UUID, points: int, staff: StaffMember, *, origin: str
) -> Adjusted | Refused:
    """Points brought along from another system, once for each origin and account (row 184).

    Refusals: ``own_account``, ``amount_out_of_range``, ``reason_missing``.

    Raises:
        PermissionDeniedError: The role does not hold ``adjust_points``.
        UnknownIdError: The customer has no account.
    """
    staff.require(Permission.ADJUST_POINTS)
    account = _locked(uow, customer_id)
    refused = why_not_own(uow, staff, customer_id)
    if refused is not None:
        return refused
    now = ctx.clock.now()
    programme = uow.programme.current()
    expires_at = programme.expiry.expires_at(now, shop_settings(uow).timezone) if programme else None
    entry = opening_balance(account_state(uow, account), points, origin, at=now, expires_at=expires_at)
    if isinstance(entry, Refused):
        return entry
    if not uow.ledger.book(entry):
        there = uow.ledger.entry(account.id, entry.idempotency_key)
        return Adjusted(there if there is not None else entry, account.balance, is_repeated=True)
    note_deed(
        uow,
        ctx,
        staff,
        action=AuditAction.OPENING_BALANCE,
        subject=f"account:{account.id}",
        params={"points": points, "origin": entry.source.removeprefix("opening:")},
    )
    return Adjusted(entry, account.balance + points)


def _move(
    uow: UnitOfWork,
    ctx: ServiceContext,
    gain: LedgerEntry,
    to_customer_id: UUID,
    staff: StaffMember,
    *,
    reason: str,
) -> Moved | Refused:
    account = _locked(uow, to_customer_id)
    state: AccountState = account_state(uow, account)
    moved = move_gain(
        gain,
        uow.ledger.entries_of(gain.account_id),
        state,
        move_id=new_id(),
        reason=reason,
        staff=staff,
        at=ctx.clock.now(),
    )
    if isinstance(moved, Moved):
        uow.ledger.book(moved.taken)
        uow.ledger.book(moved.given)
    return moved


def _locked(uow: UnitOfWork, customer_id: UUID) -> LoyaltyAccount:
    member = uow.customers.member(customer_id)
    account = uow.accounts.lock(member.account.id) if member is not None and member.account else None
    if account is None:
        raise UnknownIdError("this customer has no loyalty account", customer=str(customer_id))
    return account
