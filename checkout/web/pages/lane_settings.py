"""The shop's lanes: which there are, what device stands there, which are for training (row 202)."""

from uuid import UUID

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import Problem, Typed, whole_of
from checkout.web.context import WebContext, web_context
from checkout.web.pages.receipt_settings import DeviceManager
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page, typed_form
from loyalty.domain.shop import Lane
from loyalty.domain.why import Refusal, Refused
from loyalty.services.keep_lanes import LaneDraft, add_lane, change_lane, retire_lane

router = APIRouter(prefix="/settings/lanes")

_FIELDS = {
    Refusal.LANE_NUMBER_INVALID: "number",
    Refusal.LANE_NUMBER_TAKEN: "number",
    Refusal.DEVICE_NAME_INVALID: "device",
    Refusal.DEVICE_TAKEN: "device",
}


@router.get("")
async def lanes_page(request: Request, viewer: DeviceManager, done: str = "") -> Response:
    return await _page(request, viewer, Typed({}), {}, done=done)


@router.post("")
async def post_lane(request: Request, viewer: DeviceManager) -> Response:
    context, typed = web_context(request), await typed_form(request)
    draft = _draft(typed, "new-")
    saved = await context.write(lambda unit: add_lane(unit, context.ctx, draft, viewer.staff))
    return await _answer(request, viewer, saved, typed, "new-")


@router.post("/{lane_id}")
async def post_change(lane_id: UUID, request: Request, viewer: DeviceManager) -> Response:
    context, typed = web_context(request), await typed_form(request)
    draft = _draft(typed, f"{lane_id}-")
    saved = await context.write(lambda unit: change_lane(unit, context.ctx, lane_id, draft, viewer.staff))
    return await _answer(request, viewer, saved, typed, f"{lane_id}-")


@router.post("/{lane_id}/retire")
async def post_retire(lane_id: UUID, request: Request, viewer: DeviceManager) -> Response:
    context = web_context(request)
    saved = await context.write(lambda unit: retire_lane(unit, context.ctx, lane_id, viewer.staff))
    return await _answer(request, viewer, saved, Typed({}), f"{lane_id}-")


def _draft(typed: Typed, prefix: str) -> LaneDraft:
    number = whole_of(typed.one(f"{prefix}number"))
    return LaneDraft(number, typed.one(f"{prefix}device"), typed.has(f"{prefix}training", "1"))


async def _answer(
    request: Request, viewer: SignedInStaff, saved: Lane | Refused, typed: Typed, prefix: str
) -> Response:
    if isinstance(saved, Refused):
        name = f"{prefix}{_FIELDS.get(saved.reason, 'device')}"
        return await _page(request, viewer, typed, {name: Problem.of(saved)})
    web_context(request).station.settings_changed()
    return RedirectResponse("/settings/lanes?done=saved", 303)


async def _page(
    request: Request, viewer: SignedInStaff, typed: Typed, problems: dict[str, Problem], *, done: str = ""
) -> Response:
    context = web_context(request)
    lanes, store = await run_in_threadpool(_read, context)
    shown = dict(typed.values)
    for lane in lanes:
        if f"{lane.id}-device" not in typed.values:
            shown[f"{lane.id}-device"] = (lane.device or "",)
            shown[f"{lane.id}-training"] = ("1",) if lane.is_training else ()
    free = next(number for number in range(1, 1000) if all(lane.number != number for lane in lanes))
    shown.setdefault("new-number", (str(free),))
    return staff_page(
        "lane_settings.html",
        viewer,
        "lane_settings",
        path="/settings/lanes",
        status=422 if problems else 200,
        typed=Typed(shown),
        problems=problems,
        lanes=[(lane, context.station.devices.view(lane.device)) for lane in lanes],
        store=store,
        is_saved=done == "saved",
    )


def _read(context: WebContext) -> tuple[list[Lane], str]:
    with context.reading() as unit:
        settings = unit.shop.settings()
        return [lane for lane in unit.lanes.all() if lane.is_active], settings.store if settings else ""
