"""Tablets and phones in the shop: how they come to trust the station (row 197)."""

import io
from datetime import timedelta

import segno
from fastapi import APIRouter
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.trust.hand_out import TRUSTED_PATH
from checkout.web.context import web_context
from checkout.web.pages.receipt_settings import DeviceManager
from checkout.web.rendering import page
from checkout.web.session import words_of
from checkout.web.staff_page import staff_page

router = APIRouter()
_OVERDUE = timedelta(days=25)
"""It is renewed thirty days before its end: five days later something does not do its work."""


@router.get("/tablets")
async def tablets(request: Request, viewer: DeviceManager) -> Response:
    """The fingerprint to compare, the address of the hand-out page, and how long all holds."""
    context = web_context(request)
    files = context.trust
    facts = await run_in_threadpool(files.read) if files is not None else None
    pages = facts.hand_out_addresses(files.hand_out_port) if facts is not None and files is not None else []
    stations = [facts.address(files.https_port, name) for name in facts.names] if facts and files else []
    return staff_page(
        "tablets.html",
        viewer,
        "tablets",
        path="/tablets",
        facts=facts,
        pages=pages,
        stations=stations,
        code=_code(pages[0]) if pages else "",
        is_overdue=facts is not None and facts.certificate_until - context.ctx.clock.now() < _OVERDUE,
    )


@router.get(TRUSTED_PATH)
async def trusted(request: Request) -> Response:
    """Opens without a warning on a tablet that trusts the station; the hand-out page tries it."""
    context = web_context(request)
    shop = await run_in_threadpool(context.settings)
    # The hand-out page stands on another origin: it learns that there was an answer, and nothing else.
    return page(
        "trusted.html",
        words_of(request, shop),
        headers={"cross-origin-resource-policy": "cross-origin"},
        shop_name=shop.name,
        is_https=request.url.scheme == "https",
    )


def _code(address: str) -> Markup:
    drawn = io.BytesIO()
    code = segno.make(address, micro=False)
    code.save(drawn, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True)
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by us from the station's own address
