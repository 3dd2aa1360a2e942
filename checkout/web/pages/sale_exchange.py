"""Goods of a past sale for other goods: the new ones stand in a lane's open sale (row 175)."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import FieldReader, Problem, Typed, uuid_of
from checkout.till.refund_form import RefundDraft, read_refund
from checkout.web.context import WebContext, web_context
from checkout.web.day_table import tender_name
from checkout.web.pages.sales import SalesReader, find_record
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import shop_now, staff_page, typed_form, wording_for
from checkout.writer import Priority
from loyalty.domain.refunds import AmountBack, LinesBack, WholeSaleBack
from loyalty.domain.refunds.exchange import ExchangeQuote
from loyalty.domain.sale import TenderKind
from loyalty.domain.settlement import Offer, round_to_coin
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.errors import ConflictError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.complete import Payment
from loyalty.services.exchange import Exchanged, ExchangeOrder, exchange_goods, preview_exchange
from loyalty.services.quote import quote_sale
from loyalty.services.refund import MAX_REASON_CHARS
from loyalty.services.sale_record import SaleRecord

router = APIRouter(prefix="/sales/{sale_id}/exchange")


@dataclass(frozen=True)
class NewGoods:
    """An open sale that the goods could be exchanged for."""

    sale_id: UUID
    lane: int
    items: int
    total_minor: int


@router.get("")
async def exchange_page(sale_id: UUID, request: Request, viewer: SalesReader) -> Response:
    viewer.require(Permission.REFUND_SALE)
    record = await find_record(web_context(request), viewer, sale_id)
    return await _page(request, viewer, record, Typed({"part": ("lines",)}), {})


@router.post("")
async def post_exchange(sale_id: UUID, request: Request, viewer: SalesReader) -> Response:
    viewer.require(Permission.REFUND_SALE)
    viewer.require(Permission.SELL)
    context, typed = web_context(request), await typed_form(request)
    record = await find_record(context, viewer, sale_id)
    reader = FieldReader(typed, viewer.shop.currency)
    draft, new_id = read_refund(reader, record, goods_only=True), uuid_of(typed.one("new"))
    if new_id is None:
        reader.refuse("new", Problem("choose_one"))
    if draft is None or new_id is None or isinstance(draft.request, AmountBack):
        return await _page(request, viewer, record, typed, reader.problems)
    back = draft.request
    quote = await run_in_threadpool(_preview, context, new_id, sale_id, back)
    if isinstance(quote, Refused):
        return await _page(request, viewer, record, typed, {"part": Problem.of(quote)})
    if not typed.has("go", "book"):
        return await _page(request, viewer, record, typed, {}, quote=quote)
    payment = _payment(draft, new_id, quote, viewer.shop.smallest_coin_minor)
    order = ExchangeOrder(new_id, sale_id, back, draft.reason, payment)

    def book(unit: UnitOfWork) -> Exchanged | Refused:
        return exchange_goods(unit, context.ctx, order, viewer.staff)

    try:
        done = await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, book))
    except ConflictError:
        return await _page(request, viewer, record, typed, {"part": Problem("sale_changed")})
    if isinstance(done, Refused):
        return await _page(request, viewer, record, typed, {"part": Problem.of(done)})
    context.station.refresher.all_changed()
    context.station.courier.wake()
    return RedirectResponse(f"/sales/{sale_id}?done=exchange", 303)


def _payment(draft: RefundDraft, new_id: UUID, quote: ExchangeQuote, coin_minor: int) -> Payment:
    """The difference by the chosen tender, exactly; what is owed to the customer is paid out in cash."""
    kind = draft.tender or TenderKind.CASH
    due_minor = max(0, quote.to_pay_minor)
    if kind is TenderKind.CASH:
        due_minor = round_to_coin(due_minor, coin_minor)
    return Payment(str(new_id), offers=(Offer(kind, due_minor),) if due_minor > 0 else ())


async def _page(
    request: Request,
    viewer: SignedInStaff,
    record: SaleRecord,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    quote: ExchangeQuote | None = None,
) -> Response:
    context = web_context(request)
    return staff_page(
        "sale_exchange.html",
        viewer,
        "sales",
        path=f"/sales/{record.sale.id}/exchange",
        wording=wording_for(viewer, await shop_now(context)),
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        record=record,
        quote=quote,
        choices=await run_in_threadpool(_new_goods, context, record),
        names={line.line.id: line.line.name for line in record.left},
        tenders=[(kind.value, tender_name(kind, viewer.words)) for kind in TenderKind],
        max_chars=MAX_REASON_CHARS,
    )


def _preview(
    context: WebContext, new_id: UUID, sale_id: UUID, back: LinesBack | WholeSaleBack
) -> ExchangeQuote | Refused:
    with context.reading() as unit:
        return preview_exchange(unit, new_id, sale_id, back)


def _new_goods(context: WebContext, record: SaleRecord) -> list[NewGoods]:
    """Open sales with something in them, of the same kind of lane."""
    found = []
    with context.reading() as unit:
        for lane in unit.lanes.all():
            sale = unit.sales.open_in_lane(lane.id)
            if sale is not None and sale.lines and lane.is_training is record.sale.is_training:
                items = sum(line.quantity for line in sale.lines)
                found.append(NewGoods(sale.id, lane.number, items, quote_sale(unit, sale).total_minor))
    return found
