"""The till of a lane beside another register: its total is typed, its payment confirmed (row 195)."""

from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from checkout.programme.typed import FieldReader, Typed
from checkout.web.pages.till import OwnLane
from checkout.web.pages.till_posts import SaleId, answer_at_till, do_at_till, till_actions
from checkout.web.session import Seller
from checkout.words import words_for
from loyalty.domain.catalogue import MAX_PRICE_MINOR
from loyalty.domain.register import StatedLine

router = APIRouter(prefix="/till/{number}")


@router.post("/stated")
async def state_total(
    lane: OwnLane, request: Request, viewer: Seller, amount: Annotated[str, Form(max_length=40)]
) -> Response:
    """The total of the register, before any discount that the member has."""
    reader = FieldReader(Typed.of([("amount", amount)]), viewer.shop.currency)
    minor = reader.money("amount", 1, MAX_PRICE_MINOR)
    if reader.problems or minor is None:
        return answer_at_till(request, lane, viewer, "amount_invalid", {}, faults=("amount",))
    words = words_for(viewer.shop.default_language, viewer.shop.country)
    line = StatedLine(words.text("Purchase at the register"), minor)
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.state([line]))


@router.post("/recorded")
async def record(
    lane: OwnLane,
    request: Request,
    viewer: Seller,
    sale: SaleId,
    total: Annotated[int, Form(ge=0), Field(le=10**10)],
) -> Response:
    """The register was paid so much; repeated, it is recorded once."""
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.record(sale, total))
