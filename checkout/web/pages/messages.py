"""Messages of which nobody knows whether they went out: a person decides (row 193)."""

import asyncio
from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import staff_page
from checkout.writer import Priority
from loyalty.domain.contact.delivery import Decision
from loyalty.domain.message import MessageKind
from loyalty.domain.staff import Permission
from loyalty.errors import ConflictError, UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.decide_message import UndecidedMessage, decide_message, undecided_messages

router = APIRouter()

KIND_TEXTS = {
    MessageKind.WELCOME: "Welcome",
    MessageKind.FIRST_POINT: "First points",
    MessageKind.POINTS_EARNED: "Points earned",
    MessageKind.TIER_REACHED: "Reward reached",
    MessageKind.PROGRAMME_CHANGED: "Programme changed",
    MessageKind.POINTS_EXPIRING: "Points about to expire",
    MessageKind.REDEMPTION_CONFIRMED: "Redemption confirmed",
    MessageKind.ONE_TIME_CODE: "One-time code",
    MessageKind.BIRTHDAY: "Birthday",
    MessageKind.STATUS_LINK: "New link",
    MessageKind.OPTED_OUT: "Answer to STOP",
    MessageKind.OPTED_IN: "Answer to START",
    MessageKind.HELP: "Answer to HELP",
    MessageKind.RECEIPT: "Receipt",
}


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
        messages=found,
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


def _read(context: WebContext, viewer: SignedInStaff) -> Sequence[UndecidedMessage]:
    with context.reading() as unit:
        return undecided_messages(unit, viewer.staff)
