"""The till of a lane beside another register: its total is typed, its payment confirmed (row 195)."""

from typing import Annotated

from fastapi import APIRouter, Form
from pydantic import Field
from starlette.responses import Response

from checkout.programme.typed import FieldReader, Typed
from checkout.web.at_till import SaleId, Till
from checkout.words import words_for
from loyalty.domain.catalogue import MAX_PRICE_MINOR
from loyalty.domain.register import StatedLine

router = APIRouter(prefix="/till/{number}")


@router.post("/stated")
async def state_total(till: Till, amount: Annotated[str, Form(max_length=40)]) -> Response:
    """The total of the register, before any discount that the member has."""
    reader = FieldReader(Typed.of([("amount", amount)]), till.viewer.shop.currency)
    minor = reader.money("amount", 1, MAX_PRICE_MINOR)
    if reader.problems or minor is None:
        return await till.answer("amount_invalid", faults=("amount",))
    words = words_for(till.viewer.shop.default_language, till.viewer.shop.country)
    line = StatedLine(words.text("Purchase at the register"), minor)
    return await till.do(till.actions.state([line]))


@router.post("/recorded")
async def record(
    till: Till,
    sale: SaleId,
    total: Annotated[int, Form(ge=0), Field(le=10**10)],
) -> Response:
    """The register was paid so much; repeated, it is recorded once."""
    return await till.do(till.actions.record(sale, total))
