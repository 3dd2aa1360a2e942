"""What is done with customers that are shown: put in a group, kept as a view or as a smart group."""

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import Problem, Typed, uuid_of
from checkout.web.context import web_context
from checkout.web.pages.catalogue import written
from checkout.web.pages.customers import (
    DirectoryReader,
    chosen_ids,
    directory_answer,
    filters_of,
)
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import typed_form
from loyalty.domain.group import Group
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.errors import UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.find_customers import remove_view, save_view
from loyalty.services.keep_groups import make_group, put_all_in_group

router = APIRouter(prefix="/customers")


@router.post("/choose")
async def post_choose(request: Request, viewer: DirectoryReader) -> Response:
    """Put the ticked customers into a manual group, or into a new one (row 54)."""
    viewer.require(Permission.MANAGE_GROUPS)
    context, typed = web_context(request), await typed_form(request)
    ids = chosen_ids(typed)
    if not ids:
        return await _again(request, viewer, typed, {"customer": Problem("choose_items")})

    def put(unit: UnitOfWork) -> Group | Refused:
        group_id = uuid_of(typed.one("group"))
        if group_id is None:
            made = make_group(unit, context.ctx, typed.one("group_name"), viewer.staff)
            if isinstance(made, Refused):
                return made
            group_id = made.id
        put_all_in_group(unit, context.ctx, group_id, ids, viewer.staff)
        return next(each for each in unit.groups.all() if each.id == group_id)

    try:
        group = await written(request, put)
    except UnknownIdError as error:
        raise HTTPException(404, "group_unknown") from error
    if isinstance(group, Refused):
        return await _again(request, viewer, typed, {"group_name": Problem.of(group)})
    context.station.refresher.all_changed()
    return RedirectResponse(f"/groups/{group.id}?done=members", 303)


@router.post("/save-group")
async def post_save_group(request: Request, viewer: DirectoryReader) -> Response:
    """Keep the filters as a smart group (rows 45, 57)."""
    viewer.require(Permission.MANAGE_GROUPS)
    context, typed = web_context(request), await typed_form(request)
    filters = filters_of(typed.one("filters"))
    made = await written(
        request, lambda unit: make_group(unit, context.ctx, typed.one("name"), viewer.staff, filters)
    )
    if isinstance(made, Refused):
        return await _again(request, viewer, typed, {"name": Problem.of(made)})
    context.station.refresher.all_changed()
    return RedirectResponse(f"/groups/{made.id}?done=added", 303)


@router.post("/save-view")
async def post_save_view(request: Request, viewer: DirectoryReader) -> Response:
    context, typed = web_context(request), await typed_form(request)
    filters = filters_of(typed.one("filters"))
    saved = await written(
        request, lambda unit: save_view(unit, context.ctx, typed.one("view_name"), filters, viewer.staff)
    )
    if isinstance(saved, Refused):
        return await _again(request, viewer, typed, {"view_name": Problem.of(saved)})
    return RedirectResponse("/customers?done=saved", 303)


@router.post("/views/{view_id}/remove")
async def post_remove_view(view_id: str, request: Request, viewer: DirectoryReader) -> Response:
    found = uuid_of(view_id)
    if found is not None:
        await written(request, lambda unit: remove_view(unit, found, viewer.staff))
    return RedirectResponse("/customers?done=removed", 303)


async def _again(
    request: Request, viewer: SignedInStaff, typed: Typed, problems: dict[str, Problem]
) -> Response:
    return await directory_answer(
        request, viewer, filters_of(typed.one("filters")), typed=typed, problems=problems, status=422
    )
