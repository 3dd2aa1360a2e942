"""Messages that wait for a person or for their time, and those that did not go out (row 193)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import staff_page
from checkout.words import Words
from checkout.words.message_kinds import KIND_TEXTS
from checkout.writer import Priority
from loyalty.domain.contact.delivery import QUIET, Decision
from loyalty.domain.staff import Permission
from loyalty.errors import ConflictError, UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.decide_message import (
    GIVEN_UP,
    SENT_AGAIN,
    UndecidedMessage,
    decide_message,
    undecided_messages,
)
from loyalty.services.message_lists import ListedMessage, unsent_messages, waiting_messages

router = APIRouter()

DETAIL_TEXTS = {
    QUIET: "quiet hours",
    "sms_device_limit": "this kiosk caused enough messages in an hour",
    "sms_shop_limit": "the shop’s limit for the day is reached",
    "sms_budget_spent": "the day’s budget is spent",
    "sms_number_limit": "this number had enough",
    "sms_country_not_allowed": "numbers of this country get no SMS",
    "opted_out": "opted out",
    "not_me": "the number is not the member’s",
    "expired": "too late to be of use",
    "stale": "older than a week",
    "erased": "the person was erased",
    GIVEN_UP: "given up by staff",
    SENT_AGAIN: "sent again by staff",
    "restored": "it waited when the back-up was made that was restored; it may have gone out since",
    "interrupted": "the station stopped while it was being sent",
}
"""By reason code; anything else is a provider's own words."""


@dataclass(frozen=True)
class _Lists:
    undecided: Sequence[UndecidedMessage]
    waiting: Sequence[ListedMessage]
    unsent: Sequence[ListedMessage]


async def postmaster(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency: whoever may decide on messages."""
    viewer.require(Permission.MANAGE_MESSAGES)
    return viewer


Postmaster = Annotated[SignedInStaff, Depends(postmaster)]


@router.get("/messages")
async def waiting(request: Request, viewer: Postmaster, refused: str = "") -> Response:
    found = await run_in_threadpool(_read, web_context(request), viewer)
    return staff_page(
        "messages.html",
        viewer,
        "messages",
        path="/messages",
        messages=found.undecided,
        held=found.waiting,
        unsent=found.unsent,
        detail_text=lambda detail: (
            viewer.words.text(DETAIL_TEXTS[detail]) if detail in DETAIL_TEXTS else detail
        ),
        kind_text=lambda kind: viewer.words.text(KIND_TEXTS[kind]),
        was_decided=refused == "decided",
    )


@router.post("/messages/{message_id}")
async def decide(
    message_id: UUID, request: Request, viewer: Postmaster, decision: Annotated[Decision, Form()]
) -> Response:
    context = web_context(request)

    def work(unit: UnitOfWork) -> None:
        decide_message(unit, context.ctx, message_id, decision, viewer.staff)

    try:
        await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, work))
    except (ConflictError, UnknownIdError):
        return RedirectResponse("/messages?refused=decided", 303)
    context.station.courier.wake()
    return RedirectResponse("/messages", 303)


def _detail_text(words: Words, detail: str) -> str:
    return words.text(DETAIL_TEXTS[detail]) if detail in DETAIL_TEXTS else detail


def _read(context: WebContext, viewer: SignedInStaff) -> _Lists:
    with context.reading() as unit:
        return _Lists(
            undecided_messages(unit, viewer.staff),
            waiting_messages(unit, viewer.staff),
            unsent_messages(unit, viewer.staff),
        )
