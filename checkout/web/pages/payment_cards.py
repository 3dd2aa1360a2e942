"""Payment cards that stand for a customer: linked at the receipt, and on the profile (row 145)."""

import asyncio
from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Form
from pydantic import BaseModel, Field, StringConstraints
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import Problem
from checkout.web.at_till import AtTill, Till
from checkout.web.context import web_context
from checkout.web.pages.customer import CustomerReader, show_customer
from checkout.web.session import SignedInStaff
from checkout.writer import Priority
from loyalty.domain.payment_card import LinkedCard
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.paying_card import link_paying_card
from loyalty.services.payment_card import unlink_card

router = APIRouter()


class PaidByForm(BaseModel):
    """A card that paid a sale; ``checked``: staff made sure who the customer is."""

    sale: UUID
    last_four: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
    checked: Annotated[str, Field(max_length=4)] = ""


async def card_linker(viewer: CustomerReader) -> SignedInStaff:
    """Dependency: with a card that is linked to a customer, its holder is taken for them."""
    viewer.require(Permission.IDENTIFY)
    return viewer


async def linking_till(till: Till) -> AtTill:
    """The same at a till."""
    till.viewer.require(Permission.IDENTIFY)
    return till


CardLinker = Annotated[SignedInStaff, Depends(card_linker)]
LinkingTill = Annotated[AtTill, Depends(linking_till)]


@router.post("/customers/{customer_id:uuid}/payment-cards")
async def link(
    request: Request, viewer: CardLinker, customer_id: UUID, card: Annotated[PaidByForm, Form()]
) -> Response:
    """Link a card that paid a sale of theirs; the button says that staff made sure whose it is."""
    ctx = web_context(request).ctx

    def act(unit: UnitOfWork) -> LinkedCard | Refused:
        return link_paying_card(
            unit, ctx, card.sale, card.last_four, viewer.staff, is_checked=True, customer_id=customer_id
        )

    return await _done(request, viewer, customer_id, act, "linked")


@router.post("/customers/{customer_id:uuid}/payment-cards/{card_id:uuid}/unlink")
async def unlink(request: Request, viewer: CardLinker, customer_id: UUID, card_id: UUID) -> Response:
    ctx = web_context(request).ctx

    def act(unit: UnitOfWork) -> LinkedCard | Refused:
        return unlink_card(unit, ctx, customer_id, card_id, viewer.staff)

    return await _done(request, viewer, customer_id, act, "unlinked")


@router.post("/till/{number}/card")
async def link_at_receipt(till: LinkingTill, card: Annotated[PaidByForm, Form()]) -> Response:
    """Link the card that just paid to the customer of the sale."""
    action = till.actions.link_card(card.sale, card.last_four, is_checked=card.checked == "1")
    return await till.do(action, done="linked")


async def _done(
    request: Request,
    viewer: SignedInStaff,
    customer_id: UUID,
    act: Callable[[UnitOfWork], LinkedCard | Refused],
    said: str,
) -> Response:
    station = web_context(request).station
    outcome = await asyncio.wrap_future(station.writer.submit(Priority.STAFF, act))
    if isinstance(outcome, Refused):
        problems = {"payment_card": Problem.of(outcome)}
        return await show_customer(request, viewer, customer_id, problems=problems)
    station.refresher.all_changed()
    return RedirectResponse(f"/customers/{customer_id}?done={said}#payment-cards", 303)
