"""A device from afar: its screen, where staff at it let that be seen, and the last lines of its programs."""

from typing import get_args

from fastapi import APIRouter, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.fleet_desk.distant_looks import KEPT, DistantView
from checkout.web.context import WebContext, web_context
from checkout.web.pages.receipt_settings import DeviceManager
from checkout.web.staff_page import staff_page, typed_form
from loyalty.domain.audit import AuditAction
from loyalty.services.audit import note_deed
from messaging.station.distant_look import LookKind

router = APIRouter(prefix="/devices/{name}/look")

WHY_NOT = {
    "not_allowed": "Nobody has let this screen be seen. At the device: touch the shop’s name for a while, "
    "type the staff code, and touch “Mirror, 15 min”. Then ask again.",
    "in_use": "A customer is being served at this screen, so no picture leaves it. Ask again in a moment.",
    "no_screen": "This device has no screen.",
    "no_answer": "The screen did not draw its picture. If that stays so, start the kiosk anew and look at "
    "its last lines.",
    "no_log": "The device has no lines to show: the account of its update agent may not read the system’s "
    "journal, or nothing was written yet.",
    "away": "The broker is away, so nobody can be asked. Ask again once the line at the top is green.",
    "silent": "No answer came. The device is off or away, or its program is older than this page.",
    "unreadable": "What came was no picture and no text.",
}


@router.get("")
async def look_page(name: str, request: Request, viewer: DeviceManager) -> Response:
    context = web_context(request)
    _device(context, name)
    looks = context.station.looks
    picture, log = looks.of(name, "picture"), looks.of(name, "log")
    return staff_page(
        "device_look.html",
        viewer,
        "devices",
        path=f"/devices/{name}/look",
        device=name,
        picture=picture,
        log=log,
        lines="\n".join(reversed(log.content.decode("utf-8", "replace").splitlines())) if log else "",
        why_not=WHY_NOT,
        minutes_kept=int(KEPT.total_seconds() // 60),
        is_waiting=any(each is not None and each.is_waiting for each in (picture, log)),
    )


@router.post("")
async def post_look(name: str, request: Request, viewer: DeviceManager) -> Response:
    """Ask; noted first, so that nobody looks unseen."""
    context = web_context(request)
    _device(context, name)
    what = (await typed_form(request)).one("what")
    kind: LookKind | None = next((each for each in get_args(LookKind) if each == what), None)
    if kind is None:
        raise HTTPException(422)
    await context.write(
        lambda unit: note_deed(
            unit,
            context.ctx,
            viewer.staff,
            action=AuditAction.DEVICE_LOOKED_AT,
            subject=f"device:{name}",
            params={"what": kind},
        )
    )
    await run_in_threadpool(context.station.looks.ask, name, kind)
    return RedirectResponse(f"/devices/{name}/look#{kind}", 303)


@router.get("/picture")
async def picture_file(name: str, request: Request, viewer: DeviceManager, id: str = "") -> Response:  # noqa: A002
    """The picture that is shown, by the number of its question; nobody keeps it."""
    del viewer
    context = web_context(request)
    _device(context, name)
    found: DistantView | None = context.station.looks.of(name, "picture")
    if found is None or not found.content or str(found.look) != id:
        raise HTTPException(404)
    return Response(found.content, media_type="image/jpeg", headers={"Cache-Control": "no-store"})


def _device(context: WebContext, name: str) -> None:
    if context.station.lanes.of_device(name) is None:
        raise HTTPException(404)
