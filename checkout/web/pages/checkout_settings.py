"""Customers at the checkout: who adds them, what is read, what their screen asks (rows 26, 30, 85-157)."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import FieldReader, Problem, Typed, whole_of
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import staff_page, typed_form
from loyalty.domain.booking.by_hand import MAX_BY_HAND
from loyalty.domain.checkout_settings import CheckoutSettings, SignInScreen
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.services.decide_settings import (
    CHECKOUT_SETTINGS,
    LastChange,
    change_checkout,
    last_change,
    set_staff_code,
)
from messaging.staff_code import CODE, verifier_of

router = APIRouter(prefix="/settings/checkout")

_YES = "yes"
_SWITCHES = (
    "adds_during_checkout",
    "adds_after_checkout",
    "scans_customer_codes",
    "shows_search_scan",
    "enrols_at_kiosk",
)


async def shopkeeper(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of these pages."""
    viewer.require(Permission.MANAGE_SHOP)
    return viewer


Shopkeeper = Annotated[SignedInStaff, Depends(shopkeeper)]


@router.get("")
async def checkout_page(request: Request, viewer: Shopkeeper, done: str = "") -> Response:
    settings, _, _ = await run_in_threadpool(_read, web_context(request))
    return await _page(request, viewer, _typed(settings), {}, is_saved=done in {"saved", "code"})


@router.post("")
async def post_checkout(request: Request, viewer: Shopkeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    reader = FieldReader(typed, viewer.shop.currency)
    switches: dict[str, Any] = {name: typed.one(name) == _YES for name in _SWITCHES}
    wanted = CheckoutSettings(
        **switches,
        redeems_away_points=reader.whole("redeems_away_points", 0, MAX_BY_HAND),
        sign_in_screen=SignInScreen(reader.choice("sign_in_screen", tuple(SignInScreen), SignInScreen.START)),
    )
    if reader.problems:
        return await _page(request, viewer, typed, reader.problems)
    expected = whole_of(typed.one("revision"))
    saved = await context.write(
        lambda unit: change_checkout(unit, context.ctx, viewer.staff, wanted, expected=expected)
    )
    if isinstance(saved, Refused):
        now, _, _ = await run_in_threadpool(_read, context)
        again = typed.with_one("revision", str(now.revision))
        return await _page(request, viewer, again, {"revision": Problem.of(saved)})
    context.station.settings_changed()
    return RedirectResponse("/settings/checkout?done=saved", 303)


@router.post("/staff-code")
async def post_staff_code(request: Request, viewer: Shopkeeper) -> Response:
    """The code of the staff corner on customers' screens; an empty one closes it."""
    context, typed = web_context(request), await typed_form(request)
    code = typed.one("staff_code").strip()
    settings, _, _ = await run_in_threadpool(_read, context)
    if code and not CODE.fullmatch(code):
        return await _page(request, viewer, _typed(settings), {"staff_code": Problem("staff_code_invalid")})
    verifier = await run_in_threadpool(verifier_of, code) if code else ""
    await context.write(lambda unit: set_staff_code(unit, context.ctx, viewer.staff, verifier))
    context.station.settings_changed()
    return RedirectResponse("/settings/checkout?done=code", 303)


def _typed(settings: CheckoutSettings) -> Typed:
    switches = [(name, _YES) for name in _SWITCHES if getattr(settings, name)]
    return Typed.of(
        [
            *switches,
            ("sign_in_screen", settings.sign_in_screen.value),
            ("redeems_away_points", str(settings.redeems_away_points)),
            ("revision", str(settings.revision)),
        ]
    )


async def _page(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    is_saved: bool = False,
) -> Response:
    settings, changed, is_active = await run_in_threadpool(_read, web_context(request))
    return staff_page(
        "checkout_settings.html",
        viewer,
        "checkout_settings",
        path="/settings/checkout",
        status=(409 if "revision" in problems else 422) if problems else 200,
        typed=typed,
        problems=problems,
        changed=changed,
        is_saved=is_saved,
        is_active=is_active,
        has_staff_code=bool(settings.staff_code_verifier),
    )


def _read(context: WebContext) -> tuple[CheckoutSettings, LastChange | None, bool]:
    with context.reading() as unit:
        programme = unit.programme.current()
        is_active = programme is not None and programme.is_active
        return unit.programme.settings().checkout, last_change(unit, CHECKOUT_SETTINGS), is_active
