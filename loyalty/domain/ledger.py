"""The points ledger: entries that are never changed, and the lots they fill and use up.

Every entry that adds points is also a lot. An entry that takes points names the lots it used: soonest
expiry first, then oldest, those that never expire last. A mistake is mended by a new entry that names
the old one. The account's balance and a lot's remainder are caches that a check rebuilds (ADR 0003).

A refund may take more than the lots hold: the balance goes below zero by a debt. The next entry that adds
points pays it: it uses, from its own lot, what is owed. So a lot is never below zero, and where there is a
debt all lots are empty. ``loyalty.domain.booking`` makes entries that keep to this.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from loyalty.domain.phone import PhoneNumber
from loyalty.domain.why import Why


class EntryKind(StrEnum):
    """What an entry records; the sign of its points follows from it where it says so."""

    EARN = "earn"
    """Positive: points of a sale."""
    REDEEM = "redeem"
    """Negative: points of a reward."""
    OPENING = "opening"
    """Positive: a balance brought along from elsewhere."""
    CORRECTION = "correction"
    """Either sign; names the entry it corrects."""
    PROMOTION = "promotion"
    """Positive: what a promotion adds to the points of a sale."""
    REVERSE = "reverse"
    """Negative: points of a sale taken back by a refund; names the entry that gave them."""
    RETURN = "return"
    """Positive: points of a reward given back by a refund; names the redemption."""
    EXPIRE = "expire"
    """Negative: what was left of a lot when its time was over."""
    ADJUST = "adjust"
    """Either sign: by hand, with a reason."""
    BONUS = "bonus"
    """Positive: a gift of the shop outside any sale, as on a birthday."""


@dataclass(frozen=True, slots=True)
class LoyaltyAccount:
    """One per phone number (row 162). ``sequence`` grows by one with each entry of the account."""

    id: UUID
    customer_id: UUID
    phone_number: PhoneNumber | None
    """None once its holder said that the number is not theirs (row 199)."""
    balance: int
    enrolled_at: datetime
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class LotUse:
    """Points that an entry took from a lot; ``points`` is positive."""

    lot_id: UUID
    points: int


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One booking. ``idempotency_key`` is unique per account: booking it twice books it once."""

    id: UUID
    account_id: UUID
    kind: EntryKind
    points: int
    booked_at: datetime
    source: str
    """What caused it, as ``noun:id``: ``sale:0192…``."""
    idempotency_key: str
    earned_at: datetime | None = None
    expires_at: datetime | None = None
    corrects: UUID | None = None
    uses: tuple[LotUse, ...] = ()
    why: tuple[Why, ...] = ()
    origin_lot: UUID | None = None
    """Of points that come back or come over: the lot that they were in."""
    staff_id: UUID | None = None
    """Who booked it by hand; None for what the shop's rules book."""


@dataclass(frozen=True, slots=True)
class Lot:
    """What is left of the points that one entry added; its id is the entry's."""

    id: UUID
    remaining: int
    earned_at: datetime
    expires_at: datetime | None

    def is_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now


def usable_points(lots: Iterable[Lot], now: datetime) -> int:
    """What can be redeemed: lots that have not expired."""
    return sum(lot.remaining for lot in lots if not lot.is_expired(now))


def take_from_lots(lots: Iterable[Lot], points: int, now: datetime) -> tuple[LotUse, ...] | None:
    """The lots that pay for ``points``, in the order of use; None where they hold less."""
    left = points
    uses: list[LotUse] = []
    for lot in sorted(
        (lot for lot in lots if lot.remaining > 0 and not lot.is_expired(now)), key=order_of_use
    ):
        if left == 0:
            break
        taken = min(left, lot.remaining)
        uses.append(LotUse(lot.id, taken))
        left -= taken
    return tuple(uses) if left == 0 else None


def balance_of(entries: Iterable[LedgerEntry]) -> int:
    """The balance that the entries add up to."""
    return sum(entry.points for entry in entries)


def remainders_of(entries: Sequence[LedgerEntry]) -> dict[UUID, int]:
    """What is left in each lot, rebuilt from the entries alone."""
    left = {entry.id: entry.points for entry in entries if entry.points > 0}
    for entry in entries:
        for use in entry.uses:
            left[use.lot_id] = left.get(use.lot_id, 0) - use.points
    return left


def order_of_use(lot: Lot) -> tuple[bool, float, datetime, UUID]:
    """Sort key: soonest expiry first, then oldest; lots that never expire last."""
    expiry = lot.expires_at.timestamp() if lot.expires_at is not None else 0.0
    return (lot.expires_at is None, expiry, lot.earned_at, lot.id)
