"""What another register does by itself: name the member, choose rewards, record, give back (row 195).

It never sees the lane as a person does: each deed names the sale by the register's own reference, and what
comes late finds its own sale and nobody else's (X14).
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from loyalty.domain.payment_card import CardToken
from loyalty.domain.refunds import AmountBack, LinesBack, RefundRequest, WholeSaleBack
from loyalty.domain.register import Register, StatedLine
from loyalty.domain.sale import Sale, SaleState
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.attach import Identified, attach_to
from loyalty.services.basket import open_sale, save_change, void_sale
from loyalty.services.close_sale import Completed
from loyalty.services.context import ServiceContext
from loyalty.services.identify import NamedMember, member_of_code, member_of_number
from loyalty.services.late_attachment import AttachedLate, attach_at_receipt
from loyalty.services.own_account import why_not_own
from loyalty.services.payment_card import identify_by_card
from loyalty.services.redeem import redeem_by_staff, remove_reward
from loyalty.services.redeem_away import note_given_away, points_given_away, why_not_away
from loyalty.services.refund import Refunded, RefundOrder, refund_sale, void_completed_sale
from loyalty.services.register_sale import held_of_register, record_paid, state_sale
from loyalty.services.setup import shop_settings
from loyalty.services.staff_at_sale import adding_off, confirm_discount


@dataclass(frozen=True, slots=True)
class Named:
    """How a register names a member: by one of these."""

    code: str | None = None
    """What its scanner read, or a reference number."""
    phone_number: str | None = None
    symbology: str = "unknown"


@dataclass(frozen=True, slots=True)
class RecordOrder:
    """A sale that the register was paid for.

    Args:
        reference: What the register calls it.
        lines: What was sold.
        charged_minor: What was charged; None where nobody compares.
        member: Who bought, where the register knows it and the lane may not.
        reward_tiers: The rewards that are to be on the sale, no others; None leaves them as they are.
        is_late: It was made while the station was away: who is at the lane now has nothing to do with it.
        card: What it was paid with, where the register tells.
    """

    reference: str
    lines: Sequence[StatedLine]
    charged_minor: int | None = None
    member: Named | None = None
    reward_tiers: tuple[UUID, ...] | None = None
    is_late: bool = False
    card: CardToken | None = None


@dataclass(frozen=True, slots=True)
class At:
    """A register at one of its lanes, with the account that its deeds are noted under."""

    register: Register
    lane: Lane
    account: StaffMember


def name_member(uow: UnitOfWork, ctx: ServiceContext, at: At, named: Named) -> Identified | Refused:
    """Put a member on the lane's sale; before the first total this opens it.

    Refusals: ``not_recognised``, ``phone_number_invalid`` and those of codes, ``lane_sells_itself``,
    ``adding_during_off``, ``own_account``, ``another_member`` where a better proof named somebody else.
    """
    at.account.require(Permission.SELL)
    if not at.lane.is_companion:
        return Refused(Refusal.LANE_SELLS_ITSELF)
    found = _member(uow, ctx, named)
    if isinstance(found, Refused):
        return found
    sale = _lanes_sale(uow, ctx, at)
    return sale if isinstance(sale, Refused) else _attach(uow, ctx, at, sale, found)


def show_card(uow: UnitOfWork, ctx: ServiceContext, at: At, card: CardToken) -> Identified | Refused:
    """Put the member of a payment card on the lane's sale; before the first total this opens it.

    Refusals: ``lane_sells_itself`` and those of :func:`identify_by_card`.
    """
    if not at.lane.is_companion:
        return Refused(Refusal.LANE_SELLS_ITSELF)
    sale = _lanes_sale(uow, ctx, at)
    return sale if isinstance(sale, Refused) else identify_by_card(uow, ctx, sale.id, card, at.account)


def name_member_after(
    uow: UnitOfWork, ctx: ServiceContext, at: At, reference: str, named: Named
) -> AttachedLate | Refused:
    """Put a member on a sale that is recorded already, while the lane has begun no other one."""
    sale = recorded_sale(uow, at.register, reference)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    found = _member(uow, ctx, named)
    if isinstance(found, Refused):
        return found
    return attach_at_receipt(uow, ctx, sale.id, found.member.customer.id, at.account)


def use_reward(uow: UnitOfWork, ctx: ServiceContext, at: At, tier_id: UUID) -> Sale | Refused:
    """Refusals besides those of a reward: ``sale_unknown``, ``trust_too_low`` where nobody may confirm."""
    sale = uow.sales.open_in_lane(at.lane.id)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    needed = shop_settings(uow).trust.redeem
    is_unproven = sale.member is not None and sale.member.trust < needed
    if sale.member is not None and is_unproven and not at.account.may(Permission.REDEEM_CONFIRM):
        return Refused(Refusal.TRUST_TOO_LOW, {"trust": int(sale.member.trust), "needed": int(needed)})
    return redeem_by_staff(uow, ctx, sale.id, tier_id, at.account)


def take_reward_off(uow: UnitOfWork, at: At, tier_id: UUID) -> Sale | Refused:
    """One reward of this tier. Refusals: ``sale_unknown``, ``not_applied``."""
    sale = uow.sales.open_in_lane(at.lane.id)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    there = next((each for each in reversed(sale.rewards) if each.tier_id == tier_id), None)
    if there is None:
        return Refused(Refusal.NOT_APPLIED)
    return remove_reward(uow, sale.id, there.id, at.account)


def apply_proposed_discount(uow: UnitOfWork, at: At) -> Sale | Refused:
    """The tap of staff that a discount waits for (X15), where this register's cashiers may give it."""
    sale = uow.sales.open_in_lane(at.lane.id)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    if not at.account.may(Permission.REDEEM_CONFIRM):
        return Refused(Refusal.PERMISSION_NOT_HELD)
    return confirm_discount(uow, sale.id, at.account)


