"""One question of a register → one use case → its answer. Runs inside the question's transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from checkout.registers.views import lane_now, refund_recorded, register_setup, sale_recorded
from checkout.till.build import read_lane_view
from checkout.till.view import DeviceView
from checkout.words import words_for
from loyalty.domain.payment_card import CardEntry, CardToken
from loyalty.domain.refunds import AmountBack, WholeSaleBack
from loyalty.domain.register import StatedLine
from loyalty.domain.sale import Sale
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.refund import Refunded
from loyalty.services.register_deeds import (
    At,
    Named,
    RecordOrder,
    apply_proposed_discount,
    give_back,
    name_member,
    name_member_after,
    record_sale,
    recorded_sale,
    show_card,
    take_reward_off,
    use_reward,
    void,
)
from loyalty.services.register_sale import state_sale
from loyalty.services.setup import shop_settings
from loyalty.services.staff_at_sale import detach_member
from messaging.register.answered import Answer, LaneNow, SaleGivenUp
from messaging.register.asked import (
    Asked,
    AskLane,
    AskSale,
    AskSetup,
    ConfirmDiscount,
    MemberNamed,
    NameMember,
    RecordSale,
    RefundSale,
    RemoveMember,
    ReturnReward,
    ShowCard,
    StateSale,
    UseReward,
    VoidSale,
)
from messaging.register.card import PaymentCard

QUESTIONS = (AskSetup, AskLane, AskSale)
"""What changes nothing."""

_NO_DEVICE = DeviceView(name=None, is_online=False, is_broker_up=False, waiting_events=0)


@dataclass(frozen=True)
class Done:
    """What a question came to; what is to follow the commit."""

    answer: Answer
    has_changed: bool = False
    recorded: Sale | None = None
    """A sale that was booked just now."""
    paying: UUID | None = None
    """A sale whose total is known: the customer's screen asks who they are."""


def do(unit: UnitOfWork, ctx: ServiceContext, at: At, asked: Asked) -> Done | Refused:
    """Answer, or do what is asked and answer; a refusal may leave something half done: roll back."""
    return _DEEDS[type(asked)](unit, ctx, at, asked)


def read_lane(unit: UnitOfWork, ctx: ServiceContext, at: At) -> LaneNow:
    """The lane as it is in this transaction."""
    view = read_lane_view(unit, at.lane, _NO_DEVICE, ctx.clock.now())
    return lane_now(view.masked, at.register)


def _ask_setup(unit: UnitOfWork, _ctx: ServiceContext, at: At, _asked: AskSetup) -> Done:
    return Done(register_setup(unit, at.register))


def _ask_lane(unit: UnitOfWork, ctx: ServiceContext, at: At, _asked: AskLane) -> Done:
    return Done(read_lane(unit, ctx, at))


def _ask_sale(unit: UnitOfWork, _ctx: ServiceContext, at: At, asked: AskSale) -> Done | Refused:
    sale = recorded_sale(unit, at.register, asked.reference)
    if sale is None or sale.receipt is None:
        return Refused(Refusal.SALE_UNKNOWN)
    return Done(sale_recorded(unit, at.register, sale, sale.receipt))


def _state_sale(unit: UnitOfWork, ctx: ServiceContext, at: At, asked: StateSale) -> Done | Refused:
    full = at.register.full_reference(asked.reference)
    sale = state_sale(unit, ctx, at.lane.id, _lines(unit, asked), at.account, reference=full)
    if isinstance(sale, Refused):
        return sale
    if sale.is_settled:
        return Refused(Refusal.SALE_CLOSED)
    return Done(read_lane(unit, ctx, at), has_changed=True, paying=sale.id)


def _name_member(unit: UnitOfWork, ctx: ServiceContext, at: At, asked: NameMember) -> Done | Refused:
    named = _named(asked.member)
    if asked.reference is not None:
        late = name_member_after(unit, ctx, at, asked.reference, named)
        if isinstance(late, Refused):
            return late
        sale = late.sale
        if sale.receipt is None:
            return Refused(Refusal.SALE_NOT_COMPLETED)
        return Done(sale_recorded(unit, at.register, sale, sale.receipt), has_changed=True)
    done = name_member(unit, ctx, at, named)
    return done if isinstance(done, Refused) else Done(read_lane(unit, ctx, at), has_changed=True)


def _show_card(unit: UnitOfWork, ctx: ServiceContext, at: At, asked: ShowCard) -> Done | Refused:
    done = show_card(unit, ctx, at, _token(asked.card))
    return done if isinstance(done, Refused) else Done(read_lane(unit, ctx, at), has_changed=True)


