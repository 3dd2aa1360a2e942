"""The day: what each lane took, by tender and tax; counting the drawer; the closes that were made."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.spreadsheet import csv_text
from checkout.programme.typed import FieldReader, Problem, Typed, uuid_of, whole_of
from checkout.web.chosen_day import ChosenDay
from checkout.web.context import WebContext, web_context
from checkout.web.day_table import day_table, tender_name
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import csv_answer, shop_now, staff_page, typed_form, wording_for
from checkout.writer import Priority
from loyalty.domain.day_close import MAX_NOTE_CHARS, DayClose
from loyalty.domain.reports.takings import Takings
from loyalty.domain.settlement import MAX_AMOUNT_MINOR
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.services.close_day import Count, RunningDay, close_day, running_day, takings_on

router = APIRouter(prefix="/day")

_SHOWN = 30


async def day_reader(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of these pages: who may read reports or close the day."""
    if not viewer.staff.may(Permission.CLOSE_DAY):
        viewer.require(Permission.VIEW_REPORTS)
    return viewer


DayReader = Annotated[SignedInStaff, Depends(day_reader)]


@dataclass(frozen=True)
class LaneDay:
    """One lane on the page."""

    lane: Lane
    takings: Takings
    running: RunningDay


@dataclass(frozen=True)
class ShownClose:
    """A close with the names of its lane and of who made it."""

    close: DayClose
    lane: Lane | None
    closed_by: str


@router.get("")
async def day_page(request: Request, viewer: DayReader, day: str = "") -> Response:
    return await _page(request, viewer, ChosenDay.of(request, viewer, day), Typed({}), {})


@router.get("/table.csv")
async def table(request: Request, viewer: DayReader, day: str = "") -> Response:
    context, shown = web_context(request), ChosenDay.of(request, viewer, day).day
    lanes = await run_in_threadpool(_lanes, context, shown)
    head, rows = day_table([(each.lane, each.takings) for each in lanes], viewer.words, viewer.shop.currency)
    return csv_answer(csv_text(head, rows, viewer.words.language), f"day-{shown.isoformat()}")


@router.post("/close")
async def post_close(request: Request, viewer: DayReader) -> Response:
    viewer.require(Permission.CLOSE_DAY)
    context, typed = web_context(request), await typed_form(request)
    lane_id = uuid_of(typed.one("lane"))
    lane = next((each for each in context.station.lanes.all() if each.id == lane_id), None)
    if lane is None or lane.is_training:
        raise HTTPException(404, "lane_unknown")
    reader = FieldReader(typed, viewer.shop.currency)
    count = Count(
        number=whole_of(typed.one("number")),
        float_minor=reader.money("float", 0, MAX_AMOUNT_MINOR) if typed.one("float").strip() else 0,
        counted_minor=reader.money("counted", 0, MAX_AMOUNT_MINOR),
        note=typed.one("note")[:MAX_NOTE_CHARS],
    )
    today = ChosenDay.of(request, viewer, "")
    if reader.problems:
        return await _page(request, viewer, today, typed, reader.problems)
    closed = await asyncio.wrap_future(
        context.station.writer.submit(
            Priority.STAFF, lambda unit: close_day(unit, context.ctx, lane.id, count, viewer.staff)
        )
    )
    if isinstance(closed, Refused):
        return await _page(request, viewer, today, typed, {"counted": Problem.of(closed)})
    return RedirectResponse(f"/day/closes/{closed.id}?done=1", 303)


@router.get("/closes/{close_id}")
async def close_page(close_id: UUID, request: Request, viewer: DayReader, done: str = "") -> Response:
    context = web_context(request)
    shown = await run_in_threadpool(_close, context, close_id)
    if shown is None:
        raise HTTPException(404, "close_unknown")
    return staff_page(
        "day_close.html",
        viewer,
        "day",
        path=f"/day/closes/{close_id}",
        wording=wording_for(viewer, await shop_now(context)),
        shown=shown,
        tender_name=lambda kind: tender_name(kind, viewer.words),
        done=done == "1",
    )


async def _page(
    request: Request, viewer: SignedInStaff, chosen: ChosenDay, typed: Typed, problems: dict[str, Problem]
) -> Response:
    context = web_context(request)
    lanes = await run_in_threadpool(_lanes, context, chosen.day)
    closes = await run_in_threadpool(_closes, context)
    return staff_page(
        "day.html",
        viewer,
        "day",
        path="/day",
        wording=wording_for(viewer, await shop_now(context)),
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        **chosen.fields(),
        lanes=lanes,
        closes=closes,
        counted_lane=uuid_of(typed.one("lane")),
        tender_name=lambda kind: tender_name(kind, viewer.words),
        may_close=viewer.staff.may(Permission.CLOSE_DAY),
        max_note_chars=MAX_NOTE_CHARS,
    )


def _lanes(context: WebContext, day: date) -> list[LaneDay]:
    with context.reading() as unit:
        return [
            LaneDay(lane, takings_on(unit, lane.id, day), running_day(unit, context.ctx, lane.id))
            for lane in unit.lanes.all()
            if not lane.is_training
        ]


def _closes(context: WebContext) -> list[ShownClose]:
    with context.reading() as unit:
        lanes = {lane.id: lane for lane in unit.lanes.all()}
        names = {staff.id: staff.display_name for staff in unit.staff.all()}
        return [
            ShownClose(close, lanes.get(close.lane_id), names.get(close.closed_by, "–"))
            for close in unit.day_closes.recent(_SHOWN)
        ]


def _close(context: WebContext, close_id: UUID) -> ShownClose | None:
    with context.reading() as unit:
        close = unit.day_closes.get(close_id)
        if close is None:
            return None
        lane = next((lane for lane in unit.lanes.all() if lane.id == close.lane_id), None)
        staff = unit.staff.get(close.closed_by)
        return ShownClose(close, lane, staff.display_name if staff is not None else "–")
