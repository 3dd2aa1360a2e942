"""What everybody may change about their own account: the password, and the PIN for the till (row 213)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.people.permission_words import role_name
from checkout.programme.typed import Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.pages.till import OwnLane
from checkout.web.rendering import page
from checkout.web.session import Seller, SignedInStaff, Viewer, set_session_cookie
from checkout.web.staff_page import staff_page, typed_form
from checkout.web.watch import SessionWatch
from checkout.words.reasons import reason_text
from loyalty.domain.why import Refusal, Refused
from loyalty.services.claim import MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS
from loyalty.services.own_password import change_own_password
from loyalty.services.pin import MAX_PIN_DIGITS, PinHolder, drop_pin, pin_holders, set_pin, switch_by_pin

router = APIRouter()


@router.get("/account")
async def account(request: Request, viewer: Viewer, done: str = "") -> Response:
    return await _page(request, viewer, Typed({}), {}, done=done)


@router.post("/account/password")
async def post_password(request: Request, viewer: Viewer) -> Response:
    context, typed = web_context(request), await typed_form(request)
    changed = await run_in_threadpool(
        lambda: change_own_password(
            context.open_unit,
            context.ctx,
            context.hasher,
            viewer.staff,
            password=typed.one("password"),
            new=typed.one("new"),
        )
    )
    if isinstance(changed, Refused):
        field = "new" if changed.reason is Refusal.PASSWORD_TOO_SHORT else "password"
        return await _page(request, viewer, typed, {field: Problem.of(changed)})
    answer = RedirectResponse("/account?done=password", 303)
    set_session_cookie(answer, context, changed.token)
    return answer


@router.post("/account/pin")
async def post_pin(request: Request, viewer: Viewer) -> Response:
    context, typed = web_context(request), await typed_form(request)
    if typed.one("go") == "drop":
        await context.write(lambda unit: drop_pin(unit, context.ctx, viewer.staff))
        return RedirectResponse("/account?done=dropped", 303)
    refused = await run_in_threadpool(
        lambda: set_pin(
            context.open_unit,
            context.ctx,
            context.hasher,
            viewer.staff,
            password=typed.one("pin_password"),
            pin=typed.one("pin").strip(),
        )
    )
    if refused is not None:
        field = "pin" if refused.reason is Refusal.PIN_INVALID else "pin_password"
        return await _page(request, viewer, typed, {field: Problem.of(refused)})
    return RedirectResponse("/account?done=pin", 303)


@router.get("/till/{number}/switch")
async def switch_page(lane: OwnLane, request: Request, viewer: Seller) -> Response:
    return await _switch_page(request, viewer, lane.number, None, None)


@router.post("/till/{number}/switch")
async def post_switch(
    lane: OwnLane,
    request: Request,
    viewer: Seller,
    who: Annotated[UUID, Form()],
    pin: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Somebody else takes over this till; the session before ends."""
    context = web_context(request)
    found = await run_in_threadpool(
        lambda: switch_by_pin(
            context.open_unit,
            context.ctx,
            context.hasher,
            session_id=viewer.session_id,
            staff_id=who,
            pin=pin.strip(),
        )
    )
    if isinstance(found, Refused):
        return await _switch_page(request, viewer, lane.number, who, found)
    watch: SessionWatch = request.app.state.watch
    watch.close(viewer.token)
    answer = RedirectResponse(f"/till/{lane.number}", 303)
    set_session_cookie(answer, context, found.token)
    return answer


async def _page(
    request: Request, viewer: SignedInStaff, typed: Typed, problems: dict[str, Problem], *, done: str = ""
) -> Response:
    context = web_context(request)

    def has_pin() -> bool:
        with context.reading() as unit:
            return unit.staff.pin_of(viewer.staff.id) is not None

    return staff_page(
        "own_account.html",
        viewer,
        "account",
        path="/account",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        role_title=role_name(viewer.staff.role, viewer.words),
        login=viewer.staff.login,
        has_pin=await run_in_threadpool(has_pin),
        min_chars=MIN_PASSWORD_CHARS,
        max_password=MAX_PASSWORD_CHARS,
        max_pin=MAX_PIN_DIGITS,
        done=done,
    )


def _holders(context: WebContext) -> list[PinHolder]:
    with context.reading() as unit:
        return pin_holders(unit)


async def _switch_page(
    request: Request, viewer: SignedInStaff, number: int, who: UUID | None, refused: Refused | None
) -> Response:
    words = viewer.words
    return page(
        "switch.html",
        words,
        status=200 if refused is None else 422,
        shop_name=viewer.shop.name,
        is_demo=viewer.shop.is_demo,
        here=f"/till/{number}/switch",
        number=number,
        who=who,
        holders=await run_in_threadpool(_holders, web_context(request)),
        max_pin=MAX_PIN_DIGITS,
        refusal=reason_text(words, refused.reason.value, refused.params, viewer.shop.currency)
        if refused is not None
        else None,
    )
