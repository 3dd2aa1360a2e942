"""The demo's one page: kiosk, till, the member's phone and hands at the counter, side by side.

Mounted only where ``[checkout.demo]`` is configured; on loopback only, behind a token per run, on the
demo's own data only.
"""

import asyncio
import base64
import binascii
import hmac
import re
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form, HTTPException, UploadFile
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from checkout.errors import SimulationError
from checkout.messages.outbox_file import read_messages
from checkout.simulation import ask_simulation
from checkout.web.context import DemoDoor, WebContext, web_context
from checkout.web.pages.till import LANE_COOKIE
from checkout.web.rendering import page
from checkout.web.session import set_session_cookie, words_of
from checkout.writer import Priority
from codes import Rejected
from loyalty.domain.shop import ShopSettings
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.group_members import put_in_group
from loyalty.services.sign_in import SignedIn, start_session
from loyalty.services.status_page import status_page

DEMO_COOKIE = "comptoir_demo"
DEMO_LOGIN = "demo"
_LINK = re.compile(r"https?://\S+/s/([A-Za-z0-9_-]{20,100})")


def demo_door(request: Request) -> DemoDoor:
    """The demo, for a browser that came with this run's token.

    Raises:
        HTTPException: 404 without the token, or on a database that is not the demo's.
    """
    door = web_context(request).demo
    if door is None or not _is_token(door, request.cookies.get(DEMO_COOKIE, "")):
        raise HTTPException(404, "not_found")
    return door


async def demo_shop(request: Request) -> ShopSettings:
    """The demo's shop.

    Raises:
        HTTPException: 404 for any other shop's data.
    """
    shop = await run_in_threadpool(web_context(request).settings)
    if not shop.is_demo:
        raise HTTPException(404, "not_found")
    return shop


Demo = Annotated[DemoDoor, Depends(demo_door)]
Shop = Annotated[ShopSettings, Depends(demo_shop)]

router = APIRouter(dependencies=[Depends(demo_shop)])


@router.get("/demo")
async def demo(request: Request, shop: Shop, token: str = "") -> Response:
    context = web_context(request)
    if token:
        if context.demo is None or not _is_token(context.demo, token):
            raise HTTPException(404, "not_found")
        return await _enter(context, token)
    demo_door(request)
    words = words_of(request, shop)
    lane = request.cookies.get(LANE_COOKIE, "1")
    return page(
        "demo.html", words, shop_name=shop.name, is_demo=True, lane=int(lane) if lane.isdigit() else 1
    )


@router.get("/demo/kiosk")
async def kiosk_screen(door: Demo) -> Response:
    """The kiosk's picture as it is now."""
    answer = await _ask(door, do="mirror")
    try:
        picture = base64.b64decode(str(answer.get("image_base64", "")), validate=True)
    except binascii.Error:
        return JSONResponse({"error": "mirror"}, 503)
    kind = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
    return Response(picture, media_type=kind)


@router.post("/demo/touch")
async def touch(
    door: Demo, x: Annotated[float, Form(ge=0, le=1)], y: Annotated[float, Form(ge=0, le=1)]
) -> Response:
    await _ask(door, do="touch", x=x, y=y)
    return Response(status_code=204)


@router.post("/demo/type")
async def type_into_scanner(door: Demo, text: Annotated[str, Form(min_length=1, max_length=512)]) -> Response:
    await _ask(door, do="type", text=text)
    return Response(status_code=204)


@router.post("/demo/picture")
async def show_picture(door: Demo, picture: UploadFile) -> Response:
    data = await picture.read()
    await _ask(door, do="show_picture", png_base64=base64.b64encode(data).decode())
    return Response(status_code=204)


@router.post("/demo/code")
async def show_members_code(
    request: Request, door: Demo, how: Annotated[str, Form(pattern="^(camera|scanner|text)$")]
) -> Response:
    """Hold the newest member's phone, with its code of this minute, before the camera or the scanner.

    ``text`` answers with the code itself, for whoever wants to type it.
    """
    code = await run_in_threadpool(newest_code, web_context(request))
    if code is None:
        return JSONResponse({"error": "no_message_yet"}, 409)
    if how == "text":
        return PlainTextResponse(code)
    if how == "camera":
        await _ask(door, do="show_code", text=code)
    else:
        await _ask(door, do="type", text=code)
    return Response(status_code=204)


@router.post("/demo/friend")
async def befriend(
    request: Request, _door: Demo, group: Annotated[str, Form(min_length=1, max_length=100)]
) -> Response:
    """Put the newest member into a group, as staff do in the directory."""
    context = web_context(request)
    customer_id = await run_in_threadpool(newest_customer, context)
    if customer_id is None:
        return JSONResponse({"error": "no_message_yet"}, 409)

    def put(unit: UnitOfWork) -> bool:
        chosen = next((one for one in unit.groups.all() if one.name == group), None)
        staff = unit.staff.by_login(DEMO_LOGIN)
        if chosen is None or staff is None:
            return False
        put_in_group(unit, context.ctx, chosen.id, customer_id, staff[0])
        return True

    if not await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, put)):
        raise SimulationError(f"there is no group {group}")
    return Response(status_code=204)


@router.post("/demo/scanner")
async def plug_scanner(door: Demo, plugged: Annotated[bool, Form()]) -> Response:
    await _ask(door, do="plug" if plugged else "unplug")
    return Response(status_code=204)


@router.get("/demo/messages")
async def messages(request: Request, door: Demo, shop: Shop) -> Response:
    found = await run_in_threadpool(read_messages, door.messages_folder, 20)
    for message in found:
        text = str(message.get("body", ""))
        link = _LINK.search(text)
        message["before"], message["after"] = (
            (text[: link.start()], text[link.end() :]) if link is not None else (text, "")
        )
        message["path"] = f"/s/{link.group(1)}" if link is not None else None
        message["link"] = link.group(0) if link is not None else ""
    return page("_demo_messages.html", words_of(request, shop), messages=found)


def newest_code(context: WebContext) -> str | None:
    """The code on the status page that the newest message links to."""
    for message in read_messages(context.messages_folder):
        link = _LINK.search(str(message.get("body", "")))
        if link is not None:
            with context.reading() as unit:
                found = status_page(unit, context.ctx, link.group(1))
            return found.code if found is not None else None
    return None


def newest_customer(context: WebContext) -> UUID | None:
    """Whose card the newest message leads to."""
    card = context.ctx.verifier.verify(newest_code(context) or "")
    if isinstance(card, Rejected):
        return None
    with context.reading() as unit:
        held = unit.cards.holder(card.card_id)
    return held[1].customer.id if held is not None else None


async def _enter(context: WebContext, token: str) -> Response:
    """Signs the demo's owner in, at lane 1."""

    def start(unit: UnitOfWork) -> SignedIn | None:
        found = unit.staff.by_login(DEMO_LOGIN)
        return start_session(unit, context.ctx, found[0]) if found is not None else None

    signed = await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, start))
    answer = RedirectResponse("/demo", 303)
    answer.set_cookie(DEMO_COOKIE, token, path="/", httponly=True, samesite="strict")
    answer.set_cookie(LANE_COOKIE, "1", path="/", httponly=True, samesite="lax")
    if signed is not None:
        set_session_cookie(answer, context, signed.token)
    return answer


async def _ask(door: DemoDoor, **request: object) -> dict[str, object]:
    return await run_in_threadpool(lambda: ask_simulation(door.simulation_socket, **request))


def _is_token(door: DemoDoor, token: str) -> bool:
    return bool(door.token) and hmac.compare_digest(door.token.encode(), token.encode())
