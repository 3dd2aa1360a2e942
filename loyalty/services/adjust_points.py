"""Points by hand: adjustments (row 181) and opening balances (row 184)."""

from dataclasses import dataclass
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.booking.by_hand import MAX_ORIGIN_CHARS, adjust, opening_balance, opening_key
from loyalty.domain.ledger import LedgerEntry, LoyaltyAccount
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.close_sale import account_state
from loyalty.services.context import ServiceContext
from loyalty.services.own_account import why_not_own
from loyalty.services.setup import shop_settings


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The entry that was booked, and the balance with it."""

    entry: LedgerEntry
    balance: int
    is_repeated: bool = False


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


def opening_balance_of(uow: UnitOfWork, customer_id: UUID, origin: str) -> LedgerEntry | None:
    """What this origin gave the customer already; None for nothing yet."""
    member, name = uow.customers.member(customer_id), clean_line(origin, MAX_ORIGIN_CHARS)
    if member is None or member.account is None or name is None:
        return None
    return uow.ledger.entry(member.account.id, opening_key(name))


def _locked(uow: UnitOfWork, customer_id: UUID) -> LoyaltyAccount:
    member = uow.customers.member(customer_id)
    account = uow.accounts.lock(member.account.id) if member is not None and member.account else None
    if account is None:
        raise UnknownIdError("this customer has no loyalty account", customer=str(customer_id))
    return account
