"""The directory: search as one types, filters, saved views, doing something with those shown (rows 4-7)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.directory.filter_form import FilterReader, Offered, offered_filters, offered_of
from checkout.directory.filter_words import FilterWording
from checkout.directory.places import place_of, text_of_place
from checkout.programme.typed import FieldReader, Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.customer_lines import CustomerLine, line_of
from checkout.web.rendering import money_fields, page
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.sheet_answer import FORMATS
from checkout.web.staff_page import staff_page, typed_query
from loyalty.domain.filters import FilterSet, Known, filters_from_json, filters_to_json
from loyalty.domain.group import Group
from loyalty.domain.staff import Permission
from loyalty.errors import InvalidValueError
from loyalty.ports.find_customers import Place, SavedView
from loyalty.services.find_customers import CustomerPage, filter_customers, search_customers

router = APIRouter(prefix="/customers")

MAX_QUERY_CHARS = 100
DONE_TEXTS = {
    "chosen": "They are in the group now.",
    "saved": "The view is saved.",
    "removed": "The view is removed.",
}


async def directory_reader(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of the pages that show the directory."""
    viewer.require(Permission.VIEW_CUSTOMERS)
    return viewer


DirectoryReader = Annotated[SignedInStaff, Depends(directory_reader)]


@dataclass(frozen=True)
class Shown:
    """What the page of the directory shows."""

    known: Known
    found: CustomerPage
    views: tuple[SavedView, ...]
    manual_groups: tuple[Group, ...]
    is_search: bool


@router.get("")
async def customers_page(request: Request, viewer: DirectoryReader) -> Response:
    typed = typed_query(request)
    return await directory_answer(request, viewer, filters_of(typed.one("filters")), typed=typed)


@router.get("/found")
async def found_customers(request: Request, viewer: DirectoryReader, q: str = "") -> Response:
    """The list alone, while somebody types."""
    context = web_context(request)
    filters = filters_of(request.query_params.get("filters", ""))
    shown = await run_in_threadpool(_read, context, viewer, filters, q[:MAX_QUERY_CHARS], None)
    money = money_fields(viewer.words, viewer.shop.currency, "point", "points")["money"]
    fields = _list_fields(viewer, shown, filters, q)
    return page("_customers_found.html", viewer.words, timezone=viewer.shop.timezone, money=money, **fields)


@router.get("/filter")
async def add_filter(request: Request, viewer: DirectoryReader) -> Response:
    """Reads one filter that was typed in, and shows the customers for whom it holds too (row 6)."""
    typed = typed_query(request)
    filters = filters_of(typed.one("filters"))
    known = await run_in_threadpool(known_to_shop, web_context(request))
    offered = offered_of(typed.one("add"), known)
    if offered is None:
        return RedirectResponse(_address(filters), 303)
    reader = FieldReader(typed, viewer.shop.currency)
    read = FilterReader(reader, known).read(offered.cls, offered.field_id)
    if read is None:
        return await directory_answer(
            request, viewer, filters, typed=typed, problems=reader.problems, status=422
        )
    added = filters_or_none((*filters.filters, read))
    return RedirectResponse(_address(added if added is not None else filters), 303)


def filters_or_none(filters: tuple[object, ...]) -> FilterSet | None:
    """The set of these filters; None where there are too many."""
    try:
        return FilterSet(filters)  # type: ignore[arg-type]
    except InvalidValueError:
        return None


def filters_of(text: str) -> FilterSet:
    """The filters of an address; none where the text is not ours."""
    try:
        value = json.loads(text) if text else None
        return filters_from_json(value) if isinstance(value, dict) else FilterSet()
    except (ValueError, RecursionError, InvalidValueError):
        return FilterSet()


def text_of_filters(filters: FilterSet) -> str:
    """The filters for an address; empty where there are none."""
    return json.dumps(filters_to_json(filters), separators=(",", ":")) if filters.filters else ""


