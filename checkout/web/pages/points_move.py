"""A visit that was booked to the wrong member: its points go over, after a look (row 199)."""

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import FieldReader, Problem, Typed, uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.found_member import FoundMember, find_member
from checkout.web.member_points import member_or_back, points_page_of
from checkout.web.pages.points import PointsKeeper
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import typed_form, typed_query
from checkout.writer import Priority
from loyalty.domain.booking.by_hand import MAX_REASON_CHARS
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refused
from loyalty.services.move_points import MovableGain, MoveOrder, movable_gains, move_gains
from runtime.ids import new_id

router = APIRouter(prefix="/points/move")


@router.get("")
async def move_page(request: Request, viewer: PointsKeeper, done: str = "") -> Response:
    typed = typed_query(request)
    member = await member_or_back(request, viewer, typed)
    if isinstance(member, RedirectResponse):
        return member
    start = Typed({**typed.values, "key": (str(new_id()),)})
    to = (
        await run_in_threadpool(find_member, web_context(request), viewer, typed, "to", "done")
        if done
        else None
    )
    return await _page(request, viewer, start, member, {}, done=to)


@router.post("")
async def post_move(request: Request, viewer: PointsKeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    member = await member_or_back(request, viewer, typed)
    if isinstance(member, RedirectResponse):
        return member
    gains = await run_in_threadpool(_gains, context, viewer, member)
    to = await run_in_threadpool(find_member, context, viewer, typed, "to", "to_customer")
    key, is_booking = uuid_of(typed.one("key")), typed.one("go") == "book"
    gain = next((each for each in gains if each.source == typed.one("source")), None)
    reader = FieldReader(typed, viewer.shop.currency)
    if gain is None and not is_booking:
        reader.refuse("source", Problem("choose_one"))
    if to is None:
        reader.refuse("to", Problem("member_unknown"))
    elif to.customer_id == member.customer_id:
        reader.refuse("to", Problem("same_account"))
    elif to.is_own or member.is_own:
        reader.refuse("to", Problem("own_account"))
    if clean_line(typed.one("reason"), MAX_REASON_CHARS) is None:
        reader.refuse("reason", Problem("reason_missing"))
    if reader.problems or to is None or key is None:
        return await _page(request, viewer, typed, member, reader.problems)
    if not is_booking:
        return await _page(request, viewer, typed, member, {}, look=(gain, to))
    order = MoveOrder(member.customer_id, typed.one("source"), to.customer_id, typed.one("reason"), key)
    moved = await asyncio.wrap_future(
        context.station.writer.submit(
            Priority.STAFF, lambda unit: move_gains(unit, context.ctx, order, viewer.staff)
        )
    )
    if isinstance(moved, Refused):
        return await _page(request, viewer, typed, member, {"source": Problem.of(moved)})
    context.station.refresher.all_changed()
    return RedirectResponse(f"/points/move?customer={member.customer_id}&done={to.customer_id}", 303)


async def _page(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    member: FoundMember,
    problems: dict[str, Problem],
    *,
    look: tuple[MovableGain | None, FoundMember] | None = None,
    done: FoundMember | None = None,
) -> Response:
    context = web_context(request)
    gains = await run_in_threadpool(_gains, context, viewer, member)
    gain, to = look if look is not None else (None, done)
    return await points_page_of(
        request,
        viewer,
        "points_move.html",
        path="/points/move",
        typed=typed,
        problems=problems,
        member=member,
        gains=gains,
        gain=gain,
        to=to,
        is_done=done is not None,
        max_chars=MAX_REASON_CHARS,
    )


def _gains(context: WebContext, viewer: SignedInStaff, member: FoundMember) -> Sequence[MovableGain]:
    with context.reading() as unit:
        return movable_gains(unit, member.customer_id, viewer.staff)