def record_sale(uow: UnitOfWork, ctx: ServiceContext, at: At, order: RecordOrder) -> Completed | Refused:
    """Book a sale of the register, once for its reference.

    A sale that the lane has gone past is booked beside the one that is open there, which stays as it is.
    Refusals: those of stating, naming, rewards and booking; ``reference_used`` where the reference is
    another sale's.
    """
    full = at.register.full_reference(order.reference)
    paid = uow.sales.completed_by_key(f"register:{full}")
    if paid is not None:
        if paid.receipt is None or not _is_stated(paid, order):
            return Refused(Refusal.REFERENCE_USED)
        return Completed(paid, paid.receipt, is_repeated=True)
    there = uow.sales.open_in_lane(at.lane.id)
    is_others = there is not None and there.register_reference not in (None, full)
    is_overtaken = order.is_late and there is not None and there.register_reference != full
    aside = there if is_others or is_overtaken else None
    if aside is not None:
        save_change(uow, replace(aside, state=SaleState.HELD))
    done = _book(uow, ctx, at, order, full)
    if aside is not None and isinstance(done, Completed):
        again = uow.sales.get(aside.id)
        if again is not None:
            save_change(uow, replace(again, state=SaleState.OPEN))
    return done


def recorded_sale(uow: UnitOfWork, register: Register, reference: str) -> Sale | None:
    """What the register recorded under this reference."""
    return uow.sales.completed_by_key(f"register:{register.full_reference(reference)}")


def give_back(
    uow: UnitOfWork,
    ctx: ServiceContext,
    at: At,
    reference: str,
    back: RefundRequest | Sequence[tuple[int, int]],
    *,
    refund_reference: str,
    reason: str,
) -> Refunded | Refused:
    """Book what came back at the register, once for its reference.

    ``back`` may be pairs of a line's place in the sale, from 1, and units of it.
    """
    sale = recorded_sale(uow, at.register, reference)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    request = back if isinstance(back, WholeSaleBack | LinesBack | AmountBack) else _lines_back(sale, back)
    if isinstance(request, Refused):
        return request
    key = f"register:{at.register.full_reference(refund_reference)}"
    before = uow.refunds.by_key(key)
    if before is not None and before.sale_id != sale.id:
        return Refused(Refusal.REFERENCE_USED)
    return refund_sale(uow, ctx, RefundOrder(key, sale.id, request, reason), at.account)


