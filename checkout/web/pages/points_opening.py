"""Points that a member brings along from another system, by hand, after a look (row 184)."""

import asyncio
from datetime import datetime

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import FieldReader, Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.found_member import FoundMember
from checkout.web.member_points import member_or_back, points_page_of
from checkout.web.pages.points import PointsKeeper
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import typed_form, typed_query
from checkout.writer import Priority
from loyalty.domain.booking.by_hand import MAX_BY_HAND, MAX_ORIGIN_CHARS
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refused
from loyalty.services.adjust_points import give_opening_balance, opening_balance_of

router = APIRouter(prefix="/points/opening")


@router.get("")
async def opening_page(request: Request, viewer: PointsKeeper, done: str = "") -> Response:
    typed = typed_query(request)
    member = await member_or_back(request, viewer, typed)
    if isinstance(member, RedirectResponse):
        return member
    return await _page(request, viewer, typed, member, {}, is_done=bool(done))


@router.post("")
async def post_opening(request: Request, viewer: PointsKeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    member = await member_or_back(request, viewer, typed)
    if isinstance(member, RedirectResponse):
        return member
    reader = FieldReader(typed, viewer.shop.currency)
    points = reader.whole("points", 1, MAX_BY_HAND)
    origin = clean_line(typed.one("origin"), MAX_ORIGIN_CHARS)
    if origin is None:
        reader.refuse("origin", Problem("origin_missing"))
    if member.is_own:
        reader.refuse("points", Problem("own_account"))
    if reader.problems or origin is None:
        return await _page(request, viewer, typed, member, reader.problems)
    if typed.one("go") != "book":
        booked_at = await run_in_threadpool(_booked_at, context, member, origin)
        problems = {"origin": Problem("opening_booked")} if booked_at is not None else {}
        return await _page(request, viewer, typed, member, problems, asked=None if problems else points)
    given = await asyncio.wrap_future(
        context.station.writer.submit(
            Priority.STAFF,
            lambda unit: give_opening_balance(
                unit, context.ctx, member.customer_id, points, viewer.staff, origin=origin
            ),
        )
    )
    if isinstance(given, Refused):
        return await _page(request, viewer, typed, member, {"points": Problem.of(given)})
    if given.is_repeated and given.entry.points != points:
        return await _page(request, viewer, typed, member, {"origin": Problem("opening_booked")})
    context.station.refresher.all_changed()
    return RedirectResponse(f"/points/opening?customer={member.customer_id}&done=1", 303)


async def _page(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    member: FoundMember,
    problems: dict[str, Problem],
    *,
    asked: int | None = None,
    is_done: bool = False,
) -> Response:
    return await points_page_of(
        request,
        viewer,
        "points_opening.html",
        path="/points/opening",
        typed=typed,
        problems=problems,
        member=member,
        asked=asked,
        is_done=is_done,
        max_chars=MAX_ORIGIN_CHARS,
    )


def _booked_at(context: WebContext, member: FoundMember, origin: str) -> datetime | None:
    with context.reading() as unit:
        found = opening_balance_of(unit, member.customer_id, origin)
    return found.booked_at if found is not None else None
