"""How the store's parts are, and what could not be taken. No personal data: reasons, names of devices."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.web.context import WebContext, web_context
from checkout.web.rendering import page
from checkout.web.session import Viewer
from checkout.words.reasons import reason_text
from loyalty.domain.delivery import DeadLetter
from loyalty.domain.staff import Permission

router = APIRouter()

_LETTERS_SHOWN = 50


@dataclass(frozen=True)
class Stored:
    """What the database says."""

    letters: Sequence[DeadLetter]
    letters_count: int
    outbound_waiting: int
    messages_waiting: int
    messages_undecided: int


@router.get("/health")
async def health(request: Request, viewer: Viewer) -> Response:
    context = web_context(request)
    stored = await run_in_threadpool(_read, context)
    station = context.station
    return page(
        "health.html",
        viewer.words,
        shop_name=viewer.shop.name,
        is_demo=viewer.shop.is_demo,
        staff_name=viewer.staff.display_name,
        place=viewer.words.text("Health"),
        here="/health",
        timezone=viewer.shop.timezone,
        trouble=viewer.trouble,
        privacy=viewer.privacy,
        ways_away=station.courier.ways_away(),
        broker_up=station.devices.is_broker_up,
        has_broker=station.link is not None,
        writer=station.writer.figures(),
        writer_alive=station.writer.is_alive,
        courier_alive=station.courier.is_alive,
        lanes=[
            (lane, station.devices.view(lane.device), station.devices.state(lane.device or ""))
            for lane in station.lanes.all()
        ],
        stored=stored,
        may_decide=viewer.staff.may(Permission.MANAGE_MESSAGES),
        dead_reason=lambda code: reason_text(viewer.words, code, {}, viewer.shop.currency),
    )


def _read(context: WebContext) -> Stored:
    with context.reading() as unit:
        return Stored(
            letters=unit.dead_letters.recent(_LETTERS_SHOWN),
            letters_count=unit.dead_letters.count(),
            outbound_waiting=len(unit.outbound.unpublished(100)),
            messages_waiting=len(unit.messages.queued(100)),
            messages_undecided=len(unit.deliveries.undecided(100)),
        )
