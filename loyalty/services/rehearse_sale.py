"""A sale of nothing, through everything a sale goes through: what an update is proved by (rows 178, 202)."""

from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.sale import Sale, TenderKind
from loyalty.domain.settlement import Offer, settle
from loyalty.domain.shop import Lane
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.close_sale import Completed, Priced, close_sale
from loyalty.services.context import ServiceContext
from loyalty.services.setup import pricing_terms, shop_settings
from runtime.ids import new_id

REHEARSAL_LANE = 999
"""A training lane without till and device, made for the first rehearsal; nobody is served there."""


def rehearse_sale(uow: UnitOfWork, ctx: ServiceContext) -> Completed | Refused:
    """Open, price, pay and close a sale without goods in the rehearsal's own lane.

    As in every training lane there are no ledger entries and no messages, and no report counts it.
    """
    lane = _lane(uow)
    sale = Sale(
        id=new_id(),
        lane_id=lane.id,
        currency=shop_settings(uow).currency,
        opened_at=ctx.clock.now(),
        is_training=True,
    )
    uow.sales.add(sale)
    terms = pricing_terms(uow, sale)
    quote = price_sale(sale, terms)
    settlement = settle(
        quote.total_minor,
        (Offer(TenderKind.CASH, quote.total_minor),),
        tip_minor=0,
        smallest_coin_minor=shop_settings(uow).smallest_coin_minor,
    )
    if isinstance(settlement, Refused):
        return settlement
    return close_sale(
        uow, ctx, Priced(sale, quote, terms), settlement, key=f"rehearsal:{sale.id}", account=None
    )


def _lane(uow: UnitOfWork) -> Lane:
    lane = uow.lanes.by_number(REHEARSAL_LANE)
    if lane is None or not lane.is_training:
        lane = Lane(new_id(), REHEARSAL_LANE, None, is_training=True, is_active=False)
        uow.lanes.save(lane)
    return lane
