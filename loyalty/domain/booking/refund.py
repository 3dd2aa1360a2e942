"""Entries of a refund: points of the sale taken back, points of its rewards given back (X12)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from loyalty.domain.booking.sale import debt_paid
from loyalty.domain.booking.state import NewId, lots_in_order, state_of, use_in_order
from loyalty.domain.ledger import EntryKind, LedgerEntry
from loyalty.domain.why import Why
from runtime.ids import new_id as fresh_id


def reverse_gain(
    account_id: UUID,
    entries: Sequence[LedgerEntry],
    gain: LedgerEntry,
    reversed_in_all: int,
    *,
    refund_id: UUID,
    at: datetime,
    why: tuple[Why, ...] = (),
    new_id: NewId = fresh_id,
) -> LedgerEntry | None:
    """The entry that takes points of a sale back, or None where there is nothing to take (any more).

    They are taken from the lot that the sale filled first, then from the others in the order of use, and
    what no lot holds becomes a debt. What of them has expired already is gone and is not taken a second
    time.

    Args:
        account_id: The account.
        entries: All entries of the account.
        gain: The entry that gave the points: ``earn``, ``promotion``, or where they moved to.
        reversed_in_all: Points to be taken back by all refunds of the sale up to and with this one.
        refund_id: The refund.
        at: When it happened.
        why: Reasons to go with the entry.
        new_id: Makes the entry's id.
    """
    family = lot_family(gain.id, entries)
    expired = sum(
        use.points
        for entry in entries
        if entry.kind is EntryKind.EXPIRE
        for use in entry.uses
        if use.lot_id in family
    )
    taken_before = -sum(
        entry.points for entry in entries if entry.kind is EntryKind.REVERSE and entry.corrects == gain.id
    )
    points = max(0, min(reversed_in_all, gain.points) - expired) - taken_before
    if points <= 0:
        return None
    state = state_of(account_id, entries)
    own = lots_in_order(lot for lot in state.lots if lot.id in family)
    others = lots_in_order(lot for lot in state.lots if lot.id not in family)
    return LedgerEntry(
        id=new_id(),
        account_id=account_id,
        kind=EntryKind.REVERSE,
        points=-points,
        booked_at=at,
        source=f"refund:{refund_id}",
        idempotency_key=f"reverse:{refund_id}:{gain.id}",
        corrects=gain.id,
        uses=use_in_order((*own, *others), points),
        why=why,
    )


def return_reward(
    account_id: UUID,
    entries: Sequence[LedgerEntry],
    reward_id: UUID,
    *,
    refund_id: UUID,
    at: datetime,
    why: tuple[Why, ...] = (),
    new_id: NewId = fresh_id,
) -> tuple[LedgerEntry, ...]:
    """Entries that give a used reward's points back, one for each lot they came from.

    Each keeps the day on which its lot was earned and expires: coming back makes points neither younger
    nor older. Where that day is over meanwhile, the next expiry run ends them. Empty where the reward was
    never paid for, or came back before.
    """
    redemption = next((each for each in entries if each.idempotency_key == f"redeem:{reward_id}"), None)
    if redemption is None or any(_returns(each, redemption.id) for each in entries):
        return ()
    state = state_of(account_id, entries)
    by_id = {entry.id: entry for entry in entries}
    returned: list[LedgerEntry] = []
    for use in redemption.uses:
        lot = by_id[use.lot_id]
        gained = state.gain(
            EntryKind.RETURN,
            use.points,
            entry_id=new_id(),
            booked_at=at,
            source=f"refund:{refund_id}",
            key=f"return:{reward_id}:{use.lot_id}",
            expires_at=lot.expires_at,
            earned_at=lot.earned_at,
        )
        entry = replace(gained, corrects=redemption.id, origin_lot=use.lot_id, why=(*why, *debt_paid(gained)))
        returned.append(entry)
        state = state.after(entry)
    return tuple(returned)


def gain_of_sale(sale_id: UUID, entries: Iterable[LedgerEntry], kind: EntryKind) -> LedgerEntry | None:
    """The entry that a sale's points came by: ``earn`` for the rule's, ``promotion`` for the promotion's."""
    prefix = {EntryKind.EARN: "earn", EntryKind.PROMOTION: "promotion"}[kind]
    return next((each for each in entries if each.idempotency_key == f"{prefix}:{sale_id}"), None)


def moved_points(gain: LedgerEntry, entries: Iterable[LedgerEntry]) -> int:
    """Points of this entry that staff moved to another account.

    A refund takes points back from there first: of ``in_all`` points the least of both is reversed on the
    entry that the move made over there, the rest here.
    """
    return -sum(
        entry.points
        for entry in entries
        if entry.kind is EntryKind.CORRECTION and entry.corrects == gain.id and entry.points < 0
    )


def book_refund(
    account_id: UUID,
    entries: Sequence[LedgerEntry],
    *,
    sale_id: UUID,
    refund_id: UUID,
    base_points_in_all: int,
    promotion_points_in_all: int,
    returned_reward_ids: Sequence[UUID],
    at: datetime,
    why: tuple[Why, ...] = (),
    new_id: NewId = fresh_id,
) -> tuple[LedgerEntry, ...]:
    """All entries of one refund, in order: rewards come back first, so that a debt is not made needlessly.

    The two ``…_in_all`` count every refund of the sale up to and with this one.
    """
    known = list(entries)
    booked: list[LedgerEntry] = []
    for reward_id in returned_reward_ids:
        back = return_reward(account_id, known, reward_id, refund_id=refund_id, at=at, why=why, new_id=new_id)
        known.extend(back)
        booked.extend(back)
    for kind, in_all in (
        (EntryKind.PROMOTION, promotion_points_in_all),
        (EntryKind.EARN, base_points_in_all),
    ):
        gain = gain_of_sale(sale_id, known, kind)
        if gain is None:
            continue
        entry = reverse_gain(
            account_id, known, gain, in_all, refund_id=refund_id, at=at, why=why, new_id=new_id
        )
        if entry is not None:
            known.append(entry)
            booked.append(entry)
    return tuple(booked)


def lot_family(lot_id: UUID, entries: Iterable[LedgerEntry]) -> frozenset[UUID]:
    """The lot, and those of the same account that its points came back into."""
    family = {lot_id}
    for entry in entries:
        if entry.origin_lot in family:
            family.add(entry.id)
    return frozenset(family)


def _returns(entry: LedgerEntry, redemption_id: UUID) -> bool:
    return entry.kind is EntryKind.RETURN and entry.corrects == redemption_id
