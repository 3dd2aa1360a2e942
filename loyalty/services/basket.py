"""The basket of a lane: open, add, change, hold, resume, void."""

from dataclasses import replace
from uuid import UUID

from loyalty.domain.sale import MAX_QUANTITY, Sale, SaleChannel, SaleLine, SaleState
from loyalty.domain.staff import Permission, StaffMember
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.find_goods import FoundGood
from loyalty.services.setup import shop_settings
from runtime.ids import new_id


def open_sale(uow: UnitOfWork, ctx: ServiceContext, lane_id: UUID, staff: StaffMember) -> Sale | Refused:
    """A new empty sale in the lane, which must have none open."""
    staff.require(Permission.SELL)
    lane = uow.lanes.get(lane_id)
    if lane is None:
        raise UnknownIdError("no such lane", lane=str(lane_id))
    there = uow.sales.open_in_lane(lane_id)
    if there is not None:
        return Refused(Refusal.SALE_ALREADY_OPEN, {"sale": str(there.id)})
    sale = Sale(
        id=new_id(),
        lane_id=lane_id,
        currency=shop_settings(uow).currency,
        opened_at=ctx.clock.now(),
        is_training=lane.is_training,
        opened_by=staff.id,
        channel=SaleChannel.REGISTER if lane.is_companion else SaleChannel.COUNTER,
    )
    uow.sales.add(sale)
    return sale


def open_sale_or_refusal(uow: UnitOfWork, sale_id: UUID) -> Sale | Refused:
    """The sale if it is open; else why it cannot be changed."""
    sale = uow.sales.get(sale_id)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    if sale.state is SaleState.HELD:
        return Refused(Refusal.SALE_HELD)
    return sale if sale.is_open else Refused(Refusal.SALE_CLOSED)


def add_item(
    uow: UnitOfWork, sale_id: UUID, item_id: UUID, quantity: int = 1, variation_id: UUID | None = None
) -> Sale | Refused:
    """Add so many of an item, or of one of its variations.

    To the line that has it at the same price, else as a new line.
    """
    fresh = line_of(uow, item_id, quantity, variation_id)
    return _add_line(uow, sale_id, fresh)


def add_good(uow: UnitOfWork, sale_id: UUID, good: FoundGood) -> Sale | Refused:
    """Add what was scanned; what a scale weighed at its label's price, each label a line of its own."""
    fresh = line_of(uow, good.item.id, 1, good.variation_id)
    price_minor = good.price_minor
    if isinstance(fresh, Refused) or good.label is None or price_minor is None:
        return _add_line(uow, sale_id, fresh)
    grams = f", {good.label.weight_g} g" if good.label.weight_g is not None else ""
    weighed = replace(fresh, name=f"{fresh.name}{grams}", unit_price_minor=price_minor)
    sale = _own_basket(uow, sale_id)
    return sale if isinstance(sale, Refused) else save_change(uow, sale.with_line(weighed))


