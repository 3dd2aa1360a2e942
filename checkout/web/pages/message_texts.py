"""What each message says, in every language, with the shop's own names, and what it costs."""

from collections.abc import Sequence

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.web.context import WebContext, web_context
from checkout.web.pages.messages import Postmaster
from checkout.web.staff_page import staff_page
from checkout.words.message_kinds import KIND_TEXTS
from loyalty.domain.message import MessageKind
from loyalty.services.preview_messages import MessagePreview, preview_messages

router = APIRouter(prefix="/messages/texts")

LANGUAGES = {"fr": "Français", "en": "English", "es": "Español"}
"""The languages that messages are written in, by their own names."""

WHEN_TEXTS = {
    MessageKind.WELCOME: "At enrolment, with the link to the member’s page",
    MessageKind.FIRST_POINT: "At enrolment after paying",
    MessageKind.POINTS_EARNED: "After a purchase that earned points",
    MessageKind.TIER_REACHED: "When a reward comes within reach",
    MessageKind.PROGRAMME_CHANGED: "After the programme changed, to members concerned",
    MessageKind.POINTS_EXPIRING: "Before points expire",
    MessageKind.REDEMPTION_CONFIRMED: "When staff confirmed a reward",
    MessageKind.ONE_TIME_CODE: "When a member asks for a code",
    MessageKind.BIRTHDAY: "On the birthday, with the gift",
    MessageKind.STATUS_LINK: "When staff send a new link",
    MessageKind.RETENTION: "Before a member who stayed away for long is forgotten",
    MessageKind.OPTED_OUT: "Once, after STOP",
    MessageKind.OPTED_IN: "After START",
    MessageKind.HELP: "After HELP, once a day",
}


@router.get("")
async def texts_page(request: Request, viewer: Postmaster, language: str = "") -> Response:
    chosen = language if language in LANGUAGES else viewer.shop.default_language
    chosen = chosen if chosen in LANGUAGES else "fr"
    context = web_context(request)
    return staff_page(
        "message_texts.html",
        viewer,
        "messages",
        path="/messages/texts",
        previews=await run_in_threadpool(_read, context, chosen),
        chosen=chosen,
        languages=LANGUAGES,
        kind_text=lambda kind: viewer.words.text(KIND_TEXTS[kind]),
        when_text=lambda kind: viewer.words.text(WHEN_TEXTS[kind]),
        segment_cost_minor=context.sending_rules(viewer.shop).segment_cost_minor,
    )


def _read(context: WebContext, language: str) -> Sequence[MessagePreview]:
    with context.reading() as unit:
        return preview_messages(unit, context.ctx, language)
