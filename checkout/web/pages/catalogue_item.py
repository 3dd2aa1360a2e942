"""One item of the catalogue: a new one, or changing one that nobody else changed meanwhile."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.catalogue.item_form import form_rows, item_typed, new_item_typed, read_item
from checkout.programme.typed import FieldReader, Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.pages.catalogue import CatalogueKeeper, written
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page, typed_form
from loyalty.domain.catalogue import Category, Item, ItemVariation, TaxRate
from loyalty.domain.catalogue_edit import MAX_NAME_CHARS
from loyalty.domain.country import preset_of
from loyalty.domain.text import clean_line
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.keep_items import ItemFaults, add_item, change_item

router = APIRouter(prefix="/catalogue")


@dataclass(frozen=True)
class _Beside:
    """What the form offers to choose from, and the item as it is now."""

    categories: tuple[Category, ...]
    taxes: tuple[TaxRate, ...]
    item: Item | None
    variations: tuple[ItemVariation, ...]


@router.get("/new")
async def new_page(
    request: Request, viewer: CatalogueKeeper, barcode: str = "", category: str = ""
) -> Response:
    """A form for a new item; ``barcode`` is one that was read at the till and that nobody knew."""
    beside = await run_in_threadpool(_read, web_context(request), None)
    typed = new_item_typed(_usual_taxes(viewer, beside), clean_line(barcode[:200], 64) or "", category[:40])
    return _form(viewer, beside, typed, {})


@router.post("/new")
async def post_new(request: Request, viewer: CatalogueKeeper) -> Response:
    typed, ctx = await typed_form(request), web_context(request).ctx
    reader = FieldReader(typed, viewer.shop.currency)
    read = read_item(reader)
    if not reader.problems:
        kept = await written(request, lambda unit: add_item(unit, ctx, viewer.staff, read.draft))
        if not isinstance(kept, ItemFaults):
            return RedirectResponse("/catalogue?done=added", 303)
        read.note(reader, kept)
    beside = await run_in_threadpool(_read, web_context(request), None)
    return _form(viewer, beside, typed, reader.problems)


@router.get("/{item_id}")
async def item_page(item_id: UUID, request: Request, viewer: CatalogueKeeper) -> Response:
    beside = await run_in_threadpool(_read, web_context(request), item_id)
    if beside.item is None:
        raise HTTPException(404, "item_unknown")
    typed = item_typed(beside.item, beside.variations, viewer.words, viewer.shop.currency)
    return _form(viewer, beside, typed, {})


@router.post("/{item_id}")
async def post_item(item_id: UUID, request: Request, viewer: CatalogueKeeper) -> Response:
    typed, ctx = await typed_form(request), web_context(request).ctx
    reader = FieldReader(typed, viewer.shop.currency)
    read = read_item(reader)
    seen = int(typed.one("version")) if typed.one("version").isdecimal() else 0

    def change(unit: UnitOfWork) -> Item | ItemFaults:
        return change_item(unit, ctx, viewer.staff, read.draft, item_id=item_id, seen=seen)

    if not reader.problems:
        kept = await written(request, change)
        if not isinstance(kept, ItemFaults):
            return RedirectResponse("/catalogue?done=changed", 303)
        read.note(reader, kept)
    beside = await run_in_threadpool(_read, web_context(request), item_id)
    if beside.item is None:
        raise HTTPException(404, "item_unknown")
    return _form(viewer, beside, typed, reader.problems)


def _form(viewer: SignedInStaff, beside: _Beside, typed: Typed, problems: dict[str, Problem]) -> Response:
    item = beside.item
    return staff_page(
        "catalogue_item.html",
        viewer,
        "catalogue",
        path=f"/catalogue/{item.id if item is not None else 'new'}",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        item=item,
        categories=beside.categories,
        taxes=beside.taxes,
        rows=form_rows(typed),
        symbol=viewer.words.currency_symbol(viewer.shop.currency),
        max_chars=MAX_NAME_CHARS,
        is_stale="item" in problems and problems["item"].code == "item_changed_meanwhile",
    )


def _usual_taxes(viewer: SignedInStaff, beside: _Beside) -> tuple[str, ...]:
    preset = preset_of(viewer.shop.country, viewer.shop.default_language)
    usual = preset.default_tax_ids if preset is not None else ()
    return tuple(rate.id for rate in beside.taxes if rate.id in usual)


def _read(context: WebContext, item_id: UUID | None) -> _Beside:
    with context.reading() as unit:
        item = unit.catalogue.item(item_id) if item_id is not None else None
        variations = tuple(unit.catalogue.variations(item.id)) if item is not None else ()
        return _Beside(
            tuple(unit.catalogue.categories()), tuple(unit.catalogue.tax_rates()), item, variations
        )
