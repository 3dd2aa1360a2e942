"""Roles: what each may do, in plain words; made, copied, changed, deleted (rows 8, 10, 74, 75)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.people.permission_words import ROLE_NAMES, SUBJECTS, permission_title, role_name
from checkout.people.staff_list import roles_of_people
from checkout.programme.typed import Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import staff_page, typed_form
from loyalty.domain.staff import Permission, Role
from loyalty.domain.why import Refusal, Refused
from loyalty.services.claim import PRESETS
from loyalty.services.roles import MAX_ROLE_NAME_CHARS, RoleDraft, delete_role, save_role

router = APIRouter(prefix="/staff/roles")


async def staff_keeper(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of the pages about staff."""
    viewer.require(Permission.MANAGE_STAFF)
    return viewer


StaffKeeper = Annotated[SignedInStaff, Depends(staff_keeper)]


@router.get("")
async def roles_page(request: Request, viewer: StaffKeeper, done: str = "", refused: str = "") -> Response:
    roles, used = await run_in_threadpool(_read, web_context(request))
    return staff_page(
        "roles.html",
        viewer,
        "staff",
        path="/staff/roles",
        roles=[(each, role_name(each, viewer.words), used.get(each.id, 0)) for each in roles],
        title_of=lambda permission: permission_title(permission, viewer.words),
        rights=SUBJECTS,
        permission_count=len(Permission),
        may_change=lambda role: not role.is_owner and viewer.staff.holds_all(role.permissions),
        done=done,
        refused=Problem(refused).text(viewer.words, viewer.shop.currency) if refused in _REFUSED else None,
    )


_REFUSED = {Refusal.ROLE_IN_USE.value, Refusal.ROLE_OF_OWNER.value, Refusal.PERMISSION_NOT_HELD.value}


@router.get("/new")
async def new_role(request: Request, viewer: StaffKeeper, like: str = "") -> Response:
    """A blank role, or one like a preset or like another role, without what the viewer may not give."""
    roles, _ = await run_in_threadpool(_read, web_context(request))
    source = next((each for each in roles if str(each.id) == like), None)
    permissions = source.permissions if source is not None else PRESETS.get(like, frozenset())
    given = [each.value for each in permissions if viewer.staff.may(each)]
    return _form(viewer, None, Typed({"name": ("",), "may": tuple(given)}), {})


@router.post("/new")
async def post_new_role(request: Request, viewer: StaffKeeper) -> Response:
    return await _save(request, viewer, None)


@router.get("/{role_id}")
async def role_page(role_id: UUID, request: Request, viewer: StaffKeeper) -> Response:
    role = await _find(request, role_id)
    values = tuple(each.value for each in role.permissions)
    return _form(viewer, role, Typed({"name": (role_name(role, viewer.words),), "may": values}), {})


@router.post("/{role_id}")
async def post_role(role_id: UUID, request: Request, viewer: StaffKeeper) -> Response:
    return await _save(request, viewer, await _find(request, role_id))


@router.post("/{role_id}/delete")
async def post_delete(role_id: UUID, request: Request, viewer: StaffKeeper) -> Response:
    context = web_context(request)
    refused = await context.write(lambda unit: delete_role(unit, context.ctx, role_id, viewer.staff))
    outcome = f"refused={refused.reason.value}" if refused is not None else "done=deleted"
    return RedirectResponse(f"/staff/roles?{outcome}", 303)


async def _save(request: Request, viewer: SignedInStaff, role: Role | None) -> Response:
    context, typed = web_context(request), await typed_form(request)
    known = {each.value for each in Permission}
    wanted = frozenset(Permission(value) for value in typed.many("may") if value in known)
    name = typed.one("name")
    if role is not None and name == role_name(role, viewer.words):
        name = role.name  # a first role that nobody named keeps reading in each language
    draft = RoleDraft(role.id if role is not None else None, name, wanted)
    saved = await context.write(lambda unit: save_role(unit, context.ctx, draft, viewer.staff))
    if isinstance(saved, Refused):
        about_name = saved.reason in (Refusal.NAME_INVALID, Refusal.NAME_TAKEN)
        return _form(viewer, role, typed, {"name" if about_name else "may": Problem.of(saved)})
    return RedirectResponse("/staff/roles?done=saved", 303)


def _form(viewer: SignedInStaff, role: Role | None, typed: Typed, problems: dict[str, Problem]) -> Response:
    return staff_page(
        "role.html",
        viewer,
        "staff",
        path=f"/staff/roles/{role.id}" if role is not None else "/staff/roles/new",
        status=422 if problems else 200,
        role=role,
        role_title=role_name(role, viewer.words) if role is not None else "",
        typed=typed,
        problems=problems,
        rights=SUBJECTS,
        presets=[(key, viewer.words.text(ROLE_NAMES[key])) for key in PRESETS],
        may_give=viewer.staff.may,
        is_fixed=role is not None and (role.is_owner or not viewer.staff.holds_all(role.permissions)),
        max_chars=MAX_ROLE_NAME_CHARS,
    )


async def _find(request: Request, role_id: UUID) -> Role:
    roles, _ = await run_in_threadpool(_read, web_context(request))
    role = next((each for each in roles if each.id == role_id), None)
    if role is None:
        raise HTTPException(404, "role_unknown")
    return role


def _read(context: WebContext) -> tuple[list[Role], dict[UUID, int]]:
    """Roles, the owner's first, then those that may more; and how many people have each."""
    with context.reading() as unit:
        roles, members = roles_of_people(unit), unit.staff.all()
    used: dict[UUID, int] = {}
    for member in members:
        used[member.role.id] = used.get(member.role.id, 0) + 1
    return sorted(roles, key=lambda each: (not each.is_owner, -len(each.permissions), each.name)), used
