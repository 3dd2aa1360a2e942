"""One group: who is in it and why, who joined and left, its name and what it asks (rows 55, 61, 177)."""

from datetime import date
from itertools import dropwhile
from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.directory.filter_form import FilterReader, typed_of
from checkout.directory.filter_words import FilterWording
from checkout.programme.goods import read_goods
from checkout.programme.typed import FieldReader, Problem, Typed
from checkout.programme.wording import ProgrammeWording
from checkout.web.context import WebContext, web_context
from checkout.web.customer_lines import line_of
from checkout.web.pages.catalogue import written
from checkout.web.pages.customers import DirectoryReader, filters_of, text_of_filters
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page, typed_form, typed_query
from loyalty.domain.calendar import local_date
from loyalty.domain.filters import Filter, FilterSet, Known
from loyalty.domain.filters.selection_field import SelectionField
from loyalty.domain.filters.toggle_field import ToggleField
from loyalty.domain.programme import PointsName
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.errors import UnknownIdError
from loyalty.services.group_members import take_out_of_group
from loyalty.services.group_view import GroupView, TrendWeek, group_view
from loyalty.services.keep_groups import MAX_GROUP_NAME_CHARS, archive_group, change_filters, rename_group

router = APIRouter(prefix="/groups")

DONE_TEXTS = {
    "added": "The group is made.",
    "members": "They are in the group now.",
    "renamed": "The name is changed.",
    "filters": "The group asks this from now on.",
    "discounts": "The discount counts from the next price on.",
    "taken_out": "The customer is not in the group any more.",
}


@router.get("/{group_id:uuid}")
async def group_page(group_id: UUID, request: Request, viewer: DirectoryReader) -> Response:
    return await group_answer(request, viewer, group_id, typed=typed_query(request))


@router.get("/{group_id:uuid}/edit")
async def edit_page(group_id: UUID, request: Request, viewer: DirectoryReader) -> Response:
    viewer.require(Permission.MANAGE_GROUPS)
    view, known, _ = await _shown(request, viewer, group_id)
    if view.line.filters is None and "filters" not in request.query_params:
        return RedirectResponse(f"/groups/{group_id}", 303)  # its customers are picked one by one
    filters = (
        filters_of(request.query_params.get("filters", "")) if "filters" in request.query_params else None
    )
    wanted = filters if filters is not None else view.line.filters or FilterSet()
    typed: dict[str, tuple[str, ...]] = {}
    for number, each in enumerate(wanted.filters):
        typed |= typed_of(each, viewer.shop.currency, viewer.words.decimal_mark, f"f{number}_")
    return _edit(viewer, view, known, wanted, typed=Typed(typed), problems={})


@router.post("/{group_id:uuid}/edit")
async def post_edit(group_id: UUID, request: Request, viewer: DirectoryReader) -> Response:
    """What the group asks from now on (row 61)."""
    viewer.require(Permission.MANAGE_GROUPS)
    context, typed = web_context(request), await typed_form(request)
    view, known, _ = await _shown(request, viewer, group_id)
    wanted = filters_of(typed.one("filters"))
    reader = FieldReader(typed, viewer.shop.currency)
    read = [
        FilterReader(reader, known, f"f{number}_").read(type(each), _field_of(each))
        for number, each in enumerate(wanted.filters)
        if not typed.has("remove", str(number))
    ]
    filters = [each for each in read if each is not None]
    if reader.problems:
        return _edit(viewer, view, known, wanted, typed=typed, problems=reader.problems)
    changed = await written(
        request,
        lambda unit: change_filters(unit, context.ctx, group_id, FilterSet(tuple(filters)), viewer.staff),
    )
    if isinstance(changed, Refused):
        return _edit(viewer, view, known, wanted, typed=typed, problems={"filters": Problem.of(changed)})
    context.station.refresher.all_changed()
    return RedirectResponse(f"/groups/{group_id}?done=filters", 303)


@router.post("/{group_id:uuid}/name")
async def post_name(group_id: UUID, request: Request, viewer: DirectoryReader) -> Response:
    viewer.require(Permission.MANAGE_GROUPS)
    context, typed = web_context(request), await typed_form(request)
    await _shown(request, viewer, group_id)
    renamed = await written(
        request, lambda unit: rename_group(unit, context.ctx, group_id, typed.one("name"), viewer.staff)
    )
    if isinstance(renamed, Refused):
        problems = {"name": Problem.of(renamed)}
        return await group_answer(request, viewer, group_id, typed=typed, problems=problems)
    return RedirectResponse(f"/groups/{group_id}?done=renamed", 303)


