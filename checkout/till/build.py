"""Makes the till page's view model from what the loyalty services say about a lane."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from checkout.printing.queue import PrintTrouble
from checkout.till.view import (
    AddingView,
    CardView,
    DeviceView,
    DiscountView,
    ElsewhereView,
    HeldView,
    LineView,
    MemberView,
    NextRewardView,
    NoticeView,
    PrinterView,
    ProposalView,
    ReceiptView,
    RewardView,
    SaleView,
    TaxView,
    TenderView,
    TillView,
    WhyView,
)
from loyalty.domain.catalogue import TaxInclusion
from loyalty.domain.channel import Channel
from loyalty.domain.checkout_settings import SignInScreen
from loyalty.domain.consent import channels_given_by_own_hand
from loyalty.domain.contact.email_address import masked_email_address
from loyalty.domain.phone import PhoneNumber, masked_phone_number
from loyalty.domain.pricing.quote import ProposedDiscount, Quote
from loyalty.domain.programme import PointsName
from loyalty.domain.register import stated_tax_mode
from loyalty.domain.sale import Receipt, Sale, SaleChannel, SaleState
from loyalty.domain.settlement import round_to_coin
from loyalty.domain.shop import Lane, ShopSettings
from loyalty.domain.staff import OWNER_PERMISSIONS, Permission, Role, StaffMember
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Why
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.late_attachment import RECEIPT_STAYS
from loyalty.services.member_view import RewardOffer
from loyalty.services.one_time_codes import is_code_awaited
from loyalty.services.paying_card import cards_to_link
from loyalty.services.till import TillMember, till_view
from loyalty.services.till import TillView as FoundTill
from runtime.ids import new_id


@dataclass(frozen=True)
class LaneView:
    """A lane's view for viewers with and without the permission to see contact details (row 9).

    ``reserved`` is for those who see contact details and may not change them (row 11).
    """

    full: TillView
    reserved: TillView
    masked: TillView

    def seen_by(self, viewer: StaffMember) -> TillView:
        if not viewer.may(Permission.VIEW_CONTACT):
            return self.masked
        return self.full if viewer.may(Permission.EDIT_CONTACT) else self.reserved


# The station reads a lane once per change for all its viewers; what a viewer may not see is masked after.
_SEES_CONTACT = StaffMember(new_id(), "station", "station", Role(new_id(), "station", OWNER_PERMISSIONS))


def read_lane_view(
    unit: UnitOfWork,
    lane: Lane,
    device: DeviceView,
    now: datetime,
    notice: NoticeView | None = None,
    *,
    ways: AbstractSet[Channel] = frozenset(),
    trouble: PrintTrouble | None = None,
    paying: UUID | None = None,
    away: AbstractSet[Channel] = frozenset(),
) -> LaneView:
    """The lane as the unit of work sees it.

    ``ways`` are those by which messages leave the shop, ``away`` those by which none leaves right now;
    ``paying`` is the sale whose payment has begun.
    """
    found = till_view(unit, lane, _SEES_CONTACT)
    programme, checkout = unit.programme.current(), unit.programme.settings().checkout
    names = programme.points_name if programme is not None else PointsName("point", "points")
    sale = None
    if found.sale is not None and found.quote is not None and _is_current(found.sale, now):
        sale = _sale(found.sale, found.quote, found.member, found.shop)
        free = tuple(CardView(brand=c.brand, last_four=c.last_four) for c in cards_to_link(unit, found.sale))
        member = _with_elsewhere(unit, sale.member, found.member)
        sale = sale.model_copy(update={"member": member, "cards_to_link": free})
        if sale.member is not None and _may_send_code(found, ways):
            state = "awaited" if is_code_awaited(unit, found.sale, now) else "offered"
            sale = sale.model_copy(update={"member": sale.member.model_copy(update={"code": state})})
    full = TillView(
        lane=lane.number,
        is_training=lane.is_training,
        currency=found.shop.currency,
        points_one=names.one,
        points_many=names.many,
        sale=sale,
        device=device,
        adds=AddingView(
            during=checkout.adds_during_checkout,
            after=checkout.adds_after_checkout,
            by_code=checkout.reads_customer_codes and checkout.shows_search_scan,
            cards_at_lane=checkout.reads_customer_codes,
        ),
        payment=_payment_step(checkout.sign_in_screen, sale, paying),
        is_companion=lane.is_companion,
        stated=stated_tax_mode(programme).value,
        held=_held(unit, lane) if sale is None or sale.state != "open" else (),
        sends_mail=Channel.EMAIL in ways and not lane.is_training,
        notice=notice,
        ways_away=() if lane.is_training else tuple(sorted(each.value for each in away)),
        printer=PrinterView(code=trouble.code, receipt=trouble.what) if trouble is not None else None,
    )
    return LaneView(full, _masked(full, _given_by_own_hand(unit, full)), _masked(full, frozenset(Channel)))


def _given_by_own_hand(unit: UnitOfWork, full: TillView) -> frozenset[Channel]:
    if full.sale is None or full.sale.member is None:
        return frozenset()
    return channels_given_by_own_hand(unit.consents.of_customer(full.sale.member.customer_id))


def _payment_step(
    screen: SignInScreen, sale: SaleView | None, paying: UUID | None
) -> Literal["open", "to_begin", "begun"]:
    if screen is not SignInScreen.PAYMENT or sale is None or sale.state != "open":
        return "open"
    return "begun" if sale.id == paying else "to_begin"


def _held(unit: UnitOfWork, lane: Lane) -> tuple[HeldView, ...]:
    """Sales that this lane could take up again."""
    held = [
        sale
        for sale in unit.sales.held()
        if sale.is_training is lane.is_training
        and lane.is_companion is (sale.channel is SaleChannel.REGISTER)
    ]
    names = {
        sale.id: member.customer.display_name
        for sale in held
        if sale.member is not None and (member := unit.customers.member(sale.member.customer_id)) is not None
    }
    return tuple(
        HeldView(
            id=sale.id,
            opened_at=sale.opened_at,
            items=sum(line.quantity for line in sale.lines),
            member_name=names.get(sale.id),
        )
        for sale in held
    )


def _may_send_code(found: FoundTill, ways: AbstractSet[Channel]) -> bool:
    """Whether a code would help: a member with a number, whom nothing proves yet."""
    if found.sale is None or found.member is None:
        return False
    is_unproven = found.member.loyalty is not None and found.member.trust < found.shop.trust.redeem
    has_way = found.member.phone_number is not None and Channel.SMS in ways
    return found.sale.is_open and not found.sale.is_training and is_unproven and has_way


def why_view(why: Why) -> WhyView:
    return WhyView(code=why.code.value, params=dict(why.params))


def _masked(full: TillView, channels: frozenset[Channel]) -> TillView:
    """The view with the details of these channels masked."""
    if full.sale is None or full.sale.member is None or not channels:
        return full
    number, mailbox = full.sale.member.phone_number, full.sale.member.mailbox
    shown = {}
    if Channel.SMS in channels and number is not None:
        shown["phone_number"] = masked_phone_number(PhoneNumber(number))
    if Channel.EMAIL in channels and mailbox is not None:
        shown["mailbox"] = masked_email_address(mailbox)
    hidden = full.sale.member.model_copy(update=shown)
    return full.model_copy(update={"sale": full.sale.model_copy(update={"member": hidden})})


def _is_current(sale: Sale, now: datetime) -> bool:
    if sale.is_open:
        return True
    is_fresh = sale.closed_at is not None and now - sale.closed_at < RECEIPT_STAYS
    return sale.state is SaleState.COMPLETED and is_fresh


def _sale(sale: Sale, quote: Quote, member: TillMember | None, shop: ShopSettings) -> SaleView:
    return SaleView(
        id=sale.id,
        state="paid" if sale.state is SaleState.COMPLETED else "open",
        version=sale.version,
        lines=tuple(
            LineView(
                id=line.line_id,
                name=line.name,
                quantity=line.quantity,
                unit_price_minor=line.unit_price_minor,
                amount_minor=line.gross_minor,
            )
            for line in quote.lines
        ),
        discounts=tuple(
            DiscountView(
                kind=discount.kind.value,
                source_id=discount.source_id,
                name=discount.name,
                amount_minor=discount.amount_minor,
                why=tuple(why_view(why) for why in discount.why),
            )
            for discount in quote.discounts
        ),
        proposal=_proposal(quote.proposal),
        taxes=tuple(
            TaxView(
                name=tax.name,
                rate_ppm=tax.rate_ppm,
                is_included=tax.inclusion is TaxInclusion.INCLUDED,
                amount_minor=tax.amount_minor,
            )
            for tax in quote.taxes
        ),
        subtotal_minor=quote.subtotal_minor,
        total_minor=quote.total_minor,
        cash_due_minor=round_to_coin(quote.total_minor, shop.smallest_coin_minor),
        points_to_earn=quote.points_to_earn,
        points_why=tuple(why_view(why) for why in quote.points_why),
        member=_member(sale, member, shop) if member is not None else None,
        receipt=_receipt(sale.receipt, quote),
        is_registers=sale.channel is SaleChannel.REGISTER,
        register_reference=sale.register_reference,
    )


def _proposal(proposal: ProposedDiscount | None) -> ProposalView | None:
    if proposal is None:
        return None
    return ProposalView(
        group_id=proposal.group_id,
        name=proposal.name,
        amount_minor=proposal.amount_minor,
        why=why_view(proposal.why),
    )


def _member(sale: Sale, member: TillMember, shop: ShopSettings) -> MemberView | None:
    if sale.member is None:
        return None
    loyalty = member.loyalty
    next_reward = None
    if loyalty is not None and loyalty.next_reward is not None:
        found = loyalty.next_reward
        next_reward = NextRewardView(name=found.name, points=found.points, missing=found.missing)
    return MemberView(
        customer_id=sale.member.customer_id,
        name=member.display_name,
        phone_number=member.phone_number,
        mailbox=member.mailbox,
        note=member.note,
        groups=tuple(group.name for group in member.groups),
        trust=int(member.trust),
        method=member.method.value,
        is_member=loyalty is not None,
        is_proven=member.trust >= shop.trust.redeem,
        is_bare=member.is_bare,
        points=loyalty.points if loyalty is not None else 0,
        balance=loyalty.balance if loyalty is not None else 0,
        next_reward=next_reward,
        rewards=tuple(
            _reward(offer, sale, member.trust, shop) for offer in (loyalty.rewards if loyalty else ())
        ),
    )


def _with_elsewhere(
    unit: UnitOfWork, member: MemberView | None, found: TillMember | None
) -> MemberView | None:
    if member is None or found is None or found.loyalty is None or not found.loyalty.elsewhere:
        return member
    lanes = {lane.id: lane.number for lane in unit.lanes.all()}
    elsewhere = tuple(
        ElsewhereView(
            lane=lanes.get(each.lane_id, 0), since=each.since, is_held=each.is_held, points=each.points
        )
        for each in found.loyalty.elsewhere
    )
    return member.model_copy(update={"elsewhere": elsewhere})


def _reward(offer: RewardOffer, sale: Sale, trust: Trust, shop: ShopSettings) -> RewardView:
    on_sale = [reward.id for reward in sale.rewards if reward.tier_id == offer.tier_id]
    why_not = None
    if not offer.is_available:
        state = "refused"
        params: dict[str, int | str] = {"missing": offer.missing_points} if offer.missing_points else {}
        why_not = WhyView(code=offer.why_not or Refusal.TIER_UNKNOWN, params=params)
    elif trust < shop.trust.redeem:
        state = "needs_confirmation"
        why_not = WhyView(
            code=Refusal.TRUST_TOO_LOW, params={"trust": int(trust), "needed": int(shop.trust.redeem)}
        )
    else:
        state = "available"
    return RewardView(
        tier_id=offer.tier_id,
        name=offer.name,
        points=offer.points,
        state=state,
        used=len(on_sale),
        last_used_id=on_sale[-1] if on_sale else None,
        why_not=why_not,
    )


def _receipt(receipt: Receipt | None, quote: Quote) -> ReceiptView | None:
    if receipt is None:
        return None
    return ReceiptView(
        number=receipt.number,
        given_minor=sum(tender.given_minor for tender in receipt.all_tenders),
        change_minor=sum(tender.change_minor for tender in receipt.all_tenders),
        tenders=tuple(
            TenderView(
                kind=tender.kind.value,
                amount_minor=tender.amount_minor,
                given_minor=tender.given_minor,
                card=f"{tender.card.brand} {tender.card.last_four}" if tender.card is not None else None,
            )
            for tender in receipt.all_tenders
        ),
        tip_minor=receipt.tip_minor,
        points_earned=quote.points_to_earn,
        points_used=quote.points_to_redeem,
        balance=receipt.balance_after,
    )
