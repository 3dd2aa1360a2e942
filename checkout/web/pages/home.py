"""The calm place after signing in: what there is to do, by permission."""

from datetime import timedelta

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.programme.digest import Digest, read_digest
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, Viewer
from checkout.web.staff_page import shop_now, staff_page, wording_for
from loyalty.domain.calendar import day_bounds, local_date
from loyalty.domain.reports.points import PointFigures, figures_of_kinds
from loyalty.domain.staff import Permission

router = APIRouter()


@router.get("/home")
async def home(request: Request, viewer: Viewer) -> Response:
    context = web_context(request)
    now = await shop_now(context)
    figures, yesterday = None, None
    if viewer.staff.may(Permission.VIEW_REPORTS):
        figures = await run_in_threadpool(_today, context, viewer.shop.timezone)
        yesterday = await run_in_threadpool(_yesterday, context, viewer)
    return staff_page(
        "home.html",
        viewer,
        "home",
        path="/home",
        wording=wording_for(viewer, now),
        today=figures,
        yesterday=yesterday,
        needs_programme=now.programme is None and viewer.staff.may(Permission.MANAGE_PROGRAMME),
        is_switched_off=now.programme is not None and not now.programme.is_active,
    )


def _today(context: WebContext, timezone: str) -> PointFigures:
    now = context.ctx.clock.now()
    start, end = day_bounds(local_date(now, timezone), timezone)
    with context.reading() as unit:
        return figures_of_kinds(unit.reports.sums_by_kind(start, end))


def _yesterday(context: WebContext, viewer: SignedInStaff) -> Digest | None:
    day = local_date(context.ctx.clock.now(), viewer.shop.timezone) - timedelta(days=1)
    with context.reading() as unit:
        # Made once after midnight by the shop's clock; the page of the day reckons it where it is missing.
        return read_digest(unit, day, viewer.staff) if unit.digests.of_day(day) is not None else None
