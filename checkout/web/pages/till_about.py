"""What the shop knows of the member on the sale, loaded beside the live parts (rows 16, 78, 82)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from checkout.web.context import WebContext, web_context
from checkout.web.pages.till import OwnLane, newest
from checkout.web.rendering import render
from checkout.web.session import Seller
from checkout.web.till_page import till_fields
from loyalty.domain.register import REGISTER_ITEM_ID
from loyalty.domain.staff import Permission
from loyalty.ports.customer_activity import BoughtItem, PastSale, VisitFigures

router = APIRouter(prefix="/till/{number}")

_FAVOURITES = 3
_SALES = 3


@dataclass(frozen=True)
class About:
    """A short history of one customer."""

    visits: VisitFigures
    favourites: tuple[BoughtItem, ...]
    sales: tuple[PastSale, ...]
    preferences: str | None


@router.get("/about")
async def about(lane: OwnLane, request: Request, viewer: Seller) -> Response:
    """Empty where nobody is on the sale, and for who may not see customers."""
    context = web_context(request)
    change = newest(context, lane)
    view = change.view.seen_by(viewer.staff)
    member = view.sale.member if view.sale is not None else None
    if member is None or not viewer.staff.may(Permission.VIEW_CUSTOMERS):
        return HTMLResponse("")
    found = await run_in_threadpool(_about, context, member.customer_id)
    return HTMLResponse(
        render(
            "_till_about.html",
            viewer.words,
            about=found,
            customer_id=member.customer_id,
            **till_fields(view, change.number, viewer),
        )
    )


def _favourites(bought: Sequence[BoughtItem]) -> tuple[BoughtItem, ...]:
    """What a register did not name is nobody's favourite."""
    return tuple(each for each in bought if each.item_id != REGISTER_ITEM_ID)[:_FAVOURITES]


def _about(context: WebContext, customer_id: UUID) -> About:
    with context.reading() as unit:
        activity = unit.customer_activity
        customer = unit.customers.get(customer_id)
        return About(
            activity.visits(customer_id).after(unit.activity.start(customer_id)),
            _favourites(activity.items(customer_id, _FAVOURITES + 1)),
            tuple(activity.sales(customer_id, _SALES)),
            customer.preferences if customer is not None else None,
        )
