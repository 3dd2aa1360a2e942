"""Bringing customers along: upload a sheet or take a template, and every import so far (rows 31, 33, 34)."""

import asyncio
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.sheet_answer import FORMATS, Table, sheet_answer
from checkout.web.staff_page import staff_page
from checkout.words.imports import FIELD_NAMES, STATES
from checkout.writer import Priority
from loyalty.domain.importing.fields import ImportField as F
from loyalty.domain.importing.record import CustomerImport
from loyalty.domain.staff import Permission
from loyalty.ports.sheets import SheetLimits
from loyalty.services.import_steps import start_import
from runtime.ids import new_id

router = APIRouter(prefix="/customers/import")

UPLOAD_PATH = "/customers/import/upload"
"""What comes in there may be as large as a sheet."""
MAX_UPLOAD_BYTES = SheetLimits().max_bytes
_SHOWN = 30
_TEMPLATE = (
    F.REFERENCE_ID, F.GIVEN_NAME, F.FAMILY_NAME, F.COMPANY_NAME, F.PHONE_NUMBER, F.EMAIL_ADDRESS,
    F.EMAIL_CONSENT, F.LINE_1, F.LINE_2, F.POSTAL_CODE, F.LOCALITY, F.ADMINISTRATIVE_AREA, F.COUNTRY,
    F.BIRTHDAY, F.LANGUAGE, F.NOTE,
)  # fmt: skip
_TEMPLATE_ROWS = 500


async def importer(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of the pages of imports."""
    viewer.require(Permission.IMPORT_CUSTOMERS)
    return viewer


Importer = Annotated[SignedInStaff, Depends(importer)]


@router.get("")
async def imports_page(request: Request, viewer: Importer) -> Response:
    return await _page(request, viewer)


@router.post("/upload")
async def post_upload(request: Request, viewer: Importer) -> Response:
    """Keep the file; it is read in the background."""
    context = web_context(request)
    import_id = new_id()
    async with request.form(max_files=1, max_fields=4) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            return await _page(request, viewer, fault="no_file")
        if (file.size or 0) > MAX_UPLOAD_BYTES:
            return await _page(request, viewer, fault="too_large")
        name = file.filename
        try:
            await run_in_threadpool(context.station.imports.folder.keep, import_id, file.file)
        except OSError:
            return await _page(request, viewer, fault="no_room")
    await _start(context, viewer, name, import_id)
    return RedirectResponse(f"/customers/import/{import_id}", 303)


@router.get("/template.{kind}")
async def template(request: Request, viewer: Importer, kind: str) -> Response:
    """An empty sheet with the headings that an import knows."""
    if kind not in FORMATS:
        raise HTTPException(404, "not_found")
    words = viewer.words
    name = words.text("customers-template")
    head = [words.text(FIELD_NAMES[field]) for field in _TEMPLATE]
    table = Table(name, head, [], _TEMPLATE_ROWS)
    return await sheet_answer(web_context(request), words, kind, table)


async def _start(context: WebContext, viewer: SignedInStaff, name: str, import_id: UUID) -> None:
    work = context.station.writer.submit(
        Priority.STAFF, lambda unit: start_import(unit, context.ctx, viewer.staff, name, import_id)
    )
    await asyncio.wrap_future(work)
    context.station.imports.wake()


async def _page(request: Request, viewer: SignedInStaff, fault: str = "") -> Response:
    context = web_context(request)

    def read() -> tuple[list[CustomerImport], dict[UUID, str]]:
        with context.reading() as unit:
            names = {each.id: each.display_name for each in unit.staff.all()}
            return list(unit.imports.recent(_SHOWN)), names

    records, names = await run_in_threadpool(read)
    return staff_page(
        "customer_imports.html",
        viewer,
        "imports",
        path="/customers/import",
        status=422 if fault else 200,
        records=records,
        staff_names=names,
        state_text=lambda record: viewer.words.text(STATES[record.state]),
        fault=fault,
        max_mib=MAX_UPLOAD_BYTES // (1024 * 1024),
    )