async def directory_answer(
    request: Request,
    viewer: SignedInStaff,
    filters: FilterSet,
    *,
    typed: Typed,
    problems: dict[str, Problem] | None = None,
    status: int = 200,
) -> Response:
    """The page, also with what was wrong in a form of it."""
    context = web_context(request)
    q = typed.one("q").strip()[:MAX_QUERY_CHARS]
    shown = await run_in_threadpool(_read, context, viewer, filters, q, place_of(typed.one("after")))
    wording = FilterWording(viewer.words, viewer.shop.currency, shown.known)
    offered = offered_filters(shown.known)
    adding = next((each for each in offered if each.key == typed.one("add")), None)
    done = DONE_TEXTS.get(typed.one("done"))
    return staff_page(
        "customers.html",
        viewer,
        "customers",
        path="/customers",
        status=status,
        typed=typed if problems or adding is None else first_values(adding, typed),
        problems=problems or {},
        offered=[(each, wording.words_title(each)) for each in offered],
        adding=adding,
        adding_title=wording.words_title(adding) if adding is not None else "",
        adding_field=shown.known.fields.get(adding.field_id) if adding and adding.field_id else None,
        known=shown.known,
        filter_wording=wording,
        chips=filter_chips(filters, wording, _address),
        views=[(each, _address(each.filters)) for each in shown.views],
        missing=wording.missing(shown.found.missing),
        may_group=viewer.staff.may(Permission.MANAGE_GROUPS),
        may_import=viewer.staff.may(Permission.IMPORT_CUSTOMERS),
        may_create=viewer.staff.may(Permission.CREATE_CUSTOMERS),
        has_problem=bool(problems),
        done=viewer.words.text(done) if done else "",
        **_list_fields(viewer, shown, filters, q),
    )


def first_values(adding: Offered, typed: Typed) -> Typed:
    """A new filter's form begins with what is asked for most."""
    first = {"comparator": "at_least", "period": "always", "has_visited": "yes", "has_bought": "yes"}
    first |= {
        "is_enrolled": "yes",
        "is_in": "yes",
        "is_on": "yes",
        "period_count": "8",
        "period_unit": "weeks",
    }
    names = {field.name for field in adding.cls.form} | {"period_count", "period_unit"}
    for name in names & first.keys():
        if name not in typed.values:
            typed = typed.with_one(name, first[name])
    return typed


def filter_chips(
    filters: FilterSet, wording: FilterWording, address: Callable[[FilterSet], str]
) -> list[tuple[str, str]]:
    """Each filter as a sentence, with the address without it."""
    chips = []
    for number, each in enumerate(filters.filters):
        rest = FilterSet((*filters.filters[:number], *filters.filters[number + 1 :]))
        chips.append((wording.sentence(each), address(rest)))
    return chips


def _list_fields(viewer: SignedInStaff, shown: Shown, filters: FilterSet, q: str) -> dict[str, Any]:
    lines: list[CustomerLine] = [line_of(each, viewer) for each in shown.found.customers]
    place = shown.found.next_place
    more = _address(filters, after=text_of_place(place)) if place is not None else ""
    return {
        "lines": lines,
        "count": shown.found.count,
        "is_search": shown.is_search,
        "is_filtered": bool(filters.filters),
        "q": q,
        "more": more,
        "manual_groups": shown.manual_groups,
        "filters_text": text_of_filters(filters),
        "may_choose": viewer.staff.may(Permission.MANAGE_GROUPS),
        "exports": _exports(viewer, filters) if not shown.is_search else [],
        "may_print": viewer.staff.may(Permission.EDIT_CUSTOMERS),
    }


def _exports(viewer: SignedInStaff, filters: FilterSet) -> list[tuple[str, str]]:
    """Formats, with the addresses of files of exactly those shown; none for who may take none along."""
    if not viewer.staff.may(Permission.EXPORT_CUSTOMERS):
        return []
    query = urlencode({"filters": text_of_filters(filters)}) if filters.filters else ""
    return [
        (kind, f"/customers/export/customers.{kind}" + (f"?{query}" if query else "")) for kind in FORMATS
    ]


def _address(filters: FilterSet, **more: str) -> str:
    query = {name: value for name, value in {"filters": text_of_filters(filters), **more}.items() if value}
    return f"/customers?{urlencode(query)}" if query else "/customers"


def known_to_shop(context: WebContext) -> Known:
    """What filters may refer to now; blocks on the database."""
    with context.reading() as unit:
        return unit.groups.known()


def _read(
    context: WebContext, viewer: SignedInStaff, filters: FilterSet, q: str, after: Place | None
) -> Shown:
    with context.reading() as unit:
        known = unit.groups.known()
        if q.strip():
            listed = search_customers(unit, q, viewer.staff)
            found = CustomerPage(len(listed), listed, None)
        else:
            found = filter_customers(unit, context.ctx, filters, viewer.staff, after=after)
        smart = unit.groups.smart()
        manual = tuple(group for group in unit.groups.all() if group.id not in smart)
        return Shown(known, found, tuple(unit.directory.views()), manual, bool(q.strip()))


def chosen_ids(typed: Typed) -> list[UUID]:
    """The customers whose boxes are ticked."""
    reader = FieldReader(typed, "EUR")
    return list(dict.fromkeys(each for each in map(_uuid, reader.typed.many("customer")) if each is not None))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
