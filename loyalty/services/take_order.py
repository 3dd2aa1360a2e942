"""Invoices and online orders that were paid elsewhere (rows 122-126, 151).

The system that takes them reports each paid one once or more; it counts once, by its id there. An invoice
earns and never redeems. An online order may carry rewards that the member chose; they apply by themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from loyalty.domain.identification import IdentificationMethod
from loyalty.domain.phone import parse_phone_number
from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.pricing.quote import Quote
from loyalty.domain.sale import Sale, SaleChannel, SaleLine, SaleState, TenderKind
from loyalty.domain.settlement import Offer, settle
from loyalty.domain.shop import Lane
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import ConflictError
from loyalty.ports.directory import Member
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.basket import line_of, save_change
from loyalty.services.close_sale import Completed, Priced, close_sale, lock_account
from loyalty.services.context import ServiceContext
from loyalty.services.named_member import name_member
from loyalty.services.redeem import apply_reward
from loyalty.services.setup import pricing_terms, shop_settings
from runtime.ids import new_id

CHANNEL_LANES = {SaleChannel.INVOICE: 9001, SaleChannel.ONLINE: 9002}
"""Numbers of the lanes that stand for channels in reports; they are never active and have no device."""


@dataclass(frozen=True, slots=True)
class OrderedItem:
    """So many of an item or of one of its variations."""

    item_id: UUID
    quantity: int = 1
    variation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """What the payer left: a number finds the member of the account that it belongs to."""

    phone_number: str | None = None
    customer_id: UUID | None = None
    """Where the order was placed by somebody signed in."""


@dataclass(frozen=True, slots=True)
class PaidOrder:
    """One paid invoice or online order. ``external_id`` is its id where it comes from.

    Each payment of a recurring invoice has an id of its own. ``expected_total_minor`` is what was charged.
    """

    channel: SaleChannel
    external_id: str
    items: tuple[OrderedItem, ...]
    contact: Contact = field(default_factory=Contact)
    tender: TenderKind = TenderKind.CARD
    expected_total_minor: int | None = None
    tip_minor: int = 0
    tier_ids: tuple[UUID, ...] = ()
    """Rewards that the member chose, online only; the same one may be there more than once."""


@dataclass(frozen=True, slots=True)
class OrderTaken:
    """A completed order. Without a member the payer may be asked to enrol or sign in (row 122)."""

    completed: Completed
    member: Member | None

    @property
    def invites(self) -> bool:
        return self.member is None or self.member.account is None


def preview_order(uow: UnitOfWork, ctx: ServiceContext, order: PaidOrder) -> Quote | Refused:
    """What the order comes to and earns, for the page where it is paid.

    Give it a unit of work of its own and do not commit it: it prices by making the sale.
    """
    priced = _priced(uow, ctx, order)
    return priced if isinstance(priced, Refused) else priced.quote


def take_order(uow: UnitOfWork, ctx: ServiceContext, order: PaidOrder) -> OrderTaken | Refused:
    """Book a paid order once; reported again it answers the same.

    Refusals: ``order_empty``, ``item_unknown``, ``quantity_out_of_range``, ``invoices_earn_only``,
    ``no_member``, ``tier_unknown``, ``not_enough_points``, ``nothing_to_discount``, ``sale_changed``
    where it comes to another total than was charged.

    Raises:
        ConflictError: The same order was reported at the same moment: report it again.
    """
    key = f"{order.channel.value}:{order.external_id}"[:128]
    repeated = uow.sales.completed_by_key(key)
    if repeated is not None:
        if repeated.receipt is None:
            raise ConflictError("this order's id is another sale's", sale=str(repeated.id))
        member = uow.customers.member(repeated.member.customer_id) if repeated.member is not None else None
        return OrderTaken(Completed(repeated, repeated.receipt, is_repeated=True), member)
    priced = _priced(uow, ctx, order)
    if isinstance(priced, Refused):
        return priced
    total_minor = priced.quote.total_minor
    if order.expected_total_minor not in (None, total_minor):
        refused = Refused(Refusal.SALE_CHANGED, {"total_minor": total_minor})
        return _given_up(uow, ctx, priced.sale, refused)
    offers = (Offer(order.tender, total_minor + order.tip_minor),) if total_minor + order.tip_minor else ()
    settlement = settle(
        total_minor, offers or (Offer(TenderKind.CASH, 0),), tip_minor=order.tip_minor, smallest_coin_minor=1
    )
    if isinstance(settlement, Refused):
        return _given_up(uow, ctx, priced.sale, settlement)
    account = lock_account(uow, priced.sale)
    completed = close_sale(uow, ctx, priced, settlement, key=key, account=account)
    if isinstance(completed, Refused):
        return _given_up(uow, ctx, priced.sale, completed)
    sale = completed.sale
    return OrderTaken(completed, uow.customers.member(sale.member.customer_id) if sale.member else None)


def channel_lane(uow: UnitOfWork, channel: SaleChannel) -> Lane:
    """The lane that stands for a channel, made where it is not there yet."""
    number = CHANNEL_LANES[channel]
    lane = uow.lanes.by_number(number)
    if lane is None:
        lane = Lane(new_id(), number, device=None, is_active=False)
        uow.lanes.save(lane)
    return lane


def _priced(uow: UnitOfWork, ctx: ServiceContext, order: PaidOrder) -> Priced | Refused:
    if order.channel not in CHANNEL_LANES or not order.items:
        return Refused(Refusal.ORDER_EMPTY)
    if order.tier_ids and not order.channel.may_redeem:
        return Refused(Refusal.INVOICES_EARN_ONLY)
    lines = _lines(uow, order.items)
    if isinstance(lines, Refused):
        return lines
    member = _member(uow, order.contact)
    if order.tier_ids and (member is None or member.account is None):
        return Refused(Refusal.NO_MEMBER)
    lane = channel_lane(uow, order.channel)
    sale = Sale(
        id=new_id(),
        lane_id=lane.id,
        currency=shop_settings(uow).currency,
        opened_at=ctx.clock.now(),
        lines=lines,
        channel=order.channel,
    )
    uow.sales.add(sale)
    if member is not None:
        attached = name_member(uow, ctx, sale, member, IdentificationMethod.CONTACT_DETAILS)
        sale = replace(sale, member=attached, version=sale.version + 1)
        uow.sales.save(sale)
    for tier_id in order.tier_ids:
        with_reward = apply_reward(uow, sale, tier_id, None)
        if isinstance(with_reward, Refused):
            return _given_up(uow, ctx, sale, with_reward)
        sale = with_reward
    terms = pricing_terms(uow, sale)
    return Priced(sale, price_sale(sale, terms), terms)


def _given_up(uow: UnitOfWork, ctx: ServiceContext, sale: Sale, refused: Refused) -> Refused:
    """A refused order leaves no open sale behind, also where the caller commits."""
    save_change(uow, replace(sale, state=SaleState.VOIDED, closed_at=ctx.clock.now()))
    return refused


def _lines(uow: UnitOfWork, items: Sequence[OrderedItem]) -> tuple[SaleLine, ...] | Refused:
    lines = []
    for each in items:
        line = line_of(uow, each.item_id, each.quantity, each.variation_id)
        if isinstance(line, Refused):
            return line
        lines.append(line)
    return tuple(lines)


def _member(uow: UnitOfWork, contact: Contact) -> Member | None:
    """Whoever the contact details name (row 123)."""
    if contact.customer_id is not None:
        return uow.customers.member(contact.customer_id)
    if contact.phone_number is None:
        return None
    number = parse_phone_number(contact.phone_number, shop_settings(uow).phone_region)
    return uow.customers.member_by_phone(number) if number is not None else None
