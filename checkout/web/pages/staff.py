"""Staff accounts: the list, adding somebody, one account with its sessions (rows 74, 206)."""

from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.people.permission_words import role_name
from checkout.people.staff_list import StaffDetails, roles_of_people, staff_details, staff_lines
from checkout.programme.typed import Problem, Typed, uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.found_member import find_member
from checkout.web.pages.roles import StaffKeeper
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page, typed_form
from loyalty.domain.staff import Role
from loyalty.domain.why import Refusal, Refused
from loyalty.services.claim import MAX_LOGIN_CHARS, MAX_PASSWORD_CHARS, MIN_PASSWORD_CHARS
from loyalty.services.staff_accounts import (
    NewStaff,
    activate,
    add_staff,
    change_role,
    deactivate,
    end_session,
    give_password,
    link_customer,
)

router = APIRouter(prefix="/staff")

_FIELD_OF = {
    Refusal.NAME_INVALID: "login",
    Refusal.NAME_TAKEN: "login",
    Refusal.PASSWORD_TOO_SHORT: "password",
    Refusal.CUSTOMER_UNKNOWN: "member",
    Refusal.OWN_ACCOUNT: "member",
}


@router.get("")
async def staff_list(request: Request, viewer: StaffKeeper) -> Response:
    context = web_context(request)

    def read() -> object:
        with context.reading() as unit:
            return staff_lines(unit, viewer.staff)

    return staff_page(
        "staff.html",
        viewer,
        "staff",
        path="/staff",
        lines=await run_in_threadpool(read),
        role_name=lambda role: role_name(role, viewer.words),
        own_id=viewer.staff.id,
    )


@router.get("/new")
async def new_staff(request: Request, viewer: StaffKeeper) -> Response:
    return await _new_page(request, viewer, Typed({}), {})


