"""The till page of a lane, and the same as data."""

from collections import defaultdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from checkout.live import Change
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
    context = web_context(request)
    change = newest(context, lane)
    shelves = await run_in_threadpool(_shelves, context)
    words = viewer.words
    answer = page(
        "till.html",
        words,
        shop_name=viewer.shop.name,
        is_demo=viewer.shop.is_demo,
        staff_name=viewer.staff.display_name,
        redeeming_held_since=viewer.redeeming_held_since,
        here=f"/till/{number}",
        shelves=shelves,
        flash=words.text(REFUSALS[refused]) if refused in REFUSALS else None,
        done=words.text(DONE_TEXTS[done]) if done in DONE_TEXTS else None,
        **till_fields(change.view.seen_by(viewer.staff), change.number, viewer),
    )
    if taken != str(number):
        answer.set_cookie(
            LANE_COOKIE, str(number), path="/", secure=context.is_secure, httponly=True, samesite="lax"
        )
    return answer


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
