"""One import: its columns, its dry run, its progress and its summary (rows 35-40, 180)."""

import asyncio
from collections.abc import Callable, Iterator
from typing import Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.imports.plan_form import (
    ATTESTABLE,
    MAX_WORDING_CHARS,
    Choices,
    chosen_group,
    guessed_form,
    own_targets,
    read_plan,
)
from checkout.programme.typed import Typed
from checkout.web.context import WebContext, web_context
from checkout.web.pages.customer_imports import Importer
from checkout.web.session import SignedInStaff
from checkout.web.sheet_answer import FORMATS, Table, sheet_answer
from checkout.web.staff_page import staff_page, typed_form
from checkout.words import Words
from checkout.words.imports import (
    FIELD_GROUPS,
    FIELD_NAMES,
    PAUSES,
    PLAN_FAULTS,
    import_fault_text,
    row_reason_text,
)
from checkout.writer import Priority
from loyalty.domain.group import Group
from loyalty.domain.importing.fields import custom_target
from loyalty.domain.importing.likeness import LikenessCounts
from loyalty.domain.importing.plan import ImportPlan, PlanFault
from loyalty.domain.importing.record import ACTIVE, CustomerImport, ImportState, PauseReason
from loyalty.domain.importing.rows import FailedRow
from loyalty.domain.staff import Permission
from loyalty.domain.text import clean_line
from loyalty.ports.sheets import Cell
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.import_steps import (
    begin_import,
    drop_import,
    pause_import,
    plan_import,
    resume_import,
)
from runtime.ids import new_id

router = APIRouter(prefix="/customers/import/{import_id:uuid}")

_SHOWN_FAILURES = 50
_FAILURES_AT_ONCE = 500
_MAX_GROUP_CHARS = 60
_Result = TypeVar("_Result")


@router.get("")
async def import_page(request: Request, viewer: Importer, import_id: UUID) -> Response:
    record = await _record(request, import_id)
    if record.state is ImportState.MAPPING:
        if "hx-request" in request.headers:  # the page of the reading asks, and this is another page
            return Response(headers={"hx-redirect": f"/customers/import/{import_id}"})
        return await _mapping(request, viewer, record)
    return await _progress(request, viewer, record)


@router.get("/columns")
async def columns_page(request: Request, viewer: Importer, import_id: UUID) -> Response:
    """Once more, after the dry run showed what is wrong with them."""
    record = await _record(request, import_id)
    if record.state not in (ImportState.MAPPING, ImportState.CHECKED):
        return RedirectResponse(f"/customers/import/{import_id}", 303)
    return await _mapping(request, viewer, record)


@router.post("/columns")
async def post_columns(request: Request, viewer: Importer, import_id: UUID) -> Response:
    typed = await typed_form(request)
    record = await _record(request, import_id)
    columns = len(record.sheet.header) if record.sheet is not None else 0

    def plan(unit: UnitOfWork) -> CustomerImport | tuple[PlanFault, ...]:
        group_id = _group(unit, viewer, typed)
        return plan_import(unit, viewer.staff, import_id, read_plan(typed, columns, group_id))

    done = await _written(request, plan)
    if isinstance(done, tuple):
        return await _mapping(request, viewer, record, typed, done)
    return RedirectResponse(f"/customers/import/{import_id}", 303)


@router.post("/begin")
async def post_begin(request: Request, viewer: Importer, import_id: UUID) -> Response:
    ctx = web_context(request).ctx
    return await _step(request, import_id, lambda unit: begin_import(unit, ctx, viewer.staff, import_id))


@router.post("/pause")
async def post_pause(request: Request, _viewer: Importer, import_id: UUID) -> Response:
    return await _step(request, import_id, lambda unit: pause_import(unit, import_id, PauseReason.STAFF))


@router.post("/resume")
async def post_resume(request: Request, viewer: Importer, import_id: UUID) -> Response:
    return await _step(request, import_id, lambda unit: resume_import(unit, viewer.staff, import_id))


@router.post("/drop")
async def post_drop(request: Request, viewer: Importer, import_id: UUID) -> Response:
    ctx = web_context(request).ctx
    return await _step(request, import_id, lambda unit: drop_import(unit, ctx, viewer.staff, import_id))


@router.get("/failed.{kind}")
async def failed_rows(request: Request, viewer: Importer, import_id: UUID, kind: str) -> Response:
    """The rows that were not taken, as they came, with the reason of each cell, to be mended and uploaded."""
    context, record = web_context(request), await _record(request, import_id)
    if kind not in FORMATS or not context.station.imports.folder.has_rows(import_id):
        raise HTTPException(404, "not_found")
    if record.staff_id != viewer.staff.id:
        viewer.require(Permission.VIEW_CONTACT)
    header = record.sheet.header if record.sheet is not None else ()
    head = [*header, viewer.words.text("To mend")]
    table = Table(viewer.words.text("rows-to-mend"), head, _failed(context, record, viewer.words))
    return await sheet_answer(context, viewer.words, kind, table)


def _failed(context: WebContext, record: CustomerImport, words: Words) -> Iterator[list[Cell]]:
    header = record.sheet.header if record.sheet is not None else ()
    failures = _failures(context, record.id)
    failed = next(failures, None)
    for line, cells in context.station.imports.folder.cells(record.id):
        if failed is None:
            return
        if line < failed.line:
            continue
        padded = [*cells, *[""] * len(header)][: len(header)]
        yield [*padded, row_reason_text(words, failed.faults, header), *cells[len(header) :]]
        failed = next(failures, None)


