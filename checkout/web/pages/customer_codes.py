"""A customer's code as a picture, cards to print, and another card for a lost one (rows 84, 102, 200)."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.profiles.card_sheet import PER_PAGE, CardFace, Paper, SheetText, card_sheet
from checkout.programme.typed import Problem, Typed, uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import staff_page, typed_form, typed_query
from checkout.writer import Priority
from codes.pictures import Symbol, can_draw, png, svg
from loyalty.domain.profile_settings import CodeContent
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.card_codes import (
    MAX_PRINTED,
    PrintedCard,
    code_text,
    customer_code,
    customers_of_group,
    issue_card,
    print_cards,
)
from loyalty.services.replace_card import replace_card

router = APIRouter(prefix="/customers")

_E = TypeVar("_E", bound=StrEnum)

_MEDIA = {"svg": "image/svg+xml", "png": "image/png"}
_LETTER_COUNTRIES = frozenset({"US", "CA", "MX", "PH", "CL", "CO", "VE"})


async def card_keeper(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of everything that shows a code: whoever holds it is taken for the customer."""
    viewer.require(Permission.VIEW_CUSTOMERS)
    viewer.require(Permission.EDIT_CUSTOMERS)
    return viewer


CardKeeper = Annotated[SignedInStaff, Depends(card_keeper)]


@dataclass(frozen=True)
class _Wanted:
    """Whose cards, and how they are to look."""

    customer_ids: list[UUID]
    group_id: UUID | None
    content: CodeContent
    symbol: Symbol
    paper: Paper


@dataclass(frozen=True)
class _Face:
    name: str
    why_not: Refused | None
    """Why there is nothing to draw."""


@router.get("/{customer_id:uuid}/code.{ending}")
async def code_picture(request: Request, viewer: CardKeeper, customer_id: UUID, ending: str) -> Response:
    """The code as ``svg`` or ``png``; ``?content=`` and ``?symbol=`` choose others than the shop's."""
    media_type = _MEDIA.get(ending)
    if media_type is None:
        raise HTTPException(404, "unknown_picture")
    typed = typed_query(request)
    symbol = _choice(Symbol, typed.one("symbol"), Symbol.QR)
    text = await run_in_threadpool(_text, web_context(request), viewer, customer_id, typed.one("content"))
    if isinstance(text, Refused) or not can_draw(text, symbol):
        raise HTTPException(404, "no_code")
    drawn = await run_in_threadpool(png if ending == "png" else _svg_bytes, text, symbol)
    headers = {}
    if typed.one("save"):
        headers["content-disposition"] = f'attachment; filename="code-{symbol.value}.{ending}"'
    return Response(drawn, media_type=media_type, headers=headers)


@router.post("/{customer_id:uuid}/card")
async def post_issue(request: Request, viewer: CardKeeper, customer_id: UUID) -> Response:
    context = web_context(request)
    done = context.station.writer.submit(
        Priority.STAFF, lambda unit: issue_card(unit, context.ctx, customer_id, viewer.staff)
    )
    await asyncio.wrap_future(done)
    return RedirectResponse(f"/customers/{customer_id}?done=saved#code", 303)


@router.post("/{customer_id:uuid}/replace-card")
async def post_replace(request: Request, viewer: CardKeeper, customer_id: UUID) -> Response:
    context = web_context(request)
    done = context.station.writer.submit(
        Priority.STAFF, lambda unit: replace_card(unit, context.ctx, customer_id, viewer.staff)
    )
    await asyncio.wrap_future(done)
    return RedirectResponse(f"/customers/{customer_id}?done=replaced#code", 303)


@router.get("/cards")
async def cards_page(request: Request, viewer: CardKeeper) -> Response:
    return await _page(request, viewer, typed_query(request), {})


@router.post("/cards")
async def post_selection(request: Request, viewer: CardKeeper) -> Response:
    """A selection of a list, which may be too long for an address."""
    typed = await typed_form(request)
    if "chosen" in request.query_params:  # the list's form has a field of this name for another purpose
        typed = Typed({name: value for name, value in typed.values.items() if name != "group"})
    return await _page(request, viewer, typed, {})


