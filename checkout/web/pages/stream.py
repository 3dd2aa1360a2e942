"""The live stream of a lane: one snapshot, then each change as it is committed; nothing polls."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import StreamingResponse

from checkout.live import Change
from checkout.till.build import LaneView
from checkout.web.context import web_context
from checkout.web.pages.till import OwnLane
from checkout.web.session import Seller, SignedInStaff
from checkout.web.till_page import TillPainter
from checkout.web.watch import SessionWatch
from loyalty.domain.shop import Lane
from runtime.ids import new_id

router = APIRouter()

HEARTBEAT_S = 15.0
_RUN = new_id().hex[-12:]
"""Names this life of the process, so that an event number of an earlier one is not mistaken for ours."""


@router.get("/till/{number}/events")
async def events(lane: OwnLane, request: Request, viewer: Seller) -> StreamingResponse:
    return StreamingResponse(
        _stream(request, lane, viewer),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _stream(request: Request, lane: Lane, viewer: SignedInStaff) -> AsyncIterator[bytes]:
    context = web_context(request)
    painter: TillPainter = request.app.state.painter
    watch: SessionWatch = request.app.state.watch
    feeds = context.station.feeds
    subscription = feeds.subscribe(
        lane.number, on_draft=lambda change: painter.message(change, viewer, is_snapshot=False)
    )
    watch.add(subscription, viewer.token, viewer.staff.role.permissions)
    try:
        yield b"retry: 1000\n\n"
        last = 0
        for change, is_snapshot in _first(request, lane):
            last = change.number
            yield _event(change, painter.message(change, viewer, is_snapshot=is_snapshot))
        while True:
            try:
                newer = await subscription.next(HEARTBEAT_S)
            except TimeoutError:
                yield b": alive\n\n"
                continue
            if newer is None:
                return
            if newer.number > last:
                last = newer.number
                yield _event(newer, painter.message(newer, viewer, is_snapshot=False))
    finally:
        watch.remove(subscription)
        feeds.unsubscribe(lane.number, subscription)


def _first(request: Request, lane: Lane) -> list[tuple[Change[LaneView], bool]]:
    """What a stream begins with: what was missed since ``Last-Event-ID``, else the newest as a snapshot."""
    feeds = web_context(request).station.feeds
    run, _, number = request.headers.get("last-event-id", "").partition("-")
    if run == _RUN and number.isdigit() and len(number) < 19:
        missed = feeds.missed(lane.number, int(number))
        return [(change, False) for change in missed]
    newest = feeds.newest(lane.number)
    return [(newest, True)] if newest is not None else []


def _event(change: Change[LaneView], data: str) -> bytes:
    return f"id: {_RUN}-{change.number}\nevent: till\ndata: {data}\n\n".encode()
