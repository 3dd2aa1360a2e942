"""Customers at the till by filters: the few that help at a counter; the directory has them all (row 7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.directory.filter_form import FilterReader, Offered, offered_filters
from checkout.directory.filter_words import FilterWording
from checkout.directory.places import place_of, text_of_place
from checkout.programme.typed import FieldReader, Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.pages.customers import (
    filter_chips,
    filters_of,
    filters_or_none,
    first_values,
    known_to_shop,
    text_of_filters,
)
from checkout.web.pages.till import OwnLane, newest
from checkout.web.rendering import page
from checkout.web.session import Seller, SignedInStaff
from checkout.web.staff_page import typed_query
from checkout.web.till_found import found_of
from checkout.web.till_page import till_fields
from loyalty.domain.filters import TILL_FILTERS, FilterSet, Known
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission
from loyalty.ports.find_customers import Place
from loyalty.services.find_customers import CustomerPage, filter_customers

router = APIRouter(prefix="/till/{number}/customers")

_ROWS = 20


@dataclass(frozen=True)
class _Asked:
    filters: FilterSet
    typed: Typed
    problems: dict[str, Problem]


@router.get("")
async def till_customers(lane: OwnLane, request: Request, viewer: Seller) -> Response:
    viewer.require(Permission.VIEW_CUSTOMERS)
    typed = typed_query(request)
    return await _answer(request, lane, viewer, _Asked(till_filters_of(typed.one("filters")), typed, {}))


@router.get("/filter")
async def add_till_filter(lane: OwnLane, request: Request, viewer: Seller) -> Response:
    """Reads one filter that was typed in; one that the till does not offer is not taken."""
    viewer.require(Permission.VIEW_CUSTOMERS)
    typed = typed_query(request)
    filters = till_filters_of(typed.one("filters"))
    known = await run_in_threadpool(known_to_shop, web_context(request))
    wanted = next((each for each in _offered(known) if each.key == typed.one("add")), None)
    if wanted is None:
        return RedirectResponse(_address(lane, filters), 303)
    reader = FieldReader(typed, viewer.shop.currency)
    read = FilterReader(reader, known).read(wanted.cls)
    if read is None:
        return await _answer(request, lane, viewer, _Asked(filters, typed, reader.problems))
    added = filters_or_none((*filters.filters, read))
    return RedirectResponse(_address(lane, added if added is not None else filters), 303)


def till_filters_of(text: str) -> FilterSet:
    """The filters of an address without those that only the directory has."""
    return FilterSet(tuple(each for each in filters_of(text).filters if isinstance(each, TILL_FILTERS)))


def _offered(known: Known) -> list[Offered]:
    return [each for each in offered_filters(known) if each.cls in TILL_FILTERS]


def _address(lane: Lane, filters: FilterSet, **more: str) -> str:
    query = {name: value for name, value in {"filters": text_of_filters(filters), **more}.items() if value}
    here = f"/till/{lane.number}/customers"
    return f"{here}?{urlencode(query)}" if query else here


async def _answer(request: Request, lane: Lane, viewer: SignedInStaff, asked: _Asked) -> Response:
    context, filters, typed = web_context(request), asked.filters, asked.typed
    known, found = await run_in_threadpool(_read, context, viewer, filters, place_of(typed.one("after")))
    wording = FilterWording(viewer.words, viewer.shop.currency, known)
    change = newest(context, lane)
    adding = next((each for each in _offered(known) if each.key == typed.one("add")), None)
    problems = {
        key: problem.text(viewer.words, viewer.shop.currency) for key, problem in asked.problems.items()
    }
    return page(
        "till_customers.html",
        viewer.words,
        status=422 if problems else 200,
        shop_name=viewer.shop.name,
        is_demo=viewer.shop.is_demo,
        staff_name=viewer.staff.display_name,
        here=f"/till/{lane.number}/customers",
        typed=typed if problems or adding is None else first_values(adding, typed),
        problems=problems,
        offered=[(each, wording.words_title(each)) for each in _offered(known)],
        adding=adding,
        filter_wording=wording,
        known=known,
        chips=filter_chips(filters, wording, lambda rest: _address(lane, rest)),
        missing=wording.missing(found.missing),
        filters_text=text_of_filters(filters),
        count=found.count,
        more=_address(lane, filters, after=text_of_place(found.next_place)) if found.next_place else "",
        **_list_fields(viewer, found.customers),
        **till_fields(change.view.seen_by(viewer.staff), change.number, viewer),
    )


def _list_fields(viewer: SignedInStaff, customers: Sequence[Any]) -> dict[str, Any]:
    return {
        "found": [found_of(each, viewer) for each in customers],
        "q": "",
        "may_check": viewer.staff.may(Permission.IDENTIFY),
    }


def _read(
    context: WebContext, viewer: SignedInStaff, filters: FilterSet, after: Place | None
) -> tuple[Known, CustomerPage]:
    with context.reading() as unit:
        found = filter_customers(unit, context.ctx, filters, viewer.staff, after=after, limit=_ROWS)
        return unit.groups.known(), found
