"""What is done to a sale after it was paid: refund, void, a customer put on it (rows 27, 175, 206)."""

import asyncio
from collections.abc import Callable
from uuid import UUID

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import FieldReader, Problem, Typed, uuid_of
from checkout.till.refund_form import RefundDraft, read_refund
from checkout.web.context import WebContext, web_context
from checkout.web.day_table import tender_name
from checkout.web.found_member import FoundMember, find_member
from checkout.web.pages.sales import SalesReader, find_record
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import shop_now, staff_page, typed_form, typed_query, wording_for
from checkout.writer import Priority
from loyalty.domain.refunds import RefundQuote
from loyalty.domain.sale import TenderKind
from loyalty.domain.settlement import Offer, round_to_coin
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.errors import ConflictError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.late_attachment import attach_to_completed
from loyalty.services.refund import (
    MAX_REASON_CHARS,
    RefundOrder,
    preview_refund,
    refund_sale,
    void_completed_sale,
)
from loyalty.services.sale_record import SaleRecord
from loyalty.services.setup import shop_settings
from runtime.ids import new_id

router = APIRouter(prefix="/sales/{sale_id}")

_CHANGED = Problem("sale_changed")


@router.get("/refund")
async def refund_page(sale_id: UUID, request: Request, viewer: SalesReader) -> Response:
    viewer.require(Permission.REFUND_SALE)
    record = await find_record(web_context(request), viewer, sale_id)
    start = Typed({"part": ("lines",), "key": (str(new_id()),)})
    return await _refund_page(request, viewer, record, start, {})


@router.post("/refund")
async def post_refund(sale_id: UUID, request: Request, viewer: SalesReader) -> Response:
    viewer.require(Permission.REFUND_SALE)
    context, typed = web_context(request), await typed_form(request)
    record = await find_record(context, viewer, sale_id)
    key = uuid_of(typed.one("key"))
    if key is not None and await run_in_threadpool(_is_booked, context, sale_id, key):
        return RedirectResponse(f"/sales/{sale_id}?done=refund", 303)  # sent twice, booked once
    reader = FieldReader(typed, viewer.shop.currency)
    draft = read_refund(reader, record)
    if draft is None or key is None:
        return await _refund_page(request, viewer, record, typed, reader.problems)
    quote = await run_in_threadpool(_preview, context, sale_id, draft)
    if not typed.has("go", "book"):
        if isinstance(quote, Refused):
            return await _refund_page(request, viewer, record, typed, {"part": Problem.of(quote)})
        return await _refund_page(request, viewer, record, typed, {}, quote=quote)

    def book(unit: UnitOfWork) -> object:
        offers = _offers(unit, draft, quote) if not isinstance(quote, Refused) else ()
        order = RefundOrder(str(key), sale_id, draft.request, draft.reason, offers)
        return refund_sale(unit, context.ctx, order, viewer.staff)

    problem = await _booked(context, book)
    if problem is not None:
        return await _refund_page(request, viewer, record, typed, {"part": problem})
    return RedirectResponse(f"/sales/{sale_id}?done=refund", 303)


@router.post("/void")
async def post_void(sale_id: UUID, request: Request, viewer: SalesReader) -> Response:
    viewer.require(Permission.VOID_SALE)
    context, typed = web_context(request), await typed_form(request)
    record = await find_record(context, viewer, sale_id)
    reason = typed.one("reason")
    problem = await _booked(
        context,
        lambda unit: void_completed_sale(
            unit, context.ctx, sale_id, viewer.staff, key=f"void:{sale_id}", reason=reason
        ),
    )
    if problem is not None:
        return await _refund_page(request, viewer, record, typed, {"void_reason": problem})
    return RedirectResponse(f"/sales/{sale_id}?done=void", 303)


@router.get("/attach")
async def attach_page(sale_id: UUID, request: Request, viewer: SalesReader) -> Response:
    viewer.require(Permission.ADJUST_POINTS)
    context, typed = web_context(request), typed_query(request)
    record = await find_record(context, viewer, sale_id)
    member, problems = None, {}
    if typed.one("member").strip():
        member = await run_in_threadpool(find_member, context, viewer, typed)
        if member is None:
            problems["member"] = Problem("member_unknown")
    return await _attach_page(request, viewer, record, typed, problems, member=member)


@router.post("/attach")
async def post_attach(sale_id: UUID, request: Request, viewer: SalesReader) -> Response:
    viewer.require(Permission.ADJUST_POINTS)
    context, typed = web_context(request), await typed_form(request)
    record = await find_record(context, viewer, sale_id)
    member = await run_in_threadpool(find_member, context, viewer, typed)
    if member is None:
        return await _attach_page(request, viewer, record, typed, {"member": Problem("member_unknown")})
    customer_id = member.customer_id
    problem = await _booked(
        context, lambda unit: attach_to_completed(unit, context.ctx, sale_id, customer_id, viewer.staff)
    )
    if problem is not None:
        return await _attach_page(request, viewer, record, typed, {"member": problem})
    return RedirectResponse(f"/sales/{sale_id}?done=attached", 303)


async def _booked(context: WebContext, book: Callable[[UnitOfWork], object]) -> Problem | None:
    """Run it on the writer; what stands against it, where something does."""
    try:
        done = await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, book))
    except ConflictError:
        return _CHANGED
    if isinstance(done, Refused):
        return Problem.of(done)
    context.station.refresher.all_changed()
    context.station.courier.wake()
    return None


async def _refund_page(
    request: Request,
    viewer: SignedInStaff,
    record: SaleRecord,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    quote: RefundQuote | None = None,
) -> Response:
    now = await shop_now(web_context(request))
    return staff_page(
        "sale_refund.html",
        viewer,
        "sales",
        path=f"/sales/{record.sale.id}/refund",
        wording=wording_for(viewer, now),
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        record=record,
        quote=quote,
        names={line.line.id: line.line.name for line in record.left},
        tenders=[(kind.value, tender_name(kind, viewer.words)) for kind in TenderKind],
        first_tender=tender_name(record.receipt.tender.kind, viewer.words),
        max_chars=MAX_REASON_CHARS,
    )


async def _attach_page(
    request: Request,
    viewer: SignedInStaff,
    record: SaleRecord,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    member: FoundMember | None = None,
) -> Response:
    now = await shop_now(web_context(request))
    return staff_page(
        "sale_attach.html",
        viewer,
        "sales",
        path=f"/sales/{record.sale.id}/attach",
        wording=wording_for(viewer, now),
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        record=record,
        member=member,
    )


def _is_booked(context: WebContext, sale_id: UUID, key: UUID) -> bool:
    with context.reading() as unit:
        there = unit.refunds.by_key(str(key))
        return there is not None and there.sale_id == sale_id


def _preview(context: WebContext, sale_id: UUID, draft: RefundDraft) -> RefundQuote | Refused:
    with context.reading() as unit:
        return preview_refund(unit, sale_id, draft.request)


def _offers(unit: UnitOfWork, draft: RefundDraft, quote: RefundQuote) -> tuple[Offer, ...]:
    """All of it by the chosen tender; cash in coins that exist."""
    if draft.tender is None:
        return ()
    minor = quote.amount_minor
    if draft.tender is TenderKind.CASH:
        minor = round_to_coin(minor, shop_settings(unit).smallest_coin_minor)
    return (Offer(draft.tender, minor),)
