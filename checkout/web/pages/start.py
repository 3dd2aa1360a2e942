"""Where a browser begins: the start, the choice of a lane, the sign of life."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from checkout.web.context import web_context
from checkout.web.pages.sign_in import own_path
from checkout.web.pages.till import LANE_COOKIE, find_lane
from checkout.web.rendering import page
from checkout.web.session import LANGUAGE_COOKIE, STAFF_LANGUAGES, Seller, Viewer
from loyalty.domain.staff import Permission

router = APIRouter()

_AT_THE_DESK = (Permission.MANAGE_PROGRAMME, Permission.VIEW_REPORTS, Permission.ADJUST_POINTS)
"""Who holds one of these has more to do than to sell."""


@router.get("/")
async def start(request: Request, viewer: Viewer) -> Response:
    """A browser that took a lane goes to its till; who only sells, to theirs; everybody else home."""
    if not viewer.staff.may(Permission.SELL):
        return RedirectResponse("/home", 303)
    lanes = web_context(request).station.lanes.all()
    taken = request.cookies.get(LANE_COOKIE, "")
    if taken.isdigit() and any(lane.number == int(taken) for lane in lanes):
        return RedirectResponse(f"/till/{int(taken)}", 303)
    if any(viewer.staff.may(permission) for permission in _AT_THE_DESK):
        return RedirectResponse("/home", 303)
    if len(lanes) == 1:
        return RedirectResponse(f"/till/{lanes[0].number}", 303)
    return RedirectResponse("/lanes", 303)


@router.get("/lanes")
async def lanes_page(request: Request, viewer: Seller) -> Response:
    station = web_context(request).station
    return page(
        "lanes.html",
        viewer.words,
        shop_name=viewer.shop.name,
        is_demo=viewer.shop.is_demo,
        staff_name=viewer.staff.display_name,
        here="/lanes",
        place="",
        lanes=[(lane, station.devices.view(lane.device)) for lane in station.lanes.all()],
    )


@router.post("/lanes")
async def take_lane(
    request: Request, _viewer: Seller, number: Annotated[int, Form(ge=1, le=9999)]
) -> Response:
    """This browser works at that lane from now on, and at no other."""
    lane = find_lane(request, number)
    answer = RedirectResponse(f"/till/{lane.number}", 303)
    answer.set_cookie(
        LANE_COOKIE,
        str(lane.number),
        path="/",
        secure=web_context(request).is_secure,
        httponly=True,
        samesite="lax",
    )
    return answer


@router.get("/language")
async def language(request: Request, to: str = "", next: str = "/") -> Response:  # noqa: A002 - the query's name
    """Show this browser the pages in another language."""
    answer = RedirectResponse(own_path(next[:400]), 303)
    if to in STAFF_LANGUAGES:
        is_secure = web_context(request).is_secure
        answer.set_cookie(LANGUAGE_COOKIE, to, max_age=31_536_000, secure=is_secure, samesite="lax")
    return answer


@router.get("/alive")
async def alive() -> JSONResponse:
    """Whether the process serves; says nothing else."""
    return JSONResponse({"status": "ok"})
