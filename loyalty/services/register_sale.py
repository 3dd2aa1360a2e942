"""Sales that another register owns: it states what is sold and says when it is paid (row 195).

The price comes from the register, so no tax is reckoned here: the amounts are counted as they are stated.
Discounts and rewards are what the register takes off; it charges the quote's total.
"""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from loyalty.domain.audit import AuditAction
from loyalty.domain.catalogue import MAX_PRICE_MINOR, Item
from loyalty.domain.payment_card import CardToken
from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.register import (
    MAX_STATED_LINES,
    MAX_STATED_NAME_CHARS,
    REGISTER_ITEM_ID,
    StatedLine,
    completion_key_of,
)
from loyalty.domain.sale import MAX_QUANTITY, Sale, SaleChannel, SaleLine, SaleState, TenderKind
from loyalty.domain.settlement import Offer, settle
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.audit import note_deed
from loyalty.services.basket import open_sale, open_sale_or_refusal, save_change, void_sale
from loyalty.services.close_sale import Completed, Priced, close_sale, lock_account
from loyalty.services.complete import completed_before, why_not_bookable
from loyalty.services.context import ServiceContext
from loyalty.services.payment_card import remember_payer
from loyalty.services.setup import pricing_terms
from runtime.ids import new_id


def choose_who_sells(
    uow: UnitOfWork, ctx: ServiceContext, lane_id: UUID, staff: StaffMember, *, is_companion: bool
) -> Lane | Refused:
    """Have another register sell in a lane, or the lane itself.

    Refusals: ``lane_unknown``, ``sale_still_open``: its sale began the other way.

    Raises:
        PermissionDeniedError: The role does not hold ``manage_shop``.
    """
    staff.require(Permission.MANAGE_SHOP)
    lane = uow.lanes.get(lane_id)
    if lane is None:
        return Refused(Refusal.LANE_UNKNOWN)
    if lane.is_companion is is_companion:
        return lane
    if uow.sales.open_in_lane(lane_id) is not None:
        return Refused(Refusal.SALE_STILL_OPEN)
    changed = replace(lane, is_companion=is_companion)
    uow.lanes.save(changed)
    params: dict[str, int | str] = {"what": "companion", "on": int(is_companion)}
    note_deed(uow, ctx, staff, action=AuditAction.SETTINGS_CHANGED, subject=f"lane:{lane_id}", params=params)
    return changed


def state_sale(
    uow: UnitOfWork,
    ctx: ServiceContext,
    lane_id: UUID,
    stated: Sequence[StatedLine],
    staff: StaffMember,
    *,
    reference: str | None = None,
) -> Sale | Refused:
    """Put what the register sells in place of what the lane's sale held; opens the sale if need be.

    A member who is identified already stays on the sale, unless the register has gone on to another one:
    an open sale of another ``reference`` is given up (row 171); one of another register is set aside for
    that one. A sale of this reference that is paid already comes back as it is.

    Refusals: ``lane_unknown``, ``lane_sells_itself``, ``sale_empty``, ``name_invalid``,
    ``amount_out_of_range``, ``quantity_out_of_range``.
    """
    staff.require(Permission.SELL)
    lane = uow.lanes.get(lane_id)
    if lane is None or not lane.is_active:
        return Refused(Refusal.LANE_UNKNOWN)
    if not lane.is_companion:
        return Refused(Refusal.LANE_SELLS_ITSELF)
    if reference is not None:
        paid = uow.sales.completed_by_key(f"register:{reference}")
        if paid is not None:
            return paid
    lines = _lines(uow, stated)
    if isinstance(lines, Refused):
        return lines
    sale = _sale_of(uow, ctx, lane, staff, reference)
    if isinstance(sale, Refused):
        return sale
    named = reference if reference is not None else sale.register_reference
    if _is_as_stated(sale, lines) and sale.register_reference == named:
        return sale
    kept = sale.lines if _is_as_stated(sale, lines) else lines
    return save_change(uow, replace(sale, lines=kept, register_reference=named))


def record_paid(
    uow: UnitOfWork,
    ctx: ServiceContext,
    sale_id: UUID,
    staff: StaffMember,
    *,
    charged_minor: int | None,
    card: CardToken | None = None,
) -> Completed | Refused:
    """Book what a register was paid: points, rewards, identification and slip in one transaction, once.

    Args:
        uow: Entered, not committed here.
        ctx: The clock.
        sale_id: The lane's sale.
        staff: Who says so.
        charged_minor: What the register charged; None where nobody compares.
        card: What it was paid with; where nobody is on the sale, the card's profile remembers it (row 2).

    Refusals: ``sale_unknown``, ``sale_held``, ``sale_closed``, ``lane_sells_itself``, ``sale_empty``,
    ``sale_changed`` where something else than the total was charged, ``own_account``, ``not_enough_points``.
    """
    staff.require(Permission.SELL)
    sale = uow.sales.get(sale_id)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    if sale.channel is not SaleChannel.REGISTER:
        return Refused(Refusal.LANE_SELLS_ITSELF)
    repeated = completed_before(uow, sale_id, completion_key_of(sale))
    if repeated is not None:
        return repeated
    open_one = open_sale_or_refusal(uow, sale_id)
    if isinstance(open_one, Refused):
        return open_one
    return _book(uow, ctx, open_one, staff, charged_minor=charged_minor, card=card)


