"""A receipt to print or save in the browser, and printing it at the lane's printer."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.receipts.build import receipt_document
from checkout.receipts.document import ReceiptDocument
from checkout.web.context import WebContext, web_context
from checkout.web.pages.till import LANE_COOKIE, find_lane
from checkout.web.rendering import page
from checkout.web.session import Seller
from checkout.words import Words, words_for
from loyalty.domain.sale import Sale

router = APIRouter(prefix="/receipts")

PAPERS = ("80", "58", "a4")


@router.get("/{sale_id}")
async def receipt_page(sale_id: UUID, request: Request, viewer: Seller, paper: str = "80") -> Response:
    """In the shop's language, as the printer writes it; the print style fits the roll or a sheet."""
    words = words_for(viewer.shop.default_language, viewer.shop.country)
    found = await run_in_threadpool(_document, web_context(request), sale_id, words)
    if found is None:
        raise HTTPException(404, "sale_unknown")
    return page(
        "receipt.html",
        words,
        shop_name=viewer.shop.name,
        is_demo=viewer.shop.is_demo,
        document=found,
        sale_id=sale_id,
        paper=paper if paper in PAPERS else PAPERS[0],
        papers=PAPERS,
        lane=request.cookies.get(LANE_COOKIE, ""),
    )


@router.post("/{sale_id}/print")
async def post_print(
    sale_id: UUID, request: Request, _viewer: Seller, lane: Annotated[int, Form(ge=1, le=9_999)]
) -> Response:
    """At the printer of a lane that this browser works at; how it went is told on that lane's till."""
    if request.cookies.get(LANE_COOKIE) != str(lane):
        raise HTTPException(403, "other_lane")
    context = web_context(request)
    sale = await run_in_threadpool(_sale, context, sale_id)
    if sale is None or sale.receipt is None:
        raise HTTPException(404, "sale_unknown")
    context.station.receipts.again(find_lane(request, lane).id, sale)
    if "hx-request" in request.headers:
        return Response(status_code=204)
    return RedirectResponse(f"/till/{lane}", 303)


def _sale(context: WebContext, sale_id: UUID) -> Sale | None:
    with context.reading() as unit:
        return unit.sales.get(sale_id)


def _document(context: WebContext, sale_id: UUID, words: Words) -> ReceiptDocument | None:
    with context.reading() as unit:
        sale = unit.sales.get(sale_id)
        return receipt_document(unit, sale, words) if sale is not None else None
