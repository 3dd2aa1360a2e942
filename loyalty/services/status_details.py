"""What a status page tells besides the points: how they came about, how long they last (row 127)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from loyalty.domain.calendar import local_date
from loyalty.domain.consent import ConsentPurpose, ConsentState, current_consents
from loyalty.domain.ledger import EntryKind, LedgerEntry, Lot
from loyalty.domain.why import Why
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.opt_out import addresses_of
from loyalty.services.setup import shop_settings
from loyalty.services.tokens import token_hash

HISTORY_LENGTH = 20
_EXPIRY_DAYS_SHOWN = 3
ADVERTISING = (ConsentPurpose.MARKETING_SMS, ConsentPurpose.MARKETING_EMAIL)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One booking as its member may see it. ``day`` is the shop's; no name of anybody's is in it."""

    day: date
    kind: EntryKind
    points: int
    why: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class ExpiringPoints:
    """So many points are good to the end of ``last_day`` in the shop."""

    points: int
    last_day: date


@dataclass(frozen=True, slots=True)
class StatusDetails:
    """The rest of the page. ``has_address`` is False once nobody could be written to any more."""

    history: tuple[HistoryLine, ...]
    expiring: tuple[ExpiringPoints, ...]
    has_address: bool
    gets_messages: bool
    gets_advertising: bool
    is_about_to_go: bool = False
    """They were told that they will be forgotten unless they say that they stay."""


def status_details(uow: UnitOfWork, token: str, now: datetime) -> StatusDetails | None:
    """The details behind a link; None for an unknown or revoked one."""
    customer_id = uow.status_links.customer_of(token_hash(token))
    member = uow.customers.member(customer_id) if customer_id is not None else None
    if member is None or member.account is None:
        return None
    timezone = shop_settings(uow).timezone
    address = next(iter(addresses_of(member)), None)
    return StatusDetails(
        history=tuple(
            _line(entry, timezone) for entry in uow.ledger.entries_of(member.account.id, HISTORY_LENGTH)
        ),
        expiring=_expiring(uow.ledger.open_lots_of(member.account.id), timezone, now),
        has_address=address is not None,
        gets_messages=address is not None and uow.suppressions.of(address) is None,
        gets_advertising=_gets_advertising(uow, member),
        is_about_to_go=uow.people.is_told(member.customer.id),
    )


def _line(entry: LedgerEntry, timezone: str) -> HistoryLine:
    return HistoryLine(local_date(entry.booked_at, timezone), entry.kind, entry.points, entry.why)


def _expiring(lots: Iterable[Lot], timezone: str, now: datetime) -> tuple[ExpiringPoints, ...]:
    by_day: Counter[date] = Counter()
    for lot in lots:
        if lot.expires_at is not None and not lot.is_expired(now):
            by_day[local_date(lot.expires_at - timedelta(seconds=1), timezone)] += lot.remaining
    return tuple(ExpiringPoints(points, day) for day, points in sorted(by_day.items())[:_EXPIRY_DAYS_SHOWN])


def _gets_advertising(uow: UnitOfWork, member: Member) -> bool:
    current = current_consents(uow.consents.of_customer(member.customer.id))
    return any(current.get(purpose) is ConsentState.GRANTED for purpose in ADVERTISING)
