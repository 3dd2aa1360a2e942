"""The till page of a lane, and the same as data."""

from collections import defaultdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from checkout.live import Change
from checkout.programme.typed import Typed
from checkout.till.build import LaneView
from checkout.web.context import WebContext, web_context
from checkout.web.rendering import page
from checkout.web.session import Seller, SignedInStaff, seller
from checkout.web.till_page import till_fields
from checkout.words.reasons import REFUSALS
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission

router = APIRouter()

LANE_COOKIE = "comptoir_lane"
DONE_TEXTS = {
    "receipt": "The receipt is on its way",
    "code": "A code is on its way to the member’s phone; it is good for five minutes",
    "held": "The sale is set aside; any lane can take it up again",
    "linked": "The card is linked: paying with it shows who they are",
    "proven": "The code is right: the member is verified for this sale",
}


class ItemButton(BaseModel):
    """One button of the catalogue."""

    id: UUID
    name: str
    price_minor: int


class Shelf(BaseModel):
    """A category with its items; without a name those of none."""

    name: str
    goods: list[ItemButton]


def find_lane(request: Request, number: int) -> Lane:
    """A lane of this station.

    Raises:
        HTTPException: 404 for any other number.
    """
    lane = web_context(request).station.lanes.numbered(number)
    if lane is None:
        raise HTTPException(404, "lane_unknown")
    return lane


def own_lane(number: int, request: Request, _viewer: Annotated[SignedInStaff, Depends(seller)]) -> Lane:
    """The lane that this browser took; another lane's posts and streams are refused (row 211).

    Raises:
        HTTPException: 404 for a lane that there is not, 403 for one that this browser did not take.
    """
    lane = find_lane(request, number)
    if request.cookies.get(LANE_COOKIE) != str(number):
        raise HTTPException(403, "other_lane")
    return lane


OwnLane = Annotated[Lane, Depends(own_lane)]


def newest(context: WebContext, lane: Lane) -> Change[LaneView]:
    """The lane as it is now.

    Raises:
        HTTPException: 503 in the first moments of the process.
    """
    change = context.station.feeds.newest(lane.number)
    if change is None:
        raise HTTPException(503, "busy")
    return change


@router.get("/till/{number}")
async def till(number: int, request: Request, viewer: Seller, refused: str = "", done: str = "") -> Response:
    lane = find_lane(request, number)
    taken = request.cookies.get(LANE_COOKIE)
    if taken not in {None, str(number)} and not viewer.staff.may(Permission.MANAGE_SHOP):
        return RedirectResponse("/lanes", 303)
    words = viewer.words
    answer = await whole_page(
        request,
        lane,
        viewer,
        flash=words.text(REFUSALS[refused]) if refused in REFUSALS else None,
        done=words.text(DONE_TEXTS[done]) if done in DONE_TEXTS else None,
    )
    if taken != str(number):
        is_secure = web_context(request).is_secure
        answer.set_cookie(LANE_COOKIE, str(number), path="/", secure=is_secure, httponly=True, samesite="lax")
    return answer


async def whole_page(
    request: Request,
    lane: Lane,
    viewer: SignedInStaff,
    *,
    flash: str | None = None,
    done: str | None = None,
    typed: Typed | None = None,
    faults: tuple[str, ...] = (),
) -> HTMLResponse:
    """The till as it is now.

    Args:
        request: Asked for it.
        lane: Whose till.
        viewer: Who reads it.
        flash: Why something was not done.
        done: What was done.
        typed: What a refused form held; what belongs to another sale than the one shown is left out.
        faults: The fields that it is about.
    """
    context = web_context(request)
    change = newest(context, lane)
    view = change.view.seen_by(viewer.staff)
    shown = str(view.sale.id) if view.sale is not None else ""
    fields = till_fields(view, change.number, viewer)
    if typed is not None and typed.one("sale") in ("", shown):
        fields.update(typed=typed, faults=faults)
    return page(
        "till.html",
        viewer.words,
        status=422 if typed is not None else 200,
        shop_name=viewer.shop.name,
        is_demo=viewer.shop.is_demo,
        staff_name=viewer.staff.display_name,
        redeeming_held_since=viewer.redeeming_held_since,
        here=f"/till/{lane.number}",
        shelves=await run_in_threadpool(_shelves, context),
        flash=flash,
        done=done,
        **fields,
    )


@router.get("/till/{number}/state")
async def state(lane: OwnLane, request: Request, viewer: Seller) -> JSONResponse:
    """The view model as JSON, masked for the viewer."""
    change = newest(web_context(request), lane)
    view = change.view.seen_by(viewer.staff)
    return JSONResponse({"number": change.number, **view.model_dump(mode="json")})


def _shelves(context: WebContext) -> list[Shelf]:
    with context.reading() as unit:
        categories, items = unit.catalogue.categories(), unit.catalogue.items()
    goods: dict[UUID | None, list[ItemButton]] = defaultdict(list)
    for item in items:
        goods[item.category_id].append(ItemButton(id=item.id, name=item.name, price_minor=item.price_minor))
    shelves = [
        Shelf(name=category.name, goods=goods.pop(category.id))
        for category in categories
        if category.id in goods
    ]
    rest = [button for buttons in goods.values() for button in buttons]
    return [*shelves, Shelf(name="", goods=rest)] if rest else shelves
