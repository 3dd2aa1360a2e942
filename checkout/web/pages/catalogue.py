"""The catalogue: what is sold, found and sorted; taking items away and bringing them back."""

import asyncio
import re
from collections.abc import Callable
from typing import Annotated, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.catalogue.listing import SORTS, STATES, Listing, Wanted, list_items
from checkout.programme.typed import Problem
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import staff_page, typed_query
from checkout.writer import Priority
from loyalty.domain.catalogue import Category, Item, TaxRate
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refusal, Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.keep_items import archive_item, restore_item

router = APIRouter(prefix="/catalogue")

CATALOGUE_DONE = {
    "added": "The item is in the catalogue.",
    "changed": "The item is changed.",
    "archived": "The item is archived: it is no longer sold, and its barcodes are free.",
    "restored": "The item is sold again.",
}
_Result = TypeVar("_Result")


async def catalogue_keeper(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of the pages that show and change the catalogue."""
    viewer.require(Permission.MANAGE_CATALOGUE)
    return viewer


CatalogueKeeper = Annotated[SignedInStaff, Depends(catalogue_keeper)]


async def written(request: Request, work: Callable[[UnitOfWork], _Result]) -> _Result:
    """What a use case gives, run by the station's writer."""
    writer = web_context(request).station.writer
    return await asyncio.wrap_future(writer.submit(Priority.STAFF, work))


@router.get("")
async def catalogue_page(request: Request, viewer: CatalogueKeeper) -> Response:
    typed = typed_query(request)
    state, sort, page, done = (typed.one(name) for name in ("state", "sort", "page", "done"))
    wanted = Wanted(
        text=typed.one("q").strip()[:100],
        state=state if state in STATES else STATES[0],
        category=typed.one("category")[:40],
        sort=sort if sort in SORTS else SORTS[0],
        page=int(page) if re.fullmatch("[0-9]{1,6}", page) else 1,
    )
    listing, categories, taxes = await run_in_threadpool(_read, web_context(request), wanted)
    return staff_page(
        "catalogue.html",
        viewer,
        "catalogue",
        path="/catalogue",
        wanted=wanted,
        listing=listing,
        categories=categories,
        taxes=taxes,
        done=viewer.words.text(CATALOGUE_DONE[done]) if done in CATALOGUE_DONE else "",
        address=lambda number: "/catalogue?" + urlencode(_query(wanted) | {"page": number}),
    )


@router.post("/{item_id}/archive")
async def post_archive(item_id: UUID, request: Request, viewer: CatalogueKeeper) -> Response:
    ctx = web_context(request).ctx
    found = await written(request, lambda unit: archive_item(unit, ctx, viewer.staff, item_id))
    if isinstance(found, Refused):
        raise HTTPException(404, found.reason.value)
    return RedirectResponse("/catalogue?done=archived", 303)


@router.post("/{item_id}/restore")
async def post_restore(item_id: UUID, request: Request, viewer: CatalogueKeeper) -> Response:
    ctx = web_context(request).ctx
    found = await written(request, lambda unit: restore_item(unit, ctx, viewer.staff, item_id))
    if isinstance(found, Item):
        return RedirectResponse("/catalogue?done=restored", 303)
    if found.reason is Refusal.ITEM_UNKNOWN:
        raise HTTPException(404, found.reason.value)
    text = Problem.of(found).text(viewer.words, viewer.shop.currency)
    return staff_page(
        "catalogue_not_restored.html", viewer, "catalogue", path="/catalogue", status=422, item_id=item_id,
        reason=text,
    )  # fmt: skip


def _query(wanted: Wanted) -> dict[str, str | int]:
    return {"q": wanted.text, "state": wanted.state, "category": wanted.category, "sort": wanted.sort}


def _read(context: WebContext, wanted: Wanted) -> tuple[Listing, tuple[Category, ...], tuple[TaxRate, ...]]:
    with context.reading() as unit:
        return list_items(unit, wanted), tuple(unit.catalogue.categories()), tuple(unit.catalogue.tax_rates())
