"""The buttons of the status page: messages off and on, no advertising, "this is not me" (rows 160, 199).

Each is a form of one button, without fields: what it does stands in its address, and nothing that a browser
sends is read. Opening an address changes nothing, so that a preview of a link cannot.
"""

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from checkout.web.context import web_context
from checkout.web.pages.status import MAX_TOKEN_CHARS, Found, gone, language_of, read_status, status_headers
from checkout.web.rendering import page
from checkout.words import words_for
from checkout.writer import Priority
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.status_choice import StatusChoice, choose_on_status_page

router = APIRouter()

DONE_TEXTS = {
    StatusChoice.STOP: (
        "No more messages",
        "We will not write to you any more. You keep your points, and this link stays your card.",
    ),
    StatusChoice.START: (
        "Messages are on again",
        "We write when something happens to your points. Advertising stays off.",
    ),
    StatusChoice.NO_ADVERTISING: (
        "No more advertising",
        "You only hear from us when something happens to your points.",
    ),
    StatusChoice.STAY: (
        "You stay with us",
        "Your account and your points are kept. See you soon!",
    ),
    StatusChoice.NOT_ME: (
        "The number is detached",
        (
            "This number belongs to no account here any more, and we will not write to it again. "
            "The link you came by no longer works."
        ),
    ),
}


@router.get("/s/{token}/not-me")
async def ask_not_me(token: str, request: Request, language: str = "") -> Response:
    """Says what "this is not me" does, before it does it: it cannot be undone from here."""
    found = await run_in_threadpool(read_status, web_context(request), token)
    if found.page is None:
        return gone(request, found.shop)
    return _page(request, found, "status_not_me.html", language, base=f"/s/{token}")


@router.post("/s/{token}/{choice}")
async def choose(token: str, choice: str, request: Request, language: str = "") -> Response:
    context = web_context(request)
    found = await run_in_threadpool(read_status, context, token)
    if choice not in {one.value for one in StatusChoice} or len(token) > MAX_TOKEN_CHARS:
        return gone(request, found.shop)
    wanted = StatusChoice(choice)

    def work(unit: UnitOfWork) -> bool:
        return choose_on_status_page(unit, context.ctx, token, wanted)

    if found.page is None or not await asyncio.wrap_future(
        context.station.writer.submit(Priority.STAFF, work)
    ):
        return gone(request, found.shop)
    heading, explanation = DONE_TEXTS[wanted]
    is_over = wanted is StatusChoice.NOT_ME
    return _page(
        request,
        found,
        "status_done.html",
        language,
        base=None if is_over else f"/s/{token}",
        heading=heading,
        explanation=explanation,
        can_undo=wanted is StatusChoice.STOP,
    )


def _page(request: Request, found: Found, template: str, language: str, **fields: Any) -> HTMLResponse:
    return page(
        template,
        words_for(language_of(request, found, language), found.shop.country),
        headers=status_headers(web_context(request)),
        shop_name=found.shop.name,
        is_demo=found.shop.is_demo,
        **fields,
    )
