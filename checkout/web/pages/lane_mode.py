"""Who sells in a lane: Comptoir, or another register beside it (row 195)."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import FieldReader, Problem, Typed
from checkout.web.context import web_context
from checkout.web.pages.catalogue import written
from checkout.web.pages.receipt_settings import ShopManager
from checkout.web.pages.till import find_lane
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page, typed_form
from loyalty.domain.shop import Lane
from loyalty.domain.why import Refused
from loyalty.services.register_sale import choose_who_sells

router = APIRouter(prefix="/lanes/{number}/mode")

_MODES = ("comptoir", "register")


@router.get("")
async def mode_page(number: int, request: Request, viewer: ShopManager, done: str = "") -> Response:
    lane = find_lane(request, number)
    typed = Typed.of([("mode", _MODES[lane.is_companion])])
    return _page(viewer, lane, typed, {}, is_saved=done == "saved")


@router.post("")
async def post_mode(number: int, request: Request, viewer: ShopManager) -> Response:
    lane, typed, context = find_lane(request, number), await typed_form(request), web_context(request)
    reader = FieldReader(typed, viewer.shop.currency)
    mode = reader.choice("mode", [*_MODES], _MODES[0])
    if not reader.problems:
        changed = await written(
            request,
            lambda unit: choose_who_sells(
                unit, context.ctx, lane.id, viewer.staff, is_companion=mode == _MODES[1]
            ),
        )
        if not isinstance(changed, Refused):
            context.station.settings_changed()
            return RedirectResponse(f"/lanes/{number}/mode?done=saved", 303)
        reader.refuse("mode", changed)
    return _page(viewer, lane, typed, reader.problems)


def _page(
    viewer: SignedInStaff,
    lane: Lane,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    is_saved: bool = False,
) -> Response:
    return staff_page(
        "lane_mode.html",
        viewer,
        "receipts",
        path=f"/lanes/{lane.number}/mode",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        lane=lane,
        is_saved=is_saved,
    )
