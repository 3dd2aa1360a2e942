"""Taking customers along: all of them, those of a group, or those that filters hold (row 41)."""

import asyncio
import json
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.imports.export_rows import export_head, export_rows
from checkout.programme.typed import uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.sheet_answer import FORMATS, Table, sheet_answer
from checkout.web.staff_page import staff_page
from checkout.writer import Priority
from loyalty.domain.calendar import local_date
from loyalty.domain.filters import FilterSet, filters_from_json
from loyalty.domain.filters.manual_groups import ManualGroups
from loyalty.domain.group import Group
from loyalty.domain.staff import Permission
from loyalty.errors import InvalidValueError
from loyalty.services.export_customers import exported_customers, order_export

router = APIRouter(prefix="/customers")

_MAX_FILTER_CHARS = 8_000


async def exporter(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of these pages."""
    viewer.require(Permission.EXPORT_CUSTOMERS)
    return viewer


Exporter = Annotated[SignedInStaff, Depends(exporter)]


@router.get("/export")
async def export_page(request: Request, viewer: Exporter) -> Response:
    context = web_context(request)

    def read() -> list[Group]:
        with context.reading() as unit:
            return sorted(unit.groups.all(), key=lambda group: group.name.casefold())

    return staff_page(
        "customer_export.html",
        viewer,
        "exports",
        path="/customers/export",
        groups=await run_in_threadpool(read),
        sees_contact=viewer.staff.may(Permission.VIEW_CONTACT),
    )


@router.get("/export/customers.{kind}")
async def export_file(
    request: Request, viewer: Exporter, kind: str, group: str = "", filters: str = ""
) -> Response:
    """The file; ``filters`` as ``loyalty.domain.filters.filters_to_json`` gives them."""
    if kind not in FORMATS:
        raise HTTPException(404, "not_found")
    context, words = web_context(request), viewer.words
    wanted = await run_in_threadpool(_filters, context, group, filters)
    submitted = context.station.writer.submit(
        Priority.STAFF, lambda unit: order_export(unit, context.ctx, viewer.staff, wanted, kind)
    )
    order = await asyncio.wrap_future(submitted)
    rows = export_rows(exported_customers(context.station.reading, context.ctx, order), order)
    today = local_date(context.ctx.clock.now(), viewer.shop.timezone)
    table = Table(f"customers-{today}", export_head(order, words), rows)
    return await sheet_answer(context, words, kind, table)


def _filters(context: WebContext, group: str, filters: str) -> FilterSet:
    """Who is meant.

    Raises:
        HTTPException: 404 for a group that is not there, 422 for filters that cannot be read.
    """
    if group:
        return _of_group(context, uuid_of(group))
    if not filters:
        return FilterSet()
    try:
        return filters_from_json(json.loads(filters[:_MAX_FILTER_CHARS]))
    except (ValueError, AttributeError, InvalidValueError) as error:
        raise HTTPException(422, "filters_unreadable") from error


def _of_group(context: WebContext, group_id: UUID | None) -> FilterSet:
    with context.reading() as unit:
        smart, there = unit.groups.smart(), {group.id for group in unit.groups.all()}
    if group_id is None or group_id not in there:
        raise HTTPException(404, "not_found")
    return smart.get(group_id) or FilterSet((ManualGroups(frozenset({group_id})),))
