"""Notes on a profile and files attached to it; files come back as downloads only (row 42)."""

import asyncio
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import Problem, Typed, uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.pages.customer import CustomerReader, show_customer
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import typed_form
from checkout.writer import Priority
from loyalty.domain.papers import MAX_ATTACHMENT_BYTES, Attachment, CustomerNote
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.customer_papers import (
    CheckedFile,
    FileGone,
    attach_file,
    check_file,
    open_file,
    remove_file,
    remove_note,
    write_note,
)

router = APIRouter()

UPLOAD_PATH = "/attachments/of"
"""What comes in below it may be as large as a file."""

_SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


@router.post("/customers/{customer_id:uuid}/notes")
async def post_note(request: Request, viewer: CustomerReader, customer_id: UUID) -> Response:
    viewer.require(Permission.EDIT_NOTES)
    context, typed = web_context(request), await typed_form(request)

    def write(unit: UnitOfWork) -> CustomerNote | Refused:
        key = uuid_of(typed.one("key"))
        return write_note(unit, context.ctx, customer_id, typed.one("note"), viewer.staff, note_id=key)

    done = await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, write))
    if isinstance(done, Refused):
        return await show_customer(request, viewer, customer_id, typed, {"note": Problem.of(done)})
    return RedirectResponse(f"/customers/{customer_id}?done=noted#notes", 303)


@router.post("/customers/{customer_id:uuid}/notes/{note_id:uuid}/remove")
async def post_remove_note(
    request: Request, viewer: CustomerReader, customer_id: UUID, note_id: UUID
) -> Response:
    viewer.require(Permission.EDIT_NOTES)
    context = web_context(request)
    done = context.station.writer.submit(
        Priority.STAFF, lambda unit: remove_note(unit, context.ctx, note_id, viewer.staff)
    )
    await asyncio.wrap_future(done)
    return RedirectResponse(f"/customers/{customer_id}?done=removed#notes", 303)


@router.post(UPLOAD_PATH + "/{customer_id:uuid}")
async def post_file(request: Request, viewer: CustomerReader, customer_id: UUID) -> Response:
    viewer.require(Permission.EDIT_NOTES)
    context = web_context(request)
    async with request.form(max_files=1, max_fields=4) as form:
        sent = form.get("file")
        name = sent.filename or "" if isinstance(sent, UploadFile) else ""
        content = await sent.read(MAX_ATTACHMENT_BYTES + 1) if isinstance(sent, UploadFile) else b""
    file = await run_in_threadpool(check_file, name, content)
    done = await _attach(context, viewer, customer_id, file) if isinstance(file, CheckedFile) else file
    if isinstance(done, Refused):
        problem = {"file": Problem.of(done)}
        return await show_customer(request, viewer, customer_id, Typed({}), problem)
    return RedirectResponse(f"/customers/{customer_id}?done=attached#files", 303)


@router.get("/attachments/{attachment_id:uuid}")
async def download(request: Request, viewer: CustomerReader, attachment_id: UUID) -> Response:
    viewer.require(Permission.VIEW_CONTACT)
    context = web_context(request)
    opened = context.station.writer.submit(
        Priority.STAFF, lambda unit: open_file(unit, context.ctx, attachment_id, viewer.staff)
    )
    attachment = await asyncio.wrap_future(opened)
    if attachment is None:
        raise HTTPException(404, "unknown_file")
    content = await run_in_threadpool(context.attachments.read, attachment.digest)
    if content is None:
        raise HTTPException(404, "unknown_file")
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(attachment.file_name)}",
        "content-security-policy": _SANDBOX,
        "x-content-type-options": "nosniff",
    }
    return Response(content, media_type=attachment.media_type, headers=headers)


@router.post("/attachments/{attachment_id:uuid}/remove")
async def post_remove_file(request: Request, viewer: CustomerReader, attachment_id: UUID) -> Response:
    viewer.require(Permission.EDIT_NOTES)
    context, typed = web_context(request), await typed_form(request)

    def forget(digest: str | None) -> None:
        if digest is not None:
            context.attachments.forget(digest)

    done = context.station.writer.submit(
        Priority.STAFF, lambda unit: remove_file(unit, context.ctx, attachment_id, viewer.staff), forget
    )
    await asyncio.wrap_future(done)
    customer_id = uuid_of(typed.one("customer"))
    path = f"/customers/{customer_id}?done=removed#files" if customer_id is not None else "/home"
    return RedirectResponse(path, 303)


async def _attach(
    context: WebContext, viewer: SignedInStaff, customer_id: UUID, file: CheckedFile
) -> Attachment | Refused:
    """Keep the content, then name it; once more where it was deleted in between, as another's last one."""

    def attach(unit: UnitOfWork) -> Attachment | FileGone | Refused:
        return attach_file(unit, context.ctx, customer_id, file, viewer.staff, files=context.attachments)

    for _ in range(3):
        await run_in_threadpool(context.attachments.keep, file.content)
        done = await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, attach))
        if not isinstance(done, FileGone):
            return done
    raise HTTPException(503, "busy")