@router.post("/cards.pdf")
async def post_print(request: Request, viewer: CardKeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)

    def printed(unit: UnitOfWork) -> list[PrintedCard]:
        wanted = _wanted(unit, typed, viewer)
        ids = _ids(unit, context, wanted)
        return print_cards(unit, context.ctx, ids, wanted.content, viewer.staff)

    cards = await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, printed))
    faces = [
        CardFace(each.customer.display_name or "", each.text, each.customer.reference_id or "")
        for each in cards
        if isinstance(each.text, str)
    ]
    if not faces:
        return await _page(request, viewer, typed, {"content": Problem("nothing_to_print")})
    sheet = SheetText(viewer.shop.name, viewer.words.text("Loyalty card"))
    symbol = _choice(Symbol, typed.one("symbol"), Symbol.QR)
    paper = _choice(Paper, typed.one("paper"), Paper.A4)
    pdf = await run_in_threadpool(card_sheet, faces, sheet, symbol, paper)
    headers = {"content-disposition": 'attachment; filename="cards.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


async def _page(
    request: Request, viewer: SignedInStaff, typed: Typed, problems: dict[str, Problem]
) -> Response:
    context = web_context(request)

    def look() -> tuple[_Wanted, list[_Face], str]:
        with context.reading() as unit:
            wanted = _wanted(unit, typed, viewer)
            found = [unit.customers.get(each) for each in _ids(unit, context, wanted)]
            settings = unit.profiles.settings()
            faces = []
            for customer in found:
                if customer is None or not customer.is_listed:
                    continue
                text = code_text(unit, context.ctx, customer, wanted.content, settings)
                # A missing card is made when it is printed.
                is_missing = wanted.content is not CodeContent.CARD and isinstance(text, Refused)
                why = text if isinstance(text, Refused) and is_missing else None
                faces.append(_Face(customer.display_name or "", why))
            groups = {group.id: group.name for group in unit.groups.all()}
        return wanted, faces, groups.get(wanted.group_id, "") if wanted.group_id is not None else ""

    wanted, faces, group_name = await run_in_threadpool(look)
    left_out = [(each.name, each.why_not) for each in faces if each.why_not is not None]
    filled = {
        "content": (wanted.content.value,),
        "symbol": (wanted.symbol.value,),
        "paper": (wanted.paper.value,),
    }
    return staff_page(
        "customer_cards.html",
        viewer,
        "customers",
        path="/customers/cards",
        status=422 if problems else 200,
        typed=Typed({**typed.values, **filled}),
        problems=problems,
        customer_ids=wanted.customer_ids,
        group_id=wanted.group_id,
        group_name=group_name,
        names=[each.name for each in faces if each.why_not is None],
        left_out=[(name, Problem.of(why).text(viewer.words, viewer.shop.currency)) for name, why in left_out],
        sheets=-(-(len(faces) - len(left_out)) // PER_PAGE),
        max_printed=MAX_PRINTED,
    )


def _wanted(unit: UnitOfWork, typed: Typed, viewer: SignedInStaff) -> _Wanted:
    ids = [uuid_of(text) for text in typed.many("customer")[:MAX_PRINTED]]
    paper = Paper.LETTER if viewer.shop.country in _LETTER_COUNTRIES else Paper.A4
    return _Wanted(
        customer_ids=[each for each in ids if each is not None],
        group_id=uuid_of(typed.one("group")),
        content=_choice(CodeContent, typed.one("content"), unit.profiles.settings().code_content),
        symbol=_choice(Symbol, typed.one("symbol"), Symbol.QR),
        paper=_choice(Paper, typed.one("paper"), paper),
    )


def _ids(unit: UnitOfWork, context: WebContext, wanted: _Wanted) -> list[UUID]:
    if wanted.group_id is None:
        return wanted.customer_ids
    return [*wanted.customer_ids, *customers_of_group(unit, context.ctx, wanted.group_id)][:MAX_PRINTED]


def _text(context: WebContext, viewer: SignedInStaff, customer_id: UUID, content: str) -> str | Refused:
    wanted = CodeContent(content) if content in {each.value for each in CodeContent} else None
    with context.reading() as unit:
        return customer_code(unit, context.ctx, customer_id, wanted, viewer.staff)


def _svg_bytes(text: str, symbol: Symbol) -> bytes:
    return svg(text, symbol).encode()


def _choice(kind: type[_E], text: str, default: _E) -> _E:
    return kind(text) if text in {each.value for each in kind} else default
