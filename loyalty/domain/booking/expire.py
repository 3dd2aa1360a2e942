"""Entries that end lots whose time is over, and what is about to end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from loyalty.domain.booking.state import AccountState, NewId
from loyalty.domain.calendar import local_date
from loyalty.domain.ledger import EntryKind, LedgerEntry, Lot, LotUse
from loyalty.domain.why import Why, WhyCode
from runtime.ids import new_id as fresh_id


def expire_lots(
    state: AccountState, now: datetime, timezone: str, *, new_id: NewId = fresh_id
) -> tuple[LedgerEntry, ...]:
    """One entry for each lot whose time is over, soonest first; run twice, it books nothing new."""
    over = [lot for lot in state.lots if lot.remaining > 0 and lot.expires_at is not None]
    over = [lot for lot in over if lot.is_expired(now)]
    over.sort(key=lambda lot: (lot.expires_at, lot.id))
    return tuple(_expiry(state, lot, now, timezone, new_id) for lot in over)


@dataclass(frozen=True, slots=True)
class ExpiringPoints:
    """Points whose last day is ``last_day`` in the shop."""

    points: int
    last_day: date
    expires_at: datetime


def expiring_points(
    lots: Iterable[Lot], now: datetime, within: timedelta, timezone: str
) -> tuple[ExpiringPoints, ...]:
    """What will expire in the time given, by the day, soonest first: for the message and the status page."""
    by_instant: dict[datetime, int] = {}
    for lot in lots:
        expires_at = lot.expires_at
        if expires_at is not None and now < expires_at <= now + within and lot.remaining > 0:
            by_instant[expires_at] = by_instant.get(expires_at, 0) + lot.remaining
    return tuple(
        ExpiringPoints(points, local_date(at - timedelta(microseconds=1), timezone), at)
        for at, points in sorted(by_instant.items())
    )


def _expiry(state: AccountState, lot: Lot, now: datetime, timezone: str, new_id: NewId) -> LedgerEntry:
    expired_at = lot.expires_at or now
    params: dict[str, int | str] = {
        "points": lot.remaining,
        "earned_on": local_date(lot.earned_at, timezone).isoformat(),
        "expired_on": local_date(expired_at, timezone).isoformat(),
    }
    return LedgerEntry(
        id=new_id(),
        account_id=state.account_id,
        kind=EntryKind.EXPIRE,
        points=-lot.remaining,
        booked_at=now,
        source=f"lot:{lot.id}",
        idempotency_key=f"expire:{lot.id}",
        uses=(LotUse(lot.id, lot.remaining),),
        why=(Why(WhyCode.POINTS_EXPIRED, params),),
    )
