"""Short slides that show how the counter works (row 165)."""

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.web.pages.till import LANE_COOKIE
from checkout.web.session import Seller
from checkout.web.staff_page import staff_page

router = APIRouter(prefix="/tutorial")

SLIDES = ("enrol", "sell", "reward", "return", "keys")
"""In the order in which they are read; each is a part of the template."""


@router.get("")
async def first_slide(_viewer: Seller) -> Response:
    return RedirectResponse(f"/tutorial/{SLIDES[0]}", 303)


@router.get("/{slide}")
async def one_slide(slide: str, request: Request, viewer: Seller) -> Response:
    """A slide with the way to the one before and the one after.

    Raises:
        HTTPException: 404 where there is no such slide.
    """
    if slide not in SLIDES:
        raise HTTPException(404, "slide_unknown")
    place = SLIDES.index(slide)
    lane = request.cookies.get(LANE_COOKIE, "")
    return staff_page(
        "tutorial.html",
        viewer,
        "tutorial",
        path=f"/tutorial/{slide}",
        slide=slide,
        number=place + 1,
        slides=SLIDES,
        before=SLIDES[place - 1] if place else None,
        after=SLIDES[place + 1] if place + 1 < len(SLIDES) else None,
        lane=int(lane) if lane.isascii() and lane.isdecimal() and len(lane) < 5 else None,
    )
