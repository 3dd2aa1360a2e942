"""Taking the catalogue in from a file: looked at first, then stored; and taking it along as one."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.catalogue.listing import all_listed
from checkout.catalogue.sheet import COLUMNS, ReadSheet, catalogue_rows, read_sheet
from checkout.programme.spreadsheet import csv_text
from checkout.programme.typed import Problem
from checkout.web.context import WebContext, web_context
from checkout.web.pages.catalogue import CatalogueKeeper
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import csv_answer, staff_page
from checkout.words.sheets import sheet_fault_text
from checkout.writer import Priority
from loyalty.domain.catalogue_import import (
    MAX_IMPORT_ROWS,
    CatalogueRow,
    ImportPlan,
    Planned,
    PlannedItem,
    RowFault,
)
from loyalty.ports.sheets import SheetError, SheetLimits
from loyalty.services.import_catalogue import slices, store_planned
from loyalty.services.plan_catalogue_import import plan_import

router = APIRouter(prefix="/catalogue")

UPLOAD_PATH = "/catalogue/import"
_LIMITS = SheetLimits(
    max_bytes=4 * 1024 * 1024, max_rows=MAX_IMPORT_ROWS, max_columns=60, max_cell_chars=2_000
)
_SHOWN_FAULTS = 200
_SHOWN_ITEMS = 50


class WaitingImports:
    """Rows that somebody looked at and may store now; the last of each person, in this process alone."""

    def __init__(self) -> None:
        self._rows: dict[UUID, tuple[CatalogueRow, ...]] = {}

    def keep(self, staff_id: UUID, rows: tuple[CatalogueRow, ...]) -> None:
        self._rows[staff_id] = rows

    def take(self, staff_id: UUID) -> tuple[CatalogueRow, ...] | None:
        return self._rows.pop(staff_id, None)


@dataclass(frozen=True)
class _Looked:
    """A file and what it would do."""

    sheet: ReadSheet
    plan: ImportPlan

    @property
    def faults(self) -> list[RowFault]:
        return sorted((*self.sheet.faults, *self.plan.faults), key=lambda each: each.line)


@router.get("/import")
async def import_page(viewer: CatalogueKeeper, done: str = "", gone: str = "") -> Response:
    stored = int(done) if done.isascii() and done.isdecimal() and len(done) < 6 else None
    return _page(viewer, None, stored=stored, is_gone=bool(gone))


@router.post("/import")
async def post_file(request: Request, viewer: CatalogueKeeper) -> Response:
    """Look at a file; nothing is stored yet."""
    context = web_context(request)
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        data = await file.read() if isinstance(file, UploadFile) else b""
    try:
        looked = await run_in_threadpool(_look, context, viewer.shop.currency, data)
    except SheetError as error:
        return _page(viewer, None, fault=sheet_fault_text(viewer.words, error))
    if looked.plan.to_store:
        request.app.state.catalogue_imports.keep(viewer.staff.id, looked.sheet.rows)
    return _page(viewer, looked)


@router.post("/import/store")
async def post_store(request: Request, viewer: CatalogueKeeper) -> Response:
    """Store what was looked at, as it fits the catalogue of this moment."""
    context = web_context(request)
    rows = request.app.state.catalogue_imports.take(viewer.staff.id)
    if rows is None:
        return RedirectResponse(f"{UPLOAD_PATH}?gone=1", 303)
    plan = await run_in_threadpool(_plan, context, rows)
    stored = 0
    for part in slices(plan.to_store):
        stored += await _store(context, viewer, part)
    return RedirectResponse(f"{UPLOAD_PATH}?done={stored}", 303)


@router.get("/export.csv")
async def export(request: Request, viewer: CatalogueKeeper) -> Response:
    context, words = web_context(request), viewer.words

    def read() -> str:
        with context.reading() as unit:
            rows = list(catalogue_rows(all_listed(unit), words, viewer.shop.currency))
        return csv_text([words.text(title) for title in COLUMNS.values()], rows, words.language)

    return csv_answer(await run_in_threadpool(read), "catalogue")


@router.get("/template.csv")
async def template(viewer: CatalogueKeeper) -> Response:
    titles = [viewer.words.text(title) for key, title in COLUMNS.items() if key != "id"]
    return csv_answer(csv_text(titles, [], viewer.words.language), "catalogue")


async def _store(context: WebContext, viewer: SignedInStaff, part: Sequence[PlannedItem]) -> int:
    writer = context.station.writer
    return await asyncio.wrap_future(
        writer.submit(Priority.BACKGROUND, lambda unit: store_planned(unit, context.ctx, viewer.staff, part))
    )


def _look(context: WebContext, currency: str, data: bytes) -> _Looked:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(data)
        with context.open_sheet(path, _LIMITS) as sheet:
            read = read_sheet(sheet, currency)
    return _Looked(read, _plan(context, read.rows))


def _plan(context: WebContext, rows: tuple[CatalogueRow, ...]) -> ImportPlan:
    with context.reading() as unit:
        return plan_import(unit, rows)


def _page(
    viewer: SignedInStaff,
    looked: _Looked | None,
    *,
    fault: str = "",
    stored: int | None = None,
    is_gone: bool = False,
) -> Response:
    words = viewer.words
    faults = looked.faults if looked is not None else []
    missing = looked.sheet.missing_columns if looked is not None else ()
    return staff_page(
        "catalogue_import.html",
        viewer,
        "catalogue",
        path=UPLOAD_PATH,
        status=422 if fault or missing else 200,
        looked=looked,
        fault=fault,
        missing=[words.text(title) for title in missing],
        faults=[_fault_row(viewer, each) for each in faults[:_SHOWN_FAULTS]],
        more_faults=max(0, len(faults) - _SHOWN_FAULTS),
        shown_items=looked.plan.to_store[:_SHOWN_ITEMS] if looked is not None else (),
        kinds=Planned,
        stored=stored,
        is_gone=is_gone,
    )


def _fault_row(viewer: SignedInStaff, fault: RowFault) -> tuple[int, str, str]:
    """Line, column and reason, in words."""
    column = viewer.words.text(COLUMNS.get(fault.column, "Name"))
    return fault.line, column, Problem.of(fault.refused).text(viewer.words, viewer.shop.currency)
