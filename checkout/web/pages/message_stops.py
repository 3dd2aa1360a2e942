"""Who gets no message any more, since when and why (rows 160, 199)."""

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.profiles.worded import CHANNEL_TEXTS
from checkout.web.context import WebContext, web_context
from checkout.web.pages.messages import Postmaster
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page
from checkout.words import Words
from loyalty.domain.contact.delivery import SuppressionReason
from loyalty.domain.staff import Permission
from loyalty.services.message_lists import StoppedAddress, stopped_addresses

router = APIRouter(prefix="/messages/stopped")

SHOWN = 100

STOP_TEXTS = {
    SuppressionReason.OPTED_OUT: "Wants no messages",
    SuppressionReason.NOT_ME: "“This is not me”: it left the account",
}


@router.get("")
async def stops_page(request: Request, viewer: Postmaster) -> Response:
    stopped = await run_in_threadpool(_read, web_context(request), viewer)
    return staff_page(
        "message_stops.html",
        viewer,
        "messages",
        path="/messages/stopped",
        stopped=stopped[:SHOWN],
        has_more=len(stopped) > SHOWN,
        sees_customers=viewer.staff.may(Permission.VIEW_CUSTOMERS),
        stop_text=lambda reason: viewer.words.text(STOP_TEXTS[reason]),
        source_text=lambda source: _source(viewer.words, source),
    )


def _source(words: Words, source: str) -> str:
    known = {channel.value: text for channel, text in CHANNEL_TEXTS.items()}
    return words.text(known[source]) if source in known else source


def _read(context: WebContext, viewer: SignedInStaff) -> Sequence[StoppedAddress]:
    with context.reading() as unit:
        return stopped_addresses(unit, viewer.staff, SHOWN + 1)
