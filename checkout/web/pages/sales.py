"""Past sales: the list of a day, one sale by its number, and everything about one (rows 27, 175)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.web.chosen_day import ChosenDay
from checkout.web.context import WebContext, web_context
from checkout.web.day_table import tender_name
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import shop_now, staff_page, wording_for
from loyalty.domain.calendar import day_bounds
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission
from loyalty.ports.customer_activity import PastSale
from loyalty.services.sale_record import SaleRecord, sale_record

router = APIRouter(prefix="/sales")

_SHOWN = 200
_MAX_DIGITS = 12


async def sales_reader(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of these pages: who sells or reads reports."""
    if not viewer.staff.may(Permission.SELL):
        viewer.require(Permission.VIEW_REPORTS)
    return viewer


SalesReader = Annotated[SignedInStaff, Depends(sales_reader)]


@dataclass(frozen=True)
class DayOfSales:
    """What the list shows."""

    sales: tuple[PastSale, ...]
    lanes: dict[UUID, Lane]


@router.get("")
async def sales_page(
    request: Request, viewer: SalesReader, day: str = "", lane: str = "", number: str = ""
) -> Response:
    context = web_context(request)
    typed = number.strip().lstrip("0")
    is_unknown = False
    if typed:
        found = await run_in_threadpool(_numbered, context, typed)
        if found is not None:
            return RedirectResponse(f"/sales/{found}", 303)
        is_unknown = True
    chosen = ChosenDay.of(request, viewer, day)
    found_sales = await run_in_threadpool(_sales, context, chosen.day, lane, viewer.shop.timezone)
    return staff_page(
        "sales.html",
        viewer,
        "sales",
        path="/sales",
        wording=wording_for(viewer, await shop_now(context)),
        status=404 if is_unknown else 200,
        **chosen.fields(),
        lane=lane,
        found=found_sales,
        is_cut=len(found_sales.sales) == _SHOWN,
        number=number[:_MAX_DIGITS],
        is_unknown=is_unknown,
    )


@router.get("/{sale_id}")
async def sale_page(sale_id: UUID, request: Request, viewer: SalesReader, done: str = "") -> Response:
    context = web_context(request)
    record = await find_record(context, viewer, sale_id)
    return staff_page(
        "sale.html",
        viewer,
        "sales",
        path=f"/sales/{sale_id}",
        wording=wording_for(viewer, await shop_now(context)),
        record=record,
        gives_back=viewer.staff.may(Permission.REFUND_SALE) or viewer.staff.may(Permission.VOID_SALE),
        tender_name=lambda kind: tender_name(kind, viewer.words),
        sees_names=viewer.staff.may(Permission.VIEW_CUSTOMERS),
        done=done if done in ("refund", "void", "attached", "exchange") else "",
    )


async def find_record(context: WebContext, viewer: SignedInStaff, sale_id: UUID) -> SaleRecord:
    """The sale as it is now.

    Raises:
        HTTPException: 404 where there is no such completed sale.
    """
    record = await run_in_threadpool(_record, context, viewer, sale_id)
    if record is None:
        raise HTTPException(404, "sale_unknown")
    return record


def _record(context: WebContext, viewer: SignedInStaff, sale_id: UUID) -> SaleRecord | None:
    with context.reading() as unit:
        return sale_record(unit, context.ctx, sale_id, viewer.staff)


def _numbered(context: WebContext, typed: str) -> UUID | None:
    if not typed.isascii() or not typed.isdigit() or len(typed) > _MAX_DIGITS:
        return None
    with context.reading() as unit:
        sale = unit.sales.by_receipt_number(int(typed))
        return sale.id if sale is not None else None


def _sales(context: WebContext, day: date, lane: str, timezone: str) -> DayOfSales:
    start, end = day_bounds(day, timezone)
    with context.reading() as unit:
        lanes = {each.id: each for each in unit.lanes.all()}
        chosen = next((each.id for each in lanes.values() if str(each.number) == lane), None)
        return DayOfSales(tuple(unit.reports.sales(start, end, lane_id=chosen, limit=_SHOWN)), lanes)
