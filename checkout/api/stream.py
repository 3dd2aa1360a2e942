"""The live stream of a lane for a register: one snapshot, then each change as it is committed."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from checkout.api.keys import Caller, Calling, find_register
from checkout.api.operations import EVENTS_PATH
from checkout.api.problems import refusal_problem
from checkout.live import Change
from checkout.registers.views import lane_now
from checkout.sse import event_bytes, first_changes
from checkout.till.build import LaneView
from checkout.web.context import web_context
from loyalty.domain.register import Register
from loyalty.domain.shop import Lane
from loyalty.domain.why import Refusal, Refused

router = APIRouter()

CHECK_EVERY_S = 1.0
"""How long a stream outlives its key while nothing happens; of what happens it hears nothing more."""
_HEARTBEATS = 15


@router.get(EVENTS_PATH, name="lane_events", include_in_schema=False)
async def events(lane: str, request: Request, calling: Calling) -> Response:
    context = web_context(request)
    register = await run_in_threadpool(find_register, context, calling.key)
    number = int(lane) if lane.isascii() and lane.isdigit() and len(lane) <= 3 else 0
    found = context.station.lanes.numbered(number)
    if register is None or found is None or found.id not in register.lane_ids:
        shop = await run_in_threadpool(context.settings)
        refused = Refused(Refusal.LANE_NOT_BOUND)
        return refusal_problem(request, refused, shop.currency, shop.default_language)
    return StreamingResponse(
        _stream(request, found, calling),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _stream(request: Request, lane: Lane, calling: Caller) -> AsyncIterator[bytes]:
    feeds = web_context(request).station.feeds
    subscription = feeds.subscribe(lane.number)
    try:
        yield b"retry: 1000\n\n"
        last, quiet = 0, 0
        waiting = [
            change
            for change, _ in first_changes(feeds, lane.number, request.headers.get("last-event-id", ""))
        ]
        while True:
            register = await _still(request, lane, calling)
            if register is None:
                return
            for change in (each for each in waiting if each.number > last):
                last = change.number
                yield _event(change, register)
            try:
                newer = await subscription.next(CHECK_EVERY_S)
            except TimeoutError:
                waiting, quiet = [], quiet + 1
                if quiet % _HEARTBEATS == 0:
                    yield b": alive\n\n"
                continue
            if newer is None:
                return
            waiting = [newer]
    finally:
        feeds.unsubscribe(lane.number, subscription)


async def _still(request: Request, lane: Lane, calling: Caller) -> Register | None:
    """The register, as long as its key opens this lane."""
    register = await run_in_threadpool(find_register, web_context(request), calling.key)
    return register if register is not None and lane.id in register.lane_ids else None


def _event(change: Change[LaneView], register: Register) -> bytes:
    return event_bytes("lane", change, lane_now(change.view.masked, register).model_dump_json())
