"""What the till page's buttons do. Each answers with the changed parts (htmx) or goes back to the page."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from pydantic import BaseModel, Field
from starlette.responses import Response

from checkout.programme.typed import FieldReader, Typed, uuid_of
from checkout.till.offers import OTHER_TENDERS, PaymentForm, read_offers, unreadable_amounts
from checkout.till.scanned import scan_action
from checkout.web.at_till import SaleId, Till
from checkout.web.context import web_context
from checkout.web.pages.till import newest
from checkout.web.receipt_letter import draw_receipt
from loyalty.domain.money import PPM
from loyalty.domain.sale import TenderKind
from loyalty.domain.why import Refused
from loyalty.services.staff_discounts import DiscountDraft

router = APIRouter(prefix="/till/{number}")

_MAX_MINOR = 10**9
_MAX_ADDRESS_CHARS = 300

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
async def open_new(till: Till) -> Response:
    return await till.do(till.actions.open())


@router.post("/lines")
async def add(till: Till, item: Annotated[UUID, Form()]) -> Response:
    return await till.do(till.actions.add(item))


@router.post("/lines/{line_id}")
async def change(
    till: Till,
    line_id: UUID,
    by: Annotated[int, Form(ge=-999, le=999)],
) -> Response:
    return await till.do(till.actions.change_quantity(line_id, by))


@router.post("/void")
async def void(till: Till, sale: SaleId) -> Response:
    return await till.do(till.actions.void(sale))


@router.post("/discount")
async def apply_discount(till: Till, sale: SaleId) -> Response:
    return await till.do(till.actions.apply_discount(sale))


@router.post("/member/remove")
async def remove_member(till: Till, sale: SaleId) -> Response:
    return await till.do(till.actions.detach(sale))


@router.post("/rewards")
async def use_reward(till: Till, sale: SaleId, tier: Annotated[UUID, Form()]) -> Response:
    return await till.do(till.actions.use_reward(sale, tier))


@router.post("/rewards/remove")
async def take_off_reward(till: Till, sale: SaleId, reward: Annotated[UUID, Form()]) -> Response:
    return await till.do(till.actions.take_off_reward(sale, reward))


@router.post("/pay")
async def pay(till: Till, paid: Annotated[PayForm, Form()]) -> Response:
    offered = read_offers(paid.payment(), till.viewer.shop.currency, till.viewer.shop.smallest_coin_minor)
    if offered is None:
        faults = unreadable_amounts(paid.payment(), till.viewer.shop.currency)
        return await till.answer("amount_invalid", faults=faults)
    return await till.do(till.actions.pay(paid.sale, offered, paid.total))


@router.post("/scan")
async def scan(till: Till, text: Annotated[str, Form(max_length=600)]) -> Response:
    """What the scanner at the till read: an item, a member, or a command of the sheet."""
    view = newest(web_context(till.request), till.lane).view.seen_by(till.viewer.staff)
    action = scan_action(till.actions, view, till.viewer.shop, text)
    if isinstance(action, Refused):
        return await till.answer(action.reason.value, dict(action.params))
    return await till.do(action)


@router.post("/payment")
async def begin_payment(till: Till, sale: SaleId) -> Response:
    """Payment begins: the customer's screen asks who they are, where the shop wants it then (row 153)."""
    return await till.do(till.actions.begin_payment(sale))


@router.post("/hold")
async def hold(till: Till, sale: SaleId) -> Response:
    return await till.do(till.actions.hold(sale), done="held")


@router.post("/resume")
async def resume(till: Till, sale: SaleId) -> Response:
    return await till.do(till.actions.resume(sale))


@router.post("/discounts")
async def give_discount(till: Till, given: Annotated[DiscountForm, Form()]) -> Response:
    reader = FieldReader(
        Typed.of([("rate", given.rate), ("amount", given.amount)]), till.viewer.shop.currency
    )
    rate_ppm = reader.scaled("rate", 4, 1, PPM, "rate_out_of_range") if given.rate.strip() else None
    amount_minor = reader.money("amount", 1, _MAX_MINOR) if given.amount.strip() else None
    line_id = uuid_of(given.line)
    if reader.problems or (given.line and line_id is None):
        return await till.answer("amount_invalid", faults=tuple(reader.problems))
    draft = DiscountDraft(given.reason, rate_ppm, amount_minor, line_id)
    return await till.do(till.actions.give_discount(given.sale, draft))


@router.post("/discounts/remove")
async def take_discount_off(till: Till, sale: SaleId, discount: Annotated[UUID, Form()]) -> Response:
    return await till.do(till.actions.take_discount_off(sale, discount))


@router.post("/code")
async def send_code(till: Till, sale: SaleId) -> Response:
    return await till.do(till.actions.send_code(sale), done="code")


@router.post("/code/enter")
async def enter_code(
    till: Till,
    sale: SaleId,
    digits: Annotated[str, Form(max_length=40)],
) -> Response:
    """What the member read out, with or without spaces."""
    typed = "".join(digits.split())
    return await till.do(till.actions.enter_code(sale, typed), done="proven")


@router.post("/receipt")
async def mail_receipt(
    till: Till,
    sale: SaleId,
    to: Annotated[str, Form(max_length=_MAX_ADDRESS_CHARS)] = "",
) -> Response:
    """E-mail the receipt to a typed address, or to the member's where none was typed."""
    return await till.do(till.actions.mail_receipt(sale, to, draw_receipt), done="receipt")