def _add_line(uow: UnitOfWork, sale_id: UUID, fresh: SaleLine | Refused) -> Sale | Refused:
    sale = _own_basket(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    if isinstance(fresh, Refused):
        return fresh
    line = next((line for line in sale.lines if _is_same(line, fresh)), None)
    if line is None:
        return save_change(uow, sale.with_line(fresh))
    total = fresh.quantity + line.quantity
    if total > MAX_QUANTITY:
        return Refused(Refusal.QUANTITY_OUT_OF_RANGE, {"max": MAX_QUANTITY})
    return save_change(uow, sale.with_line(replace(line, quantity=total)))


def line_of(
    uow: UnitOfWork, item_id: UUID, quantity: int, variation_id: UUID | None = None
) -> SaleLine | Refused:
    """A new line at today's price and taxes. Refusals: ``item_unknown``, ``quantity_out_of_range``."""
    item = uow.catalogue.item(item_id)
    if item is None or not item.is_active:
        return Refused(Refusal.ITEM_UNKNOWN)
    name, price_minor = item.name, item.price_minor
    if variation_id is not None:
        variation = uow.catalogue.variation(variation_id)
        if variation is None or variation.item_id != item_id or not variation.is_active:
            return Refused(Refusal.ITEM_UNKNOWN)
        name, price_minor = f"{item.name}, {variation.name}", variation.price_minor
    if not 1 <= quantity <= MAX_QUANTITY:
        return Refused(Refusal.QUANTITY_OUT_OF_RANGE, {"max": MAX_QUANTITY})
    return SaleLine(
        id=new_id(),
        item_id=item.id,
        name=name,
        unit_price_minor=price_minor,
        quantity=quantity,
        category_id=item.category_id,
        tax_rates=item.tax_rates,
        variation_id=variation_id,
        is_gift_card=item.is_gift_card,
    )


def set_quantity(uow: UnitOfWork, sale_id: UUID, line_id: UUID, quantity: int) -> Sale | Refused:
    """Change how many of a line are sold; zero takes it off."""
    if quantity == 0:
        return remove_line(uow, sale_id, line_id)
    sale = _own_basket(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    line = sale.line(line_id)
    if line is None:
        return Refused(Refusal.LINE_UNKNOWN)
    if not 1 <= quantity <= MAX_QUANTITY:
        return Refused(Refusal.QUANTITY_OUT_OF_RANGE, {"max": MAX_QUANTITY})
    return save_change(uow, sale.with_line(replace(line, quantity=quantity)))


def remove_line(uow: UnitOfWork, sale_id: UUID, line_id: UUID) -> Sale | Refused:
    sale = _own_basket(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    if sale.line(line_id) is None:
        return Refused(Refusal.LINE_UNKNOWN)
    return save_change(uow, sale.without_line(line_id))


def hold_sale(uow: UnitOfWork, sale_id: UUID, staff: StaffMember) -> Sale | Refused:
    """Set the sale aside: it leaves the lane and keeps its member and rewards."""
    staff.require(Permission.SELL)
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Refused):
        return sale
    return save_change(uow, replace(sale, state=SaleState.HELD))


def resume_sale(uow: UnitOfWork, sale_id: UUID, lane_id: UUID, staff: StaffMember) -> Sale | Refused:
    """Take a held sale into a lane that has none open."""
    staff.require(Permission.SELL)
    sale = uow.sales.get(sale_id)
    if sale is None or sale.state is not SaleState.HELD:
        return Refused(Refusal.SALE_UNKNOWN if sale is None else Refusal.SALE_CLOSED)
    lane = uow.lanes.get(lane_id)
    if lane is None or lane.is_training is not sale.is_training:
        return Refused(Refusal.LANE_UNKNOWN)
    if lane.is_companion is not (sale.channel is SaleChannel.REGISTER):
        return Refused(Refusal.REGISTER_SELLS if lane.is_companion else Refusal.LANE_SELLS_ITSELF)
    there = uow.sales.open_in_lane(lane_id)
    if there is not None:
        return Refused(Refusal.SALE_ALREADY_OPEN, {"sale": str(there.id)})
    return save_change(uow, replace(sale, state=SaleState.OPEN, lane_id=lane_id))


def void_sale(uow: UnitOfWork, ctx: ServiceContext, sale_id: UUID, staff: StaffMember) -> Sale | Refused:
    """Give the sale up: nothing is booked, its rewards stay with the member, and it is no visit (X13)."""
    staff.require(Permission.SELL)
    sale = uow.sales.get(sale_id)
    if sale is None:
        return Refused(Refusal.SALE_UNKNOWN)
    if sale.is_settled:
        return Refused(Refusal.SALE_CLOSED)
    now = ctx.clock.now()
    end_sessions_of(uow, ctx, sale, "voided")
    return save_change(uow, replace(sale, state=SaleState.VOIDED, closed_at=now))


def end_sessions_of(uow: UnitOfWork, ctx: ServiceContext, sale: Sale, reason: str) -> None:
    """With the sale end the sessions of those identified for it: what they still send is late (row 171)."""
    lane = uow.lanes.get(sale.lane_id)
    device = lane.device if lane is not None and lane.device is not None else ""
    for session_id in uow.identifications.sessions_on(sale.id):
        uow.sessions.end(session_id, device, reason, ctx.clock.now())


def save_change(uow: UnitOfWork, changed: Sale) -> Sale:
    """Store a changed sale under its next version."""
    saved = replace(changed, version=changed.version + 1)
    uow.sales.save(saved)
    return saved


def _own_basket(uow: UnitOfWork, sale_id: UUID) -> Sale | Refused:
    """The open sale where its goods are ours to change; a register states its own anew."""
    sale = open_sale_or_refusal(uow, sale_id)
    if isinstance(sale, Sale) and sale.channel is SaleChannel.REGISTER:
        return Refused(Refusal.REGISTER_SELLS)
    return sale


def _is_same(line: SaleLine, fresh: SaleLine) -> bool:
    """The same thing at the same price. A line with a discount of its own is the same line still."""
    return (line.item_id, line.variation_id, line.unit_price_minor, line.is_gift_card) == (
        fresh.item_id,
        fresh.variation_id,
        fresh.unit_price_minor,
        fresh.is_gift_card,
    )
