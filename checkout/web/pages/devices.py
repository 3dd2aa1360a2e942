"""The devices of the shop: what they are like, new ones that want to join, and shutting one out (row 204)."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.errors import SignerError
from checkout.pairing.office import PairingOffice
from checkout.programme.typed import Problem, Typed, whole_of
from checkout.web.context import WebContext, web_context
from checkout.web.pages.receipt_settings import DeviceManager
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page, typed_form, typed_query
from loyalty.domain.shop import Lane, LaneSound
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.services.keep_lanes import MAX_LANE_NUMBER, LaneDraft, add_lane, change_lane, set_lane_sound
from messaging.pairing_code import CODE_DIGITS, DEVICES_PATH

VOLUMES = {0: "No sound", 25: "Quiet", 50: "Normal", 80: "Loud"}
"""In percent, with what staff read."""

router = APIRouter(prefix=DEVICES_PATH)

DEVICE_DONE = {
    "joined": "The device is in. Touch “Yes, it is accepted” on its screen.",
    "shut_out": "The device is shut out.",
    "refused": "The device was sent away.",
    "sound": "The screen’s sound is set.",
}


@router.get("")
async def devices_page(request: Request, viewer: DeviceManager, done: str = "") -> Response:
    """With the digits of the address where a phone read them off a device's screen."""
    code = typed_query(request).one("code")
    is_code = len(code) == CODE_DIGITS and code.isdecimal() and code.isascii()
    typed = Typed({"code": (f"{code[:3]} {code[3:]}",)} if is_code and not done else {})
    return await _page(request, viewer, typed, {}, done=done, was_read=bool(typed.values))


@router.post("/join")
async def post_join(request: Request, viewer: DeviceManager) -> Response:
    """The code from a device's screen lets that device in; a device that stood at the lane is shut out."""
    context, typed = web_context(request), await typed_form(request)
    office, code = context.pairing, typed.one("code").replace(" ", "")
    number = whole_of(typed.one("lane"))
    if office is None:
        return await _page(request, viewer, typed, {"code": Problem("pairing_off")})
    if len(code) != CODE_DIGITS or not code.isdecimal() or not code.isascii():
        return await _page(request, viewer, typed, {"code": Problem("pairing_code_form")})
    if not 1 <= number <= MAX_LANE_NUMBER:
        return await _page(request, viewer, typed, {"lane": Problem("pairing_lane")})
    lane = await run_in_threadpool(_lane, context, number)
    try:
        decision, name = await run_in_threadpool(office.accept, code, number)
    except SignerError:
        return await _page(request, viewer, typed, {"code": Problem("pairing_nobody_signs")})
    if decision != "accepted" or name is None:
        return await _page(request, viewer, typed, {"code": Problem(f"pairing_{decision}")})
    kept = await _give(context, viewer, lane, number, name)
    old = lane.device if lane is not None else None
    await _shut_out(office, name if isinstance(kept, Refused) else old)
    if isinstance(kept, Refused):
        return await _page(request, viewer, typed, {"lane": Problem.of(kept)})
    context.station.settings_changed()
    return RedirectResponse("/devices?done=joined", 303)


@router.post("/{name}/shut-out")
async def post_shut_out(name: str, request: Request, viewer: DeviceManager) -> Response:
    """Revoke a device: its certificate, its lane and its open session, at once."""
    context = web_context(request)
    lane = await run_in_threadpool(_lane_of, context, name)
    if lane is None:
        return await _page(request, viewer, Typed({}), {"shut_out": Problem("device_unknown")})
    if context.pairing is not None:
        try:
            await run_in_threadpool(context.pairing.revoke, name)
        except SignerError:
            return await _page(request, viewer, Typed({}), {"shut_out": Problem("pairing_nobody_signs")})
    draft = LaneDraft(lane.number, "", lane.is_training)
    await context.write(lambda unit: change_lane(unit, context.ctx, lane.id, draft, viewer.staff))
    context.station.settings_changed()
    return RedirectResponse("/devices?done=shut_out", 303)


@router.post("/{name}/sound")
async def post_sound(name: str, request: Request, viewer: DeviceManager) -> Response:
    """What this device's screen lets hear."""
    context, typed = web_context(request), await typed_form(request)
    lane = await run_in_threadpool(_lane_of, context, name)
    volume = whole_of(typed.one("volume"))
    if lane is None:
        return await _page(request, viewer, Typed({}), {"shut_out": Problem("device_unknown")})
    try:
        sound = LaneSound(volume, typed.has("cues", "1"), typed.has("speech", "1"))
    except ValueError:
        return await _page(request, viewer, Typed({}), {"shut_out": Problem("volume_invalid")})
    await context.write(lambda unit: set_lane_sound(unit, context.ctx, lane.id, sound, viewer.staff))
    context.station.settings_changed()
    return RedirectResponse("/devices?done=sound", 303)


@router.post("/send-away")
async def post_send_away(request: Request, viewer: DeviceManager) -> Response:
    """Whoever knocks now is nobody of ours."""
    viewer.require(Permission.MANAGE_DEVICES)
    office = web_context(request).pairing
    if office is not None:
        for knocking in office.desk.waiting():
            office.desk.refuse(knocking.id)
    return RedirectResponse("/devices?done=refused", 303)


async def _give(
    context: WebContext, viewer: SignedInStaff, lane: Lane | None, number: int, name: str
) -> Lane | Refused:
    draft = LaneDraft(number, name, is_training=lane.is_training if lane is not None else False)
    if lane is None:
        return await context.write(lambda unit: add_lane(unit, context.ctx, draft, viewer.staff))
    return await context.write(lambda unit: change_lane(unit, context.ctx, lane.id, draft, viewer.staff))


async def _shut_out(office: PairingOffice, name: str | None) -> None:
    if name is not None:
        await run_in_threadpool(office.revoke, name)


def _lane(context: WebContext, number: int) -> Lane | None:
    with context.reading() as unit:
        lane = unit.lanes.by_number(number)
    return lane if lane is not None and lane.is_active else None


def _lane_of(context: WebContext, name: str) -> Lane | None:
    with context.reading() as unit:
        return unit.lanes.by_device(name)


async def _page(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    done: str = "",
    was_read: bool = False,
) -> Response:
    context = web_context(request)
    lanes = await run_in_threadpool(_lanes, context)
    states = context.station.devices
    shown = dict(typed.values)
    free = next((lane.number for lane in lanes if lane.device is None), None)
    shown.setdefault("lane", (str(free or len(lanes) + 1),))
    return staff_page(
        "devices.html",
        viewer,
        "devices",
        path="/devices",
        status=422 if problems else 200,
        typed=Typed(shown),
        problems=problems,
        devices=[
            (lane, states.view(lane.device), states.state(lane.device))
            for lane in lanes
            if lane.device is not None
        ],
        lanes=lanes,
        waiting=context.pairing.desk.waiting() if context.pairing is not None else (),
        is_pairing=context.pairing is not None,
        port=context.pairing.port if context.pairing is not None else 0,
        done=DEVICE_DONE.get(done, ""),
        was_read=was_read,
        volumes=VOLUMES,
    )


def _lanes(context: WebContext) -> list[Lane]:
    with context.reading() as unit:
        return [lane for lane in unit.lanes.all() if lane.is_active]
