"""A photo of a customer's code, taken with the tablet's camera from the search (rows 80, 85, 103, 104)."""

from fastapi import APIRouter, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.till.actions import TillActions, perform
from checkout.web.context import web_context
from checkout.web.pages.till import OwnLane, newest
from checkout.web.session import Seller
from loyalty.errors import ConflictError

router = APIRouter()

UPLOAD_PATH = "/till-photo"
_MAX_BYTES = 8 * 1024 * 1024


@router.post(UPLOAD_PATH + "/{number}")
async def post_photo(lane: OwnLane, request: Request, viewer: Seller) -> Response:
    """The first code on the photo, as if a scanner had read it; the photo itself is kept nowhere.

    Raises:
        HTTPException: 404 where the shop takes no photos.
    """
    context = web_context(request)
    if context.read_codes is None or not newest(context, lane).view.full.adds.by_code:
        raise HTTPException(404, "no_photos")
    async with request.form(max_files=1, max_fields=4) as form:
        sent = form.get("photo")
        picture = await sent.read(_MAX_BYTES) if isinstance(sent, UploadFile) else b""
    codes = await run_in_threadpool(context.read_codes, picture) if picture else []
    if not codes:
        return _to(request, f"/till/{lane.number}/member?said=no_code")
    actions = TillActions(context.station, lane, viewer.staff)
    there = f"/till/{lane.number}"
    try:
        refused = await perform(actions, actions.read(codes[0]))
    except ConflictError:
        return _to(request, f"{there}?refused=sale_changed")
    return _to(request, there if refused is None else f"{there}?refused={refused.reason.value}")


def _to(request: Request, path: str) -> Response:
    """There with a page of its own, also where htmx sent the photo as soon as it was taken."""
    if "hx-request" in request.headers:
        return Response(status_code=204, headers={"hx-redirect": path})
    return RedirectResponse(path, 303)