@router.post("/new")
async def post_new_staff(request: Request, viewer: StaffKeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    role_id = uuid_of(typed.one("role"))
    problems: dict[str, Problem] = {}
    if role_id is None:
        problems["role"] = Problem("choose_one")
    if (short := _password_problem(typed)) is not None:
        problems["password"] = short
    if problems or role_id is None:
        return await _new_page(request, viewer, typed, problems)
    password_hash = await run_in_threadpool(context.hasher.hash, typed.one("password"))
    new = NewStaff(
        typed.one("login"), typed.one("display_name") or typed.one("login"), role_id, password_hash
    )
    added = await context.write(lambda unit: add_staff(unit, context.ctx, new, viewer.staff))
    if isinstance(added, Refused):
        field = _FIELD_OF.get(added.reason, "role")
        return await _new_page(request, viewer, typed, {field: Problem.of(added)})
    return RedirectResponse(f"/staff/{added.id}?done=added", 303)


@router.get("/{staff_id}")
async def one_staff(staff_id: UUID, request: Request, viewer: StaffKeeper, done: str = "") -> Response:
    return await _one_page(request, viewer, staff_id, Typed({}), {}, done=done)


@router.post("/{staff_id}/role")
async def post_role(staff_id: UUID, request: Request, viewer: StaffKeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    role_id = uuid_of(typed.one("role"))
    if role_id is None:
        return await _one_page(request, viewer, staff_id, typed, {"role": Problem("choose_one")})
    changed = await context.write(
        lambda unit: change_role(unit, context.ctx, staff_id, role_id, viewer.staff)
    )
    if isinstance(changed, Refused):
        return await _one_page(request, viewer, staff_id, typed, {"role": Problem.of(changed)})
    return _done(staff_id, "role")


@router.post("/{staff_id}/password")
async def post_password(staff_id: UUID, request: Request, viewer: StaffKeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    if (short := _password_problem(typed)) is not None:
        return await _one_page(request, viewer, staff_id, Typed({}), {"password": short})
    password_hash = await run_in_threadpool(context.hasher.hash, typed.one("password"))
    changed = await context.write(
        lambda unit: give_password(unit, context.ctx, staff_id, password_hash, viewer.staff)
    )
    if isinstance(changed, Refused):
        return await _one_page(request, viewer, staff_id, Typed({}), {"password": Problem.of(changed)})
    return _done(staff_id, "password")


@router.post("/{staff_id}/customer")
async def post_customer(staff_id: UUID, request: Request, viewer: StaffKeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    customer_id = None
    if typed.one("go") != "unlink":
        found = await run_in_threadpool(find_member, context, viewer, typed)
        if found is None:
            return await _one_page(request, viewer, staff_id, typed, {"member": Problem("member_unknown")})
        customer_id = found.customer_id
    linked = await context.write(
        lambda unit: link_customer(unit, context.ctx, staff_id, customer_id, viewer.staff)
    )
    if isinstance(linked, Refused):
        return await _one_page(request, viewer, staff_id, typed, {"member": Problem.of(linked)})
    return _done(staff_id, "member")


@router.post("/{staff_id}/active")
async def post_active(staff_id: UUID, request: Request, viewer: StaffKeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    change = activate if typed.one("active") == "yes" else deactivate
    changed = await context.write(lambda unit: change(unit, context.ctx, staff_id, viewer.staff))
    if isinstance(changed, Refused):
        return await _one_page(request, viewer, staff_id, typed, {"active": Problem.of(changed)})
    return _done(staff_id, "active")


@router.post("/{staff_id}/sessions")
async def post_sessions(staff_id: UUID, request: Request, viewer: StaffKeeper) -> Response:
    """End one session, or all of them where none is named."""
    context, typed = web_context(request), await typed_form(request)
    session_id = uuid_of(typed.one("session"))
    ended = await context.write(
        lambda unit: end_session(unit, context.ctx, staff_id, session_id, viewer.staff)
    )
    if isinstance(ended, Refused):
        return await _one_page(request, viewer, staff_id, typed, {"sessions": Problem.of(ended)})
    return _done(staff_id, "sessions")


def _done(staff_id: UUID, what: str) -> Response:
    return RedirectResponse(f"/staff/{staff_id}?done={what}", 303)


async def _new_page(
    request: Request, viewer: SignedInStaff, typed: Typed, problems: dict[str, Problem]
) -> Response:
    roles = await run_in_threadpool(_roles_to_give, web_context(request), viewer)
    return staff_page(
        "staff_new.html",
        viewer,
        "staff",
        path="/staff/new",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        roles=[(each, role_name(each, viewer.words)) for each in roles],
        min_chars=MIN_PASSWORD_CHARS,
        max_login=MAX_LOGIN_CHARS,
        max_password=MAX_PASSWORD_CHARS,
    )


async def _one_page(
    request: Request,
    viewer: SignedInStaff,
    staff_id: UUID,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    done: str = "",
) -> Response:
    context = web_context(request)

    def read() -> StaffDetails | None:
        with context.reading() as unit:
            return staff_details(unit, viewer.staff, staff_id, context.ctx.clock.now())

    found = await run_in_threadpool(read)
    if found is None:
        raise HTTPException(404, "staff_unknown")
    member = found.line.member
    if not typed.one("role"):
        typed = Typed({**typed.values, "role": (str(member.role.id),)})
    return staff_page(
        "staff_one.html",
        viewer,
        "staff",
        path=f"/staff/{staff_id}",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        details=found,
        member=member,
        role_title=role_name(member.role, viewer.words),
        roles=[(each, role_name(each, viewer.words)) for each in found.roles],
        is_self=member.id == viewer.staff.id,
        own_session=viewer.session_id,
        min_chars=MIN_PASSWORD_CHARS,
        max_password=MAX_PASSWORD_CHARS,
        done=done,
    )


def _roles_to_give(context: WebContext, viewer: SignedInStaff) -> list[Role]:
    with context.reading() as unit:
        return [each for each in roles_of_people(unit) if viewer.staff.holds_all(each.permissions)]


def _password_problem(typed: Typed) -> Problem | None:
    if MIN_PASSWORD_CHARS <= len(typed.one("password")) <= MAX_PASSWORD_CHARS:
        return None
    return Problem("password_too_short", {"min": MIN_PASSWORD_CHARS})