def void(
    uow: UnitOfWork, ctx: ServiceContext, at: At, reference: str, *, reason: str
) -> Sale | Refunded | Refused:
    """Give up a sale that is not paid, or undo one that was recorded today."""
    sale = recorded_sale(uow, at.register, reference)
    if sale is not None:
        key = f"void:{at.register.full_reference(reference)}"
        return void_completed_sale(uow, ctx, sale.id, at.account, key=key, reason=reason)
    full = at.register.full_reference(reference)
    there = uow.sales.open_in_lane(at.lane.id)
    if there is None or there.register_reference != full:
        there = held_of_register(uow, full)
    return Refused(Refusal.SALE_UNKNOWN) if there is None else void_sale(uow, ctx, there.id, at.account)


def _member(uow: UnitOfWork, ctx: ServiceContext, named: Named) -> NamedMember | Refused:
    if named.phone_number is not None:
        return member_of_number(uow, named.phone_number)
    return member_of_code(uow, ctx, named.code or "", named.symbology)


def _lanes_sale(uow: UnitOfWork, ctx: ServiceContext, at: At) -> Sale | Refused:
    there = uow.sales.open_in_lane(at.lane.id)
    return there if there is not None else open_sale(uow, ctx, at.lane.id, at.account)


def _attach(
    uow: UnitOfWork, ctx: ServiceContext, at: At, sale: Sale, found: NamedMember
) -> Identified | Refused:
    refused = adding_off(uow, sale.id)
    if refused is None and not sale.is_training:
        refused = why_not_own(uow, at.account, found.member.customer.id)
    if refused is not None:
        return refused
    done = attach_to(uow, ctx, sale, at.lane, found.member, method=found.method, trust=found.trust)
    return done if done.sale is not None else Refused(Refusal.ANOTHER_MEMBER)


def _book(uow: UnitOfWork, ctx: ServiceContext, at: At, order: RecordOrder, full: str) -> Completed | Refused:
    sale = state_sale(uow, ctx, at.lane.id, order.lines, at.account, reference=full)
    if isinstance(sale, Refused):
        return sale
    if order.member is not None:
        found = _member(uow, ctx, order.member)
        named = _attach(uow, ctx, at, sale, found) if isinstance(found, NamedMember) else found
        if isinstance(named, Refused):
            return named
    given_away = 0
    if order.is_late and order.reward_tiers:
        now = uow.sales.get(sale.id) or sale
        given_away = points_given_away(uow, now, order.reward_tiers)
        refused = why_not_away(uow, ctx, now, given_away)
        if refused is not None:
            return refused
    if order.reward_tiers is not None:
        refused = _exactly(uow, ctx, at, sale.id, order.reward_tiers)
        if refused is not None:
            return refused
    done = record_paid(uow, ctx, sale.id, at.account, charged_minor=order.charged_minor, card=order.card)
    if isinstance(done, Completed):
        note_given_away(uow, ctx, at.account, done.sale, given_away)
    return done


def _exactly(
    uow: UnitOfWork, ctx: ServiceContext, at: At, sale_id: UUID, tiers: tuple[UUID, ...]
) -> Refused | None:
    """Have these rewards on the sale and no others."""
    sale = uow.sales.get(sale_id)
    there = Counter(each.tier_id for each in sale.rewards) if sale is not None else Counter()
    wanted = Counter(tiers)
    for tier_id in (there - wanted).elements():
        off = take_reward_off(uow, at, tier_id)
        if isinstance(off, Refused):
            return off
    for tier_id in (wanted - there).elements():
        used = use_reward(uow, ctx, at, tier_id)
        if isinstance(used, Refused):
            return used
    return None


def _is_stated(sale: Sale, order: RecordOrder) -> bool:
    there = [(line.unit_price_minor, line.quantity) for line in sale.lines]
    return there == [(line.unit_price_minor, line.quantity) for line in order.lines]


def _lines_back(sale: Sale, places: Sequence[tuple[int, int]]) -> LinesBack | Refused:
    if any(not 1 <= place <= len(sale.lines) for place, _ in places):
        return Refused(Refusal.LINE_UNKNOWN)
    return LinesBack(tuple((sale.lines[place - 1].id, units) for place, units in places))
