"""What the till page's buttons do. Each answers with the changed parts (htmx) or goes back to the page."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from checkout.errors import WriterBusyError
from checkout.programme.typed import FieldReader, Typed, uuid_of
from checkout.till.actions import Action, TillActions, perform
from checkout.till.offers import OTHER_TENDERS, PaymentForm, read_offers, unreadable_amounts
from checkout.till.scanned import scan_action
from checkout.web.context import web_context
from checkout.web.pages.till import DONE_TEXTS, OwnLane, newest
from checkout.web.receipt_letter import draw_receipt
from checkout.web.session import Seller, SignedInStaff
from checkout.web.till_page import flash_part, out_of_band
from checkout.words.reasons import reason_text
from loyalty.domain.money import PPM
from loyalty.domain.sale import TenderKind
from loyalty.domain.shop import Lane
from loyalty.domain.why import Refused
from loyalty.errors import ConflictError, UnknownIdError
from loyalty.services.staff_discounts import DiscountDraft

router = APIRouter(prefix="/till/{number}")

_MAX_MINOR = 10**9
_MAX_ADDRESS_CHARS = 300

SaleId = Annotated[UUID, Form()]
_Amount = Annotated[str, Field(max_length=40)]


class PayForm(BaseModel):
    """See :class:`checkout.till.offers.PaymentForm`; a repeated post pays once."""

    sale: UUID
    total: Annotated[int, Field(ge=0, le=_MAX_MINOR)]
    all_by: TenderKind | None = None
    given_minor: Annotated[int | None, Field(ge=0, le=_MAX_MINOR)] = None
    given: _Amount = ""
    tip: _Amount = ""
    card: _Amount = ""
    gift_card: _Amount = ""
    cheque: _Amount = ""
    other: _Amount = ""

    def payment(self) -> PaymentForm:
        amounts = {kind: getattr(self, kind.value) for kind in OTHER_TENDERS}
        return PaymentForm(self.total, self.all_by, self.given_minor, self.given, self.tip, amounts)


class DiscountForm(BaseModel):
    """A discount by staff: ``rate`` in percent or ``amount``, on one line or on the whole sale."""

    sale: UUID
    reason: Annotated[str, Field(max_length=400)] = ""
    rate: _Amount = ""
    amount: _Amount = ""
    line: Annotated[str, Field(max_length=40)] = ""


@router.post("/open")
async def open_new(lane: OwnLane, request: Request, viewer: Seller) -> Response:
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.open())


@router.post("/lines")
async def add(lane: OwnLane, request: Request, viewer: Seller, item: Annotated[UUID, Form()]) -> Response:
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.add(item))


@router.post("/lines/{line_id}")
async def change(
    lane: OwnLane,
    request: Request,
    viewer: Seller,
    line_id: UUID,
    quantity: Annotated[int, Form(ge=0, le=999)],
) -> Response:
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.change_quantity(line_id, quantity))


@router.post("/void")
async def void(lane: OwnLane, request: Request, viewer: Seller, sale: SaleId) -> Response:
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.void(sale))


@router.post("/discount")
async def apply_discount(lane: OwnLane, request: Request, viewer: Seller, sale: SaleId) -> Response:
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.apply_discount(sale))


@router.post("/member/remove")
async def remove_member(lane: OwnLane, request: Request, viewer: Seller, sale: SaleId) -> Response:
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.detach(sale))


@router.post("/rewards")
async def use_reward(
    lane: OwnLane, request: Request, viewer: Seller, sale: SaleId, tier: Annotated[UUID, Form()]
) -> Response:
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.use_reward(sale, tier))


@router.post("/rewards/remove")
async def take_off_reward(
    lane: OwnLane, request: Request, viewer: Seller, sale: SaleId, reward: Annotated[UUID, Form()]
) -> Response:
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.take_off_reward(sale, reward))


@router.post("/pay")
async def pay(lane: OwnLane, request: Request, viewer: Seller, paid: Annotated[PayForm, Form()]) -> Response:
    offered = read_offers(paid.payment(), viewer.shop.currency, viewer.shop.smallest_coin_minor)
    if offered is None:
        faults = unreadable_amounts(paid.payment(), viewer.shop.currency)
        return answer_at_till(request, lane, viewer, "amount_invalid", {}, faults=faults)
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.pay(paid.sale, offered, paid.total))


@router.post("/scan")
async def scan(
    lane: OwnLane, request: Request, viewer: Seller, text: Annotated[str, Form(max_length=600)]
) -> Response:
    """What the scanner at the till read: an item, a member, or a command of the sheet."""
    actions = till_actions(request, lane, viewer)
    view = newest(web_context(request), lane).view.seen_by(viewer.staff)
    action = scan_action(actions, view, viewer.shop, text)
    if isinstance(action, Refused):
        return answer_at_till(request, lane, viewer, action.reason.value, dict(action.params))
    return await do_at_till(request, actions, viewer, action)


@router.post("/payment")
async def begin_payment(lane: OwnLane, request: Request, viewer: Seller, sale: SaleId) -> Response:
    """Payment begins: the customer's screen asks who they are, where the shop wants it then (row 153)."""
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.begin_payment(sale))


