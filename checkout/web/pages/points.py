"""Points by hand: the member, how many and why; a look at the result, then it is booked (row 181)."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import FieldReader, Problem, Typed, uuid_of
from checkout.web.context import web_context
from checkout.web.found_member import FoundMember, find_member
from checkout.web.member_points import points_page_of
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import typed_form, typed_query
from checkout.writer import Priority
from loyalty.domain.booking.by_hand import MAX_BY_HAND, MAX_REASON_CHARS
from loyalty.domain.staff import Permission
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.adjust_points import Adjusted, adjust_points
from runtime.ids import new_id

router = APIRouter(prefix="/points")


async def points_keeper(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of these pages."""
    viewer.require(Permission.ADJUST_POINTS)
    return viewer


PointsKeeper = Annotated[SignedInStaff, Depends(points_keeper)]


@router.get("")
async def points_page(request: Request, viewer: PointsKeeper, done: str = "") -> Response:
    context, typed = web_context(request), typed_query(request)
    member, problems = None, {}
    if typed.one("member").strip() or typed.one("customer"):
        member = await run_in_threadpool(find_member, context, viewer, typed)
        if member is None:
            problems["member"] = Problem("member_unknown")
    if member is not None and done:
        return await _page(request, viewer, typed, member, problems, done="done")
    start = Typed({**typed.values, "direction": ("add",), "key": (str(new_id()),)})
    return await _page(request, viewer, start, member, problems)


@router.post("")
async def post_points(request: Request, viewer: PointsKeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    member = await run_in_threadpool(find_member, context, viewer, typed)
    if member is None:
        return await _page(request, viewer, typed, None, {"member": Problem("member_unknown")})
    reader = FieldReader(typed, viewer.shop.currency)
    count = reader.whole("points", 1, MAX_BY_HAND)
    direction = reader.choice("direction", ("add", "take"), "add")
    key = uuid_of(typed.one("key"))
    if clean_line(typed.one("reason"), MAX_REASON_CHARS) is None:
        reader.refuse("reason", Problem("reason_missing"))
    if member.is_own:
        reader.refuse("points", Problem("own_account"))
    if reader.problems or key is None:
        return await _page(request, viewer, typed, member, reader.problems)
    points = count if direction == "add" else -count
    if typed.one("go") != "book":
        return await _page(request, viewer, typed, member, {}, points=points)

    def book(unit: UnitOfWork) -> Adjusted | Refused:
        return adjust_points(
            unit,
            context.ctx,
            member.customer_id,
            points,
            viewer.staff,
            reason=typed.one("reason"),
            key=str(key),
        )

    booked = await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, book))
    if isinstance(booked, Refused):
        return await _page(request, viewer, typed, member, {"points": Problem.of(booked)})
    context.station.refresher.all_changed()
    return RedirectResponse(f"/points?customer={member.customer_id}&done=1", 303)


async def _page(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    member: FoundMember | None,
    problems: dict[str, Problem],
    *,
    points: int | None = None,
    done: str = "",
) -> Response:
    return await points_page_of(
        request,
        viewer,
        "points.html",
        path="/points",
        typed=typed,
        problems=problems,
        member=member,
        asked=points,
        done=done,
        max_chars=MAX_REASON_CHARS,
    )
