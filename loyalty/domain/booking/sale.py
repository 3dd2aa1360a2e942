"""Entries of a completed sale: redemptions first, then what it earns."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from loyalty.domain.booking.state import AccountState, NewId
from loyalty.domain.ledger import EntryKind, LedgerEntry
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.pricing.reward_discounts import effective_rewards
from loyalty.domain.sale import Sale, SaleReward
from loyalty.domain.why import Refusal, Refused, Why, WhyCode
from runtime.ids import new_id as fresh_id

_PROMOTION_CODES = frozenset(
    {
        WhyCode.PROMOTION_MULTIPLIED,
        WhyCode.PROMOTION_ADDED,
        WhyCode.PROMOTION_NOT_NOW,
        WhyCode.PROMOTION_BELOW_MINIMUM,
        WhyCode.PROMOTION_WITHOUT_ITEM,
        WhyCode.PROMOTION_LIMIT_REACHED,
        WhyCode.PROMOTION_GIVES_NOTHING,
    }
)


@dataclass(frozen=True, slots=True)
class SaleBooking:
    """What a sale books, in this order; empty where it neither redeems nor earns."""

    entries: tuple[LedgerEntry, ...]
    after: AccountState


def book_sale(
    state: AccountState,
    sale: Sale,
    quote: Quote,
    *,
    at: datetime,
    expires_at: datetime | None,
    new_id: NewId = fresh_id,
) -> SaleBooking | Refused:
    """The entries of a sale completed ``at``; refused with ``not_enough_points`` as a whole or not at all.

    Redemptions come first: a sale cannot pay for its own reward.
    """
    entries: list[LedgerEntry] = []
    rewards = effective_rewards(sale, quote.discounts)
    wanted = sum(reward.points for reward in rewards)
    usable = state.usable(at)
    if wanted > usable:
        return Refused(Refusal.NOT_ENOUGH_POINTS, {"points": wanted, "missing": wanted - usable})
    for reward in rewards:
        entry = _redemption(state, sale.id, reward, at, new_id())
        entries.append(entry)
        state = state.after(entry)
    promoted = tuple(why for why in quote.points_why if why.code in _PROMOTION_CODES)
    by_rule = tuple(why for why in quote.points_why if why.code not in _PROMOTION_CODES)
    for kind, points, key, why in (
        (EntryKind.EARN, quote.base_points, "earn", by_rule),
        (EntryKind.PROMOTION, quote.promotion_points, "promotion", promoted),
    ):
        if points > 0:
            gained = state.gain(
                kind,
                points,
                entry_id=new_id(),
                booked_at=at,
                source=f"sale:{sale.id}",
                key=f"{key}:{sale.id}",
                expires_at=expires_at,
            )
            entry = replace(gained, why=(*why, *debt_paid(gained)))
            entries.append(entry)
            state = state.after(entry)
    return SaleBooking(tuple(entries), state)


def debt_paid(entry: LedgerEntry) -> tuple[Why, ...]:
    """The reason why an entry that adds points left fewer of them; nothing where nothing was owed."""
    owed = sum(use.points for use in entry.uses)
    return (Why(WhyCode.DEBT_PAID, {"points": owed}),) if owed > 0 else ()


def _redemption(
    state: AccountState, sale_id: UUID, reward: SaleReward, at: datetime, entry_id: UUID
) -> LedgerEntry:
    return LedgerEntry(
        id=entry_id,
        account_id=state.account_id,
        kind=EntryKind.REDEEM,
        points=-reward.points,
        booked_at=at,
        source=f"sale:{sale_id}",
        idempotency_key=f"redeem:{reward.id}",
        uses=state.take(reward.points, at) or (),
        why=(
            Why(
                WhyCode.REWARD,
                {"tier": reward.name, "tier_id": str(reward.tier_id), "points": reward.points},
            ),
        ),
    )