def _failures(context: WebContext, import_id: UUID) -> Iterator[FailedRow]:
    line = 0
    while True:
        with context.reading() as unit:
            found = unit.imports.failures(import_id, line, _FAILURES_AT_ONCE)
        yield from found
        if len(found) < _FAILURES_AT_ONCE:
            return
        line = found[-1].line


async def _mapping(
    request: Request,
    viewer: SignedInStaff,
    record: CustomerImport,
    typed: Typed | None = None,
    faults: tuple[PlanFault, ...] = (),
) -> Response:
    context, words = web_context(request), viewer.words

    def read() -> Choices:
        with context.reading() as unit:
            smart = unit.groups.smart()
            groups = [group for group in unit.groups.all() if group.id not in smart]
            fields = own_targets(unit.profiles.custom_fields())
        return Choices(fields, sorted(groups, key=lambda group: group.name.casefold()))

    choices = await run_in_threadpool(read)
    field_groups: list[tuple[str, list[tuple[str, str]]]] = [
        (words.text(subject), [(field.value, words.text(FIELD_NAMES[field])) for field in fields])
        for subject, fields in FIELD_GROUPS
    ]
    if choices.custom_fields:
        own = [(custom_target(each.id), each.name) for each in choices.custom_fields]
        field_groups.append((words.text("Fields of the shop"), own))
    sheet = record.sheet
    staff = viewer.staff
    return staff_page(
        "customer_import_columns.html",
        viewer,
        "imports",
        path=f"/customers/import/{record.id}/columns",
        status=422 if faults else 200,
        record=record,
        columns=[
            (column, heading, [row[column] for row in sheet.sample if row[column]][:3])
            for column, heading in enumerate(sheet.header)
        ]
        if sheet is not None
        else [],
        field_groups=field_groups,
        groups=choices.groups,
        faults=[words.text(PLAN_FAULTS[fault]) for fault in faults],
        typed=typed or guessed_form(record, choices, viewer.shop.country),
        may_group=staff.may(Permission.MANAGE_GROUPS),
        may_attest=staff.may(Permission.MANAGE_SHOP),
        may_points=staff.may(Permission.ADJUST_POINTS),
        purposes=ATTESTABLE,
        max_wording=MAX_WORDING_CHARS,
        max_group=_MAX_GROUP_CHARS,
    )


async def _progress(request: Request, viewer: SignedInStaff, record: CustomerImport) -> Response:
    context, words = web_context(request), viewer.words
    header = record.sheet.header if record.sheet is not None else ()

    def read() -> tuple[list[tuple[int, str]], LikenessCounts]:
        with context.reading() as unit:
            failed = unit.imports.failures(record.id, 0, _SHOWN_FAILURES)
            likely = unit.imports.count_likenesses(record.id)
        return [(row.line, row_reason_text(words, row.faults, header)) for row in failed], likely

    reasons, likely = await run_in_threadpool(read)
    pause = str(record.fault.get("pause", ""))
    return staff_page(
        "customer_import.html",
        viewer,
        "imports",
        path=f"/customers/import/{record.id}",
        record=record,
        states=ImportState,
        is_active=record.state in ACTIVE,
        is_troubled=context.station.imports.is_troubled(record.id),
        fault=import_fault_text(words, record.fault) if record.state is ImportState.UNREADABLE else "",
        pause=words.text(PAUSES[PauseReason(pause)]) if pause in set(PauseReason) else "",
        reasons=reasons,
        likely=likely,
        may_merge=viewer.staff.may(Permission.MERGE_CUSTOMERS),
        more_reasons=max(0, record.counts.failed - len(reasons)),
        has_rows=context.station.imports.folder.has_rows(record.id),
        is_without_reference=_is_without_reference(record.plan),
    )


def _is_without_reference(plan: ImportPlan | None) -> bool:
    """Row 92: whoever has no reference number is not found by a scan of it."""
    return plan is not None and "reference_id" not in plan.targets


def _group(unit: UnitOfWork, viewer: SignedInStaff, typed: Typed) -> UUID | None:
    """The chosen group, or a new one of the typed name; the one that bears it already."""
    name = clean_line(typed.one("new_group"), _MAX_GROUP_CHARS)
    if name is None:
        return chosen_group(typed)
    viewer.staff.require(Permission.MANAGE_GROUPS)
    there = next((group for group in unit.groups.all() if group.name.casefold() == name.casefold()), None)
    if there is not None:
        return there.id
    group = Group(new_id(), name)
    unit.groups.add(group)
    return group.id


async def _record(request: Request, import_id: UUID) -> CustomerImport:
    context = web_context(request)

    def read() -> CustomerImport | None:
        with context.reading() as unit:
            return unit.imports.get(import_id)

    record = await run_in_threadpool(read)
    if record is None:
        raise HTTPException(404, "not_found")
    return record


async def _step(request: Request, import_id: UUID, work: Callable[[UnitOfWork], Any]) -> Response:
    await _written(request, work)
    return RedirectResponse(f"/customers/import/{import_id}", 303)


async def _written(request: Request, work: Callable[[UnitOfWork], _Result]) -> _Result:
    station = web_context(request).station
    done = await asyncio.wrap_future(station.writer.submit(Priority.STAFF, work))
    station.imports.wake()
    return done
