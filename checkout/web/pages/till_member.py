"""Who the sale is for: found by name, number or reference, or made on the spot (rows 12, 24-30, 103, 148)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from checkout.profiles.consent_wording import email_wording
from checkout.programme.typed import Problem, Typed
from checkout.till.actions import TillActions, perform
from checkout.till.new_customer import make_customer, read_new_customer
from checkout.web.context import WebContext, web_context
from checkout.web.pages.till import OwnLane, newest
from checkout.web.rendering import page, render
from checkout.web.session import Seller, SignedInStaff
from checkout.web.staff_page import typed_form
from checkout.web.till_found import Found, found_of
from checkout.web.till_page import till_fields
from checkout.writer import Priority
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.errors import ConflictError, UnknownIdError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.find_customers import search_customers
from loyalty.services.staff_at_sale import adding_off
from runtime.ids import new_id

router = APIRouter(prefix="/till/{number}/member")

_FOUND = 8
_MAX_TYPED = 80


class ChosenForm(BaseModel):
    """Whom staff put on which sale; ``checked``: they made sure of who it is."""

    sale: UUID
    customer: UUID
    checked: Annotated[str, Field(max_length=4)] = ""


@dataclass(frozen=True)
class Asked:
    """What the page is drawn from: the search, and the form of a new customer."""

    q: str
    typed: Typed
    problems: dict[str, Problem]
    has_read_nothing: bool = False
    """A photo was taken, and no code is on it."""


@router.get("")
async def member_page(
    lane: OwnLane, request: Request, viewer: Seller, q: str = "", said: str = ""
) -> Response:
    asked = Asked(q, Typed({"key": (str(new_id()),)}), {}, has_read_nothing=said == "no_code")
    return await _page(request, lane, viewer, asked)


@router.get("/found")
async def found_part(lane: OwnLane, request: Request, viewer: Seller, q: str = "") -> Response:
    """The list alone, as somebody types."""
    viewer.require(Permission.VIEW_CUSTOMERS)
    found = await run_in_threadpool(_search, web_context(request), viewer, q)
    return HTMLResponse(render("_till_found.html", viewer.words, **_fields(request, lane, viewer, q, found)))


@router.post("")
async def attach(
    lane: OwnLane, request: Request, viewer: Seller, chosen: Annotated[ChosenForm, Form()]
) -> Response:
    viewer.require(Permission.VIEW_CUSTOMERS)
    actions = TillActions(web_context(request).station, lane, viewer.staff)
    is_checked = chosen.checked == "1" and viewer.staff.may(Permission.IDENTIFY)
    return await _attached(actions, chosen.sale, chosen.customer, is_checked=is_checked)


@router.post("/new")
async def post_new(lane: OwnLane, request: Request, viewer: Seller) -> Response:
    viewer.require(Permission.CREATE_CUSTOMERS)
    context, typed = web_context(request), await typed_form(request)
    wanted = read_new_customer(typed)
    if wanted is None:
        return await _page(request, lane, viewer, Asked("", typed, {"given_name": Problem("sale_unknown")}))

    def make(unit: UnitOfWork) -> UUID | Refused | dict[str, Problem]:
        off = adding_off(unit, wanted.sale_id)
        if off is not None:
            return off
        return make_customer(unit, context.ctx, wanted, viewer.staff, email_wording(viewer.words))

    made = await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, make))
    if isinstance(made, Refused):
        return RedirectResponse(f"/till/{lane.number}?refused={made.reason.value}", 303)
    if not isinstance(made, UUID):
        return await _page(request, lane, viewer, Asked("", typed, made))
    context.station.courier.wake()
    actions = TillActions(context.station, lane, viewer.staff)
    return await _attached(actions, wanted.sale_id, made, is_checked=False)


async def _attached(actions: TillActions, sale_id: UUID, customer_id: UUID, *, is_checked: bool) -> Response:
    there = f"/till/{actions.lane.number}"
    try:
        refused = await perform(actions, actions.attach(sale_id, customer_id, is_checked=is_checked))
    except ConflictError:
        return RedirectResponse(f"{there}?refused=sale_changed", 303)
    except UnknownIdError:
        return RedirectResponse(f"{there}?refused=sale_unknown", 303)
    return RedirectResponse(there if refused is None else f"{there}?refused={refused.reason.value}", 303)


async def _page(request: Request, lane: Lane, viewer: SignedInStaff, asked: Asked) -> Response:
    viewer.require(Permission.VIEW_CUSTOMERS)
    found = await run_in_threadpool(_search, web_context(request), viewer, asked.q)
    words = viewer.words
    return page(
        "till_member.html",
        words,
        status=422 if asked.problems else 200,
        shop_name=viewer.shop.name,
        is_demo=viewer.shop.is_demo,
        staff_name=viewer.staff.display_name,
        here=f"/till/{lane.number}/member",
        typed=asked.typed,
        problems={key: problem.text(words, viewer.shop.currency) for key, problem in asked.problems.items()},
        may_create=viewer.staff.may(Permission.CREATE_CUSTOMERS),
        sees_contact=viewer.staff.may(Permission.VIEW_CONTACT),
        email_words=email_wording(words).text,
        takes_photos=web_context(request).read_codes is not None,
        has_read_nothing=asked.has_read_nothing,
        **_fields(request, lane, viewer, asked.q, found),
    )


def _fields(
    request: Request, lane: Lane, viewer: SignedInStaff, q: str, found: Sequence[Found]
) -> dict[str, Any]:
    change = newest(web_context(request), lane)
    view = change.view.seen_by(viewer.staff)
    return {
        "q": q[:_MAX_TYPED],
        "found": found,
        "may_check": viewer.staff.may(Permission.IDENTIFY),
        **till_fields(view, change.number, viewer),
    }


def _search(context: WebContext, viewer: SignedInStaff, q: str) -> list[Found]:
    typed = q.strip()[:_MAX_TYPED]
    if not typed:
        return []
    with context.reading() as unit:
        listed = search_customers(unit, typed, viewer.staff, _FOUND)
    return [found_of(each, viewer) for each in listed]
