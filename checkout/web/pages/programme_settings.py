"""What goes with the programme: the birthday's gift, notices before points expire, flags."""

import asyncio

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.settings_form import read_settings, settings_typed
from checkout.programme.typed import FieldReader, Problem, Typed, whole_of
from checkout.web.context import WebContext, web_context
from checkout.web.pages.programme import ProgrammeKeeper
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import shop_now, staff_page, typed_form, wording_for
from checkout.writer import Priority
from loyalty.domain.loyalty_settings import LoyaltySettings
from loyalty.domain.why import Refused
from loyalty.services.decide_settings import PROGRAMME_SETTINGS, LastChange, change_settings, last_change

router = APIRouter(prefix="/programme/settings")


@router.get("")
async def settings_page(request: Request, viewer: ProgrammeKeeper, done: str = "") -> Response:
    settings, _ = await run_in_threadpool(_read, web_context(request))
    return await _page(request, viewer, settings_typed(settings), {}, is_saved=done == "saved")


@router.post("")
async def post_settings(request: Request, viewer: ProgrammeKeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    now, _ = await run_in_threadpool(_read, context)
    reader = FieldReader(typed, viewer.shop.currency)
    wanted = read_settings(reader, now)
    if wanted is None:
        return await _page(request, viewer, typed, reader.problems)
    expected = whole_of(typed.one("revision"))
    saved = await asyncio.wrap_future(
        context.station.writer.submit(
            Priority.STAFF,
            lambda unit: change_settings(unit, context.ctx, viewer.staff, wanted, expected=expected),
        )
    )
    if isinstance(saved, Refused):
        again = typed.with_one("revision", str(now.revision))
        return await _page(request, viewer, again, {"revision": Problem.of(saved)})
    return RedirectResponse("/programme/settings?done=saved", 303)


async def _page(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    is_saved: bool = False,
) -> Response:
    context = web_context(request)
    now = await shop_now(context)
    _, changed = await run_in_threadpool(_read, context)
    return staff_page(
        "programme_settings.html",
        viewer,
        "programme",
        path="/programme/settings",
        wording=wording_for(viewer, now),
        status=(409 if "revision" in problems else 422) if problems else 200,
        typed=typed,
        problems=problems,
        changed=changed,
        is_saved=is_saved,
    )


def _read(context: WebContext) -> tuple[LoyaltySettings, LastChange | None]:
    with context.reading() as unit:
        return unit.programme.settings(), last_change(unit, PROGRAMME_SETTINGS)