@router.post("/hold")
async def hold(lane: OwnLane, request: Request, viewer: Seller, sale: SaleId) -> Response:
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.hold(sale), done="held")


@router.post("/resume")
async def resume(lane: OwnLane, request: Request, viewer: Seller, sale: SaleId) -> Response:
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.resume(sale))


@router.post("/discounts")
async def give_discount(
    lane: OwnLane, request: Request, viewer: Seller, given: Annotated[DiscountForm, Form()]
) -> Response:
    reader = FieldReader(Typed.of([("rate", given.rate), ("amount", given.amount)]), viewer.shop.currency)
    rate_ppm = reader.scaled("rate", 4, 1, PPM, "rate_out_of_range") if given.rate.strip() else None
    amount_minor = reader.money("amount", 1, _MAX_MINOR) if given.amount.strip() else None
    line_id = uuid_of(given.line)
    if reader.problems or (given.line and line_id is None):
        return answer_at_till(request, lane, viewer, "amount_invalid", {}, faults=tuple(reader.problems))
    draft = DiscountDraft(given.reason, rate_ppm, amount_minor, line_id)
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.give_discount(given.sale, draft))


@router.post("/discounts/remove")
async def take_discount_off(
    lane: OwnLane, request: Request, viewer: Seller, sale: SaleId, discount: Annotated[UUID, Form()]
) -> Response:
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.take_discount_off(sale, discount))


@router.post("/code")
async def send_code(lane: OwnLane, request: Request, viewer: Seller, sale: SaleId) -> Response:
    actions = till_actions(request, lane, viewer)
    return await do_at_till(request, actions, viewer, actions.send_code(sale), done="code")


@router.post("/code/enter")
async def enter_code(
    lane: OwnLane,
    request: Request,
    viewer: Seller,
    sale: SaleId,
    digits: Annotated[str, Form(max_length=40)],
) -> Response:
    """What the member read out, with or without spaces."""
    actions = till_actions(request, lane, viewer)
    typed = "".join(digits.split())
    return await do_at_till(request, actions, viewer, actions.enter_code(sale, typed), done="proven")


@router.post("/receipt")
async def mail_receipt(
    lane: OwnLane,
    request: Request,
    viewer: Seller,
    sale: SaleId,
    to: Annotated[str, Form(max_length=_MAX_ADDRESS_CHARS)] = "",
) -> Response:
    """E-mail the receipt to a typed address, or to the member's where none was typed."""
    actions = till_actions(request, lane, viewer)
    return await do_at_till(
        request, actions, viewer, actions.mail_receipt(sale, to, draw_receipt), done="receipt"
    )


def till_actions(request: Request, lane: Lane, viewer: SignedInStaff) -> TillActions:
    """What this viewer may have done at the lane."""
    return TillActions(web_context(request).station, lane, viewer.staff)


async def do_at_till(
    request: Request,
    actions: TillActions,
    viewer: SignedInStaff,
    action: Action,
    *,
    done: str | None = None,
) -> Response:
    """Do it, and answer with the changed parts or the refusal."""
    try:
        refused = await perform(actions, action)
    except ConflictError:
        return answer_at_till(request, actions.lane, viewer, "sale_changed", {})
    except UnknownIdError:
        return answer_at_till(request, actions.lane, viewer, "sale_unknown", {})
    except WriterBusyError:
        return answer_at_till(request, actions.lane, viewer, "busy", {})
    if refused is None:
        return answer_at_till(request, actions.lane, viewer, None, {}, done=done)
    return answer_at_till(request, actions.lane, viewer, refused.reason.value, dict(refused.params))


def answer_at_till(
    request: Request,
    lane: Lane,
    viewer: SignedInStaff,
    code: str | None,
    params: dict[str, int | str],
    *,
    done: str | None = None,
    faults: tuple[str, ...] = (),
) -> Response:
    """The parts of the page, or the page itself, with why it was refused or what was done.

    ``faults`` are the names of the fields that it is about; the page marks them.
    """
    if "hx-request" not in request.headers:
        query = f"?refused={code}" if code is not None else f"?done={done}" if done is not None else ""
        return RedirectResponse(f"/till/{lane.number}{query}", 303)
    text = reason_text(viewer.words, code, params, viewer.shop.currency) if code is not None else None
    said = viewer.words.text(DONE_TEXTS[done]) if done is not None else None
    headers = {"x-refused": code, "x-faults": " ".join(faults)} if code is not None else {}
    if "x-live" in request.headers:  # the stream brings the rest
        return HTMLResponse(flash_part(viewer.words, text, said), headers=headers)
    change = newest(web_context(request), lane)
    parts = out_of_band(change.view.seen_by(viewer.staff), change.number, viewer, text, said)
    return HTMLResponse(parts, headers=headers)
