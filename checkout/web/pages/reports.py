"""Reports: visits that count for pricing, points and rewards by month, and what looks unusual."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.programme.reports import (
    Figures,
    expiring_chart,
    month_table,
    points_chart,
    rate_chart,
    read_figures,
    visits_chart,
)
from checkout.programme.spreadsheet import csv_text
from checkout.web.context import WebContext, web_context
from checkout.web.pages.activity import ReportReader
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import csv_answer, shop_now, staff_page, wording_for
from checkout.words.figures import percent
from loyalty.domain.calendar import local_date
from loyalty.domain.staff import Permission

router = APIRouter()


@router.get("/reports")
async def reports(request: Request, viewer: ReportReader) -> Response:
    context = web_context(request)
    now = await shop_now(context)
    figures = await run_in_threadpool(_read, context, viewer)
    words = viewer.words
    return staff_page(
        "reports.html",
        viewer,
        "reports",
        path="/reports",
        wording=wording_for(viewer, now),
        figures=figures,
        visits_chart=visits_chart(figures, words),
        points_chart=points_chart(figures, words),
        rate_chart=rate_chart(figures, words),
        expiring_chart=expiring_chart(figures, words),
        rate=percent(words, figures.redemption_rate_ppm // 1_000 * 1_000)
        if figures.redemption_rate_ppm is not None
        else None,
        rate_text=lambda ppm: percent(words, ppm // 1_000 * 1_000) if ppm is not None else "–",
        sees_names=viewer.staff.may(Permission.VIEW_CUSTOMERS),
    )


@router.get("/reports/months.csv")
async def months_csv(request: Request, viewer: ReportReader) -> Response:
    context = web_context(request)
    figures = await run_in_threadpool(_read, context, viewer)
    head, rows = month_table(figures, viewer.words)
    today = local_date(context.ctx.clock.now(), viewer.shop.timezone)
    return csv_answer(csv_text(head, rows, viewer.words.language), f"months-{today}")


def _read(context: WebContext, viewer: SignedInStaff) -> Figures:
    with context.reading() as unit:
        return read_figures(unit, context.ctx.clock.now(), viewer.shop.timezone, viewer.staff)
