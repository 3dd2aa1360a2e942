"""What stood out on a day: members who came strikingly often, refunds and corrections by colleague."""

from datetime import date, timedelta

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.programme.digest import Digest, read_digest
from checkout.programme.typed import FieldReader, Problem
from checkout.web.context import WebContext, web_context
from checkout.web.pages.activity import ReportReader
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import shop_now, staff_page, typed_query, wording_for
from loyalty.domain.calendar import local_date
from loyalty.domain.staff import Permission

router = APIRouter(prefix="/reports/digest")

_MAX_AGE = timedelta(days=3 * 366)


@router.get("")
async def digest_page(request: Request, viewer: ReportReader) -> Response:
    """The day asked for; yesterday where none was."""
    context, typed = web_context(request), typed_query(request)
    today = local_date(context.ctx.clock.now(), viewer.shop.timezone)
    typed = typed if typed.one("day") else typed.with_one("day", (today - timedelta(days=1)).isoformat())
    reader = FieldReader(typed, viewer.shop.currency)
    day = reader.day("day")
    if day is not None and not today - _MAX_AGE <= day <= today:
        reader.refuse("day", Problem("day_out_of_reach"))
    shown = day if day is not None and not reader.problems else today - timedelta(days=1)
    now = await shop_now(context)
    return staff_page(
        "digest.html",
        viewer,
        "reports",
        path="/reports/digest",
        wording=wording_for(viewer, now),
        status=422 if reader.problems else 200,
        typed=typed,
        problems=reader.problems,
        digest=await run_in_threadpool(_read, context, viewer, shown),
        before=shown - timedelta(days=1),
        after=shown + timedelta(days=1) if shown < today else None,
        sees_names=viewer.staff.may(Permission.VIEW_CUSTOMERS),
    )


def _read(context: WebContext, viewer: SignedInStaff, day: date) -> Digest:
    with context.reading() as unit:
        return read_digest(unit, day, viewer.staff)