def _remove_member(unit: UnitOfWork, ctx: ServiceContext, at: At, _asked: RemoveMember) -> Done | Refused:
    sale = unit.sales.open_in_lane(at.lane.id)
    changed = Refused(Refusal.SALE_UNKNOWN) if sale is None else detach_member(unit, sale.id, at.account)
    return _lane_after(unit, ctx, at, changed)


def _use_reward(unit: UnitOfWork, ctx: ServiceContext, at: At, asked: UseReward) -> Done | Refused:
    return _lane_after(unit, ctx, at, use_reward(unit, ctx, at, asked.tier))


def _return_reward(unit: UnitOfWork, ctx: ServiceContext, at: At, asked: ReturnReward) -> Done | Refused:
    return _lane_after(unit, ctx, at, take_reward_off(unit, at, asked.tier))


def _confirm_discount(
    unit: UnitOfWork, ctx: ServiceContext, at: At, _asked: ConfirmDiscount
) -> Done | Refused:
    return _lane_after(unit, ctx, at, apply_proposed_discount(unit, at))


def _record_sale(unit: UnitOfWork, ctx: ServiceContext, at: At, asked: RecordSale) -> Done | Refused:
    order = RecordOrder(
        reference=asked.reference,
        lines=_lines(unit, asked),
        charged_minor=asked.charged_minor,
        member=_named(asked.member) if asked.member is not None else None,
        reward_tiers=asked.rewards,
        is_late=asked.late,
        card=_token(asked.card) if asked.card is not None else None,
    )
    done = record_sale(unit, ctx, at, order)
    if isinstance(done, Refused):
        return done
    answer = sale_recorded(unit, at.register, done.sale, done.receipt)
    return Done(answer, has_changed=True, recorded=None if done.is_repeated else done.sale)


def _refund_sale(unit: UnitOfWork, ctx: ServiceContext, at: At, asked: RefundSale) -> Done | Refused:
    back: WholeSaleBack | AmountBack | tuple[tuple[int, int], ...] = WholeSaleBack()
    if asked.lines is not None:
        back = tuple((each.line, each.quantity) for each in asked.lines)
    elif asked.amount_minor is not None:
        back = AmountBack(asked.amount_minor)
    done = give_back(
        unit,
        ctx,
        at,
        asked.reference,
        back,
        refund_reference=asked.refund,
        reason=asked.reason or _usual_reason(unit),
    )
    if isinstance(done, Refused):
        return done
    return Done(refund_recorded(done, asked.reference, asked.refund), has_changed=True)


def _void_sale(unit: UnitOfWork, ctx: ServiceContext, at: At, asked: VoidSale) -> Done | Refused:
    done = void(unit, ctx, at, asked.reference, reason=asked.reason or _usual_reason(unit))
    if isinstance(done, Refused):
        return done
    if isinstance(done, Refunded):
        return Done(refund_recorded(done, asked.reference, None), has_changed=True)
    return Done(SaleGivenUp(reference=asked.reference), has_changed=True)


def _lane_after(unit: UnitOfWork, ctx: ServiceContext, at: At, changed: Sale | Refused) -> Done | Refused:
    return changed if isinstance(changed, Refused) else Done(read_lane(unit, ctx, at), has_changed=True)


def _lines(unit: UnitOfWork, asked: StateSale | RecordSale) -> tuple[StatedLine, ...]:
    if asked.lines is not None:
        return tuple(
            StatedLine(each.name, each.unit_price_minor, each.quantity, each.barcode) for each in asked.lines
        )
    shop = shop_settings(unit)
    words = words_for(shop.default_language, shop.country)
    return (StatedLine(words.text("Purchase at the register"), asked.total_minor or 0),)


def _usual_reason(unit: UnitOfWork) -> str:
    shop = shop_settings(unit)
    words = words_for(shop.default_language, shop.country)
    return words.text("Returned at the register")


def _named(member: MemberNamed) -> Named:
    return Named(member.code, member.phone_number, member.symbology)


def _token(card: PaymentCard) -> CardToken:
    entry = CardEntry(card.entry) if card.entry is not None else None
    return CardToken(card.brand, card.last_four, card.fingerprint, entry)


_DEEDS: dict[type[Any], Callable[[UnitOfWork, ServiceContext, At, Any], Done | Refused]] = {
    AskSetup: _ask_setup,
    AskLane: _ask_lane,
    AskSale: _ask_sale,
    StateSale: _state_sale,
    NameMember: _name_member,
    ShowCard: _show_card,
    RemoveMember: _remove_member,
    UseReward: _use_reward,
    ReturnReward: _return_reward,
    ConfirmDiscount: _confirm_discount,
    RecordSale: _record_sale,
    RefundSale: _refund_sale,
    VoidSale: _void_sale,
}
