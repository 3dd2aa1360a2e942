"""The catalogue's categories, and the taxes that items bear."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import FieldReader, Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.pages.catalogue import CatalogueKeeper, written
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page, typed_form
from checkout.words.figures import decimal_text, percent
from loyalty.domain.catalogue import TaxInclusion, TaxRate
from loyalty.domain.catalogue_edit import MAX_NAME_CHARS, TaxDraft
from loyalty.domain.money import PPM
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.keep_shelves import (
    add_usual_taxes,
    move_category,
    remove_category,
    remove_tax,
    save_category,
    save_tax,
    usual_taxes_missing,
)

router = APIRouter(prefix="/catalogue")

_NEW = "new"


@router.get("/categories")
async def categories_page(request: Request, viewer: CatalogueKeeper) -> Response:
    return await _categories(request, viewer, _NEW, Typed({}), None)


@router.post("/categories")
async def post_category(request: Request, viewer: CatalogueKeeper) -> Response:
    """Add one, or call one otherwise: the field ``category`` says which."""
    typed, ctx = await typed_form(request), web_context(request).ctx
    which = typed.one("category", _NEW)
    category_id = _id(which)
    saved = await written(
        request, lambda unit: save_category(unit, ctx, viewer.staff, typed.one("name"), category_id)
    )
    if isinstance(saved, Refused):
        return await _categories(request, viewer, which, typed, saved)
    return RedirectResponse("/catalogue/categories", 303)


@router.post("/categories/{category_id}/up")
async def post_up(category_id: UUID, request: Request, viewer: CatalogueKeeper) -> Response:
    await written(request, lambda unit: move_category(unit, viewer.staff, category_id, -1))
    return RedirectResponse("/catalogue/categories", 303)


@router.post("/categories/{category_id}/remove")
async def post_remove(category_id: UUID, request: Request, viewer: CatalogueKeeper) -> Response:
    ctx = web_context(request).ctx
    gone = await written(request, lambda unit: remove_category(unit, ctx, viewer.staff, category_id))
    if isinstance(gone, Refused):
        return await _categories(request, viewer, str(category_id), Typed({}), gone)
    return RedirectResponse("/catalogue/categories", 303)


@router.get("/taxes")
async def taxes_page(request: Request, viewer: CatalogueKeeper) -> Response:
    return await _taxes(request, viewer, _NEW, Typed({}), {})


@router.post("/taxes")
async def post_tax(request: Request, viewer: CatalogueKeeper) -> Response:
    """Add one, or change one: the field ``tax`` says which."""
    typed, ctx = await typed_form(request), web_context(request).ctx
    which = typed.one("tax", _NEW)
    reader = FieldReader(typed, viewer.shop.currency)
    draft = TaxDraft(
        name=reader.text("name"),
        rate_ppm=reader.scaled("rate", 4, 0, PPM, "tax_rate_out_of_range"),
        inclusion=TaxInclusion(reader.choice("inclusion", [*TaxInclusion], TaxInclusion.INCLUDED)),
    )
    if not reader.problems:
        tax_id = None if which == _NEW else which
        saved = await written(request, lambda unit: save_tax(unit, ctx, viewer.staff, draft, tax_id))
        if not isinstance(saved, Refused):
            return RedirectResponse("/catalogue/taxes", 303)
        reader.refuse("name", saved)
    return await _taxes(request, viewer, which, typed, reader.problems)


@router.post("/taxes/usual")
async def post_usual(request: Request, viewer: CatalogueKeeper) -> Response:
    """The taxes of the shop's country, where they are not there yet (row 198)."""
    ctx = web_context(request).ctx
    await written(request, lambda unit: add_usual_taxes(unit, ctx, viewer.staff))
    return RedirectResponse("/catalogue/taxes", 303)


@router.post("/taxes/{tax_id}/remove")
async def post_remove_tax(tax_id: str, request: Request, viewer: CatalogueKeeper) -> Response:
    ctx = web_context(request).ctx
    gone = await written(request, lambda unit: remove_tax(unit, ctx, viewer.staff, tax_id))
    if isinstance(gone, Refused):
        return await _taxes(request, viewer, tax_id, Typed({}), {"name": Problem.of(gone)})
    return RedirectResponse("/catalogue/taxes", 303)


async def _categories(
    request: Request, viewer: SignedInStaff, which: str, typed: Typed, refused: Refused | None
) -> Response:
    def read(unit: UnitOfWork) -> dict[str, Any]:
        items = Counter(item.category_id for item in unit.catalogue.all_items())
        return {"categories": [(each, items[each.id]) for each in unit.catalogue.categories()]}

    fields = await run_in_threadpool(_read, web_context(request), read)
    return staff_page(
        "catalogue_categories.html",
        viewer,
        "catalogue",
        path="/catalogue/categories",
        status=422 if refused is not None else 200,
        which=which,
        typed=typed,
        problems={} if refused is None else {"name": Problem.of(refused)},
        max_chars=MAX_NAME_CHARS,
        **fields,
    )


async def _taxes(
    request: Request, viewer: SignedInStaff, which: str, typed: Typed, problems: dict[str, Problem]
) -> Response:
    def read(unit: UnitOfWork) -> dict[str, Any]:
        bearing = Counter(rate.id for item in unit.catalogue.all_items() for rate in item.tax_rates)
        taxes = tuple(unit.catalogue.tax_rates())
        return {
            "taxes": [(rate, bearing[rate.id]) for rate in taxes],
            "usual": usual_taxes_missing(unit),
        }

    def rate_text(rate: TaxRate) -> str:
        return decimal_text(viewer.words, rate.rate_ppm, 4)

    fields = await run_in_threadpool(_read, web_context(request), read)
    return staff_page(
        "catalogue_taxes.html",
        viewer,
        "catalogue",
        path="/catalogue/taxes",
        status=422 if problems else 200,
        which=which,
        typed=typed,
        problems=problems,
        max_chars=MAX_NAME_CHARS,
        rate_text=rate_text,
        percent=lambda rate_ppm: percent(viewer.words, rate_ppm),
        **fields,
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _read(context: WebContext, read: Callable[[UnitOfWork], dict[str, Any]]) -> dict[str, Any]:
    with context.reading() as unit:
        return read(unit)
