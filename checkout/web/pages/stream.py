"""The live stream of a lane: one snapshot, then each change as it is committed; nothing polls."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import StreamingResponse

from checkout.sse import HEARTBEAT_S, event_bytes, first_changes
from checkout.web.context import web_context
from checkout.web.pages.till import OwnLane
from checkout.web.session import Seller, SignedInStaff
from checkout.web.till_page import TillPainter
from checkout.web.watch import SessionWatch
from loyalty.domain.shop import Lane

router = APIRouter()


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
        for change, is_snapshot in first_changes(
            feeds, lane.number, request.headers.get("last-event-id", "")
        ):
            last = change.number
            yield event_bytes("till", change, painter.message(change, viewer, is_snapshot=is_snapshot))
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
                yield event_bytes("till", newer, painter.message(newer, viewer, is_snapshot=False))
    finally:
        watch.remove(subscription)
        feeds.unsubscribe(lane.number, subscription)