@router.post("/{group_id:uuid}/archive")
async def post_archive(group_id: UUID, request: Request, viewer: DirectoryReader) -> Response:
    viewer.require(Permission.MANAGE_GROUPS)
    context = web_context(request)
    await _shown(request, viewer, group_id)
    await written(request, lambda unit: archive_group(unit, context.ctx, group_id, viewer.staff))
    context.station.refresher.all_changed()
    return RedirectResponse("/groups?done=archived", 303)


@router.post("/{group_id:uuid}/members/{customer_id:uuid}/remove")
async def post_take_out(
    group_id: UUID, customer_id: UUID, request: Request, viewer: DirectoryReader
) -> Response:
    """Take somebody out of a manual group (row 51)."""
    viewer.require(Permission.MANAGE_GROUPS)
    try:
        await written(request, lambda unit: take_out_of_group(unit, group_id, customer_id, viewer.staff))
    except UnknownIdError as error:
        raise HTTPException(404, "group_unknown") from error
    web_context(request).station.refresher.all_changed()
    return RedirectResponse(f"/groups/{group_id}?done=taken_out", 303)


async def group_answer(
    request: Request,
    viewer: SignedInStaff,
    group_id: UUID,
    *,
    typed: Typed,
    problems: dict[str, Problem] | None = None,
) -> Response:
    """The page of a group, also with what was wrong in a form of it."""
    view, known, wording = await _shown(request, viewer, group_id)
    filter_wording = FilterWording(viewer.words, viewer.shop.currency, known)
    filters, group = view.line.filters, view.line.group
    done = DONE_TEXTS.get(typed.one("done"))
    return staff_page(
        "group.html",
        viewer,
        "groups",
        path=f"/groups/{group_id}",
        status=422 if problems else 200,
        wording=wording,
        typed=typed if "name" in typed.values else typed.with_one("name", group.name),
        problems=problems or {},
        group=group,
        line=view.line,
        sentences=filter_wording.sentences(filters) if filters is not None else [],
        missing=filter_wording.missing(view.line.missing),
        filters_text=text_of_filters(filters) if filters is not None else "",
        discounts=[filter_wording.discount(each) for each in group.discounts],
        members=[(line_of(each.listed, viewer), each.since) for each in view.members],
        changes=[(each, line_of(who, viewer) if who is not None else None) for each, who in view.changes],
        trend=_trend(view, viewer.shop.timezone),
        may_manage=viewer.staff.may(Permission.MANAGE_GROUPS),
        may_print=viewer.staff.may(Permission.EDIT_CUSTOMERS),
        max_chars=MAX_GROUP_NAME_CHARS,
        done=viewer.words.text(done) if done else "",
    )


def _trend(view: GroupView, timezone: str) -> list[tuple[date, TrendWeek]]:
    """Each week with the day it began on, from the first one in which somebody came or went."""
    weeks = list(dropwhile(lambda each: not each.joined and not each.left, view.trend))
    return [(local_date(each.since, timezone), each) for each in weeks]


def _edit(
    viewer: SignedInStaff,
    view: GroupView,
    known: Known,
    wanted: FilterSet,
    *,
    typed: Typed,
    problems: dict[str, Problem],
) -> Response:
    filter_wording = FilterWording(viewer.words, viewer.shop.currency, known)
    parts = [
        (number, type(each), filter_wording.title(each), known.fields.get(field_id) if field_id else None)
        for number, each in enumerate(wanted.filters)
        for field_id in (_field_of(each),)
    ]
    return staff_page(
        "group_edit.html",
        viewer,
        "groups",
        path=f"/groups/{view.line.group.id}/edit",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        group=view.line.group,
        parts=parts,
        known=known,
        filter_wording=filter_wording,
        missing=filter_wording.missing(view.line.missing),
        filters_text=text_of_filters(wanted),
    )


async def _shown(
    request: Request, viewer: SignedInStaff, group_id: UUID
) -> tuple[GroupView, Known, ProgrammeWording]:
    try:
        return await run_in_threadpool(_read, web_context(request), viewer, group_id)
    except UnknownIdError as error:
        raise HTTPException(404, "group_unknown") from error


def _read(
    context: WebContext, viewer: SignedInStaff, group_id: UUID
) -> tuple[GroupView, Known, ProgrammeWording]:
    with context.reading() as unit:
        goods = read_goods(unit)
        wording = ProgrammeWording(viewer.words, viewer.shop.currency, goods, PointsName("point", "points"))
        return group_view(unit, context.ctx, group_id, viewer.staff), unit.groups.known(), wording


def _field_of(filter_: Filter) -> UUID | None:
    return filter_.field_id if isinstance(filter_, ToggleField | SelectionField) else None