def _book(
    uow: UnitOfWork,
    ctx: ServiceContext,
    sale: Sale,
    staff: StaffMember,
    *,
    charged_minor: int | None,
    card: CardToken | None,
) -> Completed | Refused:
    account = lock_account(uow, sale)
    terms = pricing_terms(uow, sale)
    quote = price_sale(sale, terms)
    refused = why_not_bookable(uow, sale, quote, charged_minor, staff)
    if refused is not None:
        return refused
    total_minor = quote.total_minor
    kind = TenderKind.CARD if card is not None else TenderKind.OTHER
    offer = Offer(kind, total_minor, card) if total_minor else Offer(TenderKind.CASH, 0)
    settlement = settle(total_minor, (offer,), tip_minor=0, smallest_coin_minor=1)
    if isinstance(settlement, Refused):
        return settlement
    key = completion_key_of(sale)
    closed = close_sale(uow, ctx, Priced(sale, quote, terms), settlement, key=key, account=account)
    if isinstance(closed, Refused):
        return closed
    return replace(closed, sale=remember_payer(uow, ctx, closed.sale, (offer,)))


def held_of_register(uow: UnitOfWork, reference: str) -> Sale | None:
    """The sale of this full reference that was set aside for another register's."""
    return next((each for each in uow.sales.held() if each.register_reference == reference), None)


def _sale_of(
    uow: UnitOfWork, ctx: ServiceContext, lane: Lane, staff: StaffMember, reference: str | None
) -> Sale | Refused:
    there = uow.sales.open_in_lane(lane.id)
    if there is not None and reference in (None, there.register_reference):
        return there
    held = held_of_register(uow, reference) if reference is not None else None
    if there is not None:
        if held is None and there.register_reference is None:
            return there
        refused = _leave(uow, ctx, there, staff, reference or "")
        if refused is not None:
            return refused
    if held is not None:
        return save_change(uow, replace(held, state=SaleState.OPEN, lane_id=lane.id))
    return open_sale(uow, ctx, lane.id, staff)


def _leave(
    uow: UnitOfWork, ctx: ServiceContext, sale: Sale, staff: StaffMember, reference: str
) -> Refused | None:
    """Take the lane's sale out of the way: set aside for its own register, given up where that went on."""
    owner = (sale.register_reference or "").partition(":")[0]
    if owner and owner != reference.partition(":")[0]:
        save_change(uow, replace(sale, state=SaleState.HELD))
        return None
    given_up = void_sale(uow, ctx, sale.id, staff)
    return given_up if isinstance(given_up, Refused) else None


def _lines(uow: UnitOfWork, stated: Sequence[StatedLine]) -> tuple[SaleLine, ...] | Refused:
    if not stated or len(stated) > MAX_STATED_LINES:
        return Refused(Refusal.SALE_EMPTY if not stated else Refusal.QUANTITY_OUT_OF_RANGE)
    lines = []
    for each in stated:
        name = clean_line(each.name, MAX_STATED_NAME_CHARS)
        if name is None:
            return Refused(Refusal.NAME_INVALID)
        if not 0 <= each.unit_price_minor <= MAX_PRICE_MINOR:
            return Refused(Refusal.AMOUNT_OUT_OF_RANGE, {"min": 0, "max": MAX_PRICE_MINOR})
        if not 1 <= each.quantity <= MAX_QUANTITY:
            return Refused(Refusal.QUANTITY_OUT_OF_RANGE, {"max": MAX_QUANTITY})
        item, variation_id = _named_item(uow, each.barcode)
        lines.append(
            SaleLine(
                id=new_id(),
                item_id=item.id,
                name=name,
                unit_price_minor=each.unit_price_minor,
                quantity=each.quantity,
                category_id=item.category_id,
                variation_id=variation_id,
                is_gift_card=item.is_gift_card,
            )
        )
    return tuple(lines)


def _named_item(uow: UnitOfWork, barcode: str | None) -> tuple[Item, UUID | None]:
    """The item of a barcode, else the one that stands for everything unnamed."""
    if barcode is not None:
        item = uow.catalogue.item_by_barcode(barcode)
        if item is not None:
            return item, None
        variation = uow.catalogue.variation_by_barcode(barcode)
        item = uow.catalogue.item(variation.item_id) if variation is not None else None
        if variation is not None and item is not None:
            return item, variation.id
    unnamed = uow.catalogue.item(REGISTER_ITEM_ID)
    if unnamed is None:
        unnamed = Item(REGISTER_ITEM_ID, "–", 0, category_id=None, is_active=False)
        uow.catalogue.save_item(unnamed)
    return unnamed, None


def _is_as_stated(sale: Sale, lines: tuple[SaleLine, ...]) -> bool:
    """Whether the sale holds these lines already; their ids aside."""
    if len(sale.lines) != len(lines):
        return False
    return all(replace(new, id=old.id) == old for old, new in zip(sale.lines, lines, strict=True))
