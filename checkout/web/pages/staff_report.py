"""Refunds, late attachments and points by hand for each employee and period (row 206)."""

from datetime import date, timedelta

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.programme.activity import MAX_DAYS
from checkout.programme.spreadsheet import csv_text
from checkout.programme.staff_deeds import Employee, read_employees, table
from checkout.programme.typed import FieldReader, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.pages.activity import ReportReader
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import csv_answer, shop_now, staff_page, typed_query, wording_for
from loyalty.domain.calendar import local_date

router = APIRouter(prefix="/reports")


@router.get("/staff")
async def staff_report(request: Request, viewer: ReportReader) -> Response:
    context = web_context(request)
    typed, reader, first, last = _period(context, viewer, typed_query(request))
    return staff_page(
        "staff_report.html",
        viewer,
        "reports",
        path="/reports/staff",
        wording=wording_for(viewer, await shop_now(context)),
        status=422 if reader.problems else 200,
        typed=typed,
        problems=reader.problems,
        employees=await run_in_threadpool(_read, context, viewer, first, last),
        first=first,
        last=last,
    )


@router.get("/staff.csv")
async def staff_csv(request: Request, viewer: ReportReader) -> Response:
    context = web_context(request)
    _, _, first, last = _period(context, viewer, typed_query(request))
    employees = await run_in_threadpool(_read, context, viewer, first, last)
    head, rows = table(employees, viewer.words)
    return csv_answer(csv_text(head, rows, viewer.words.language), f"staff-{first}-{last}")


def _period(
    context: WebContext, viewer: SignedInStaff, typed: Typed
) -> tuple[Typed, FieldReader, date, date]:
    """What was asked for; the last thirty days where nothing was."""
    today = local_date(context.ctx.clock.now(), viewer.shop.timezone)
    start = (today - timedelta(days=29)).isoformat()
    typed = Typed({"from": (start,), "to": (today.isoformat(),), **typed.values})
    reader = FieldReader(typed, viewer.shop.currency)
    first, last = reader.period(today, MAX_DAYS)
    return typed, reader, first, last


def _read(context: WebContext, viewer: SignedInStaff, first: date, last: date) -> list[Employee]:
    with context.reading() as unit:
        return read_employees(unit, (first, last), viewer.staff, viewer.words)
