"""The page behind the opt-out link of a message: no sign-in, one tap, nothing of the member on it (row 160).

``POST`` to the link itself stops all messages: that is what the button of a mail program sends (RFC 8058).
"""

import asyncio

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from checkout.web.context import WebContext, web_context
from checkout.web.pages.status import MAX_TOKEN_CHARS, NAMES, gone, status_headers
from checkout.web.pages.status_choices import DONE_TEXTS
from checkout.web.rendering import page
from checkout.words import LANGUAGES, best_language, words_for
from checkout.writer import Priority
from loyalty.domain.shop import ShopSettings
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.opt_out import LinkChoice, OptOutPage, choose_by_link, opt_out_page
from loyalty.services.setup import shop_settings
from loyalty.services.status_choice import StatusChoice

router = APIRouter()


@router.get("/o/{token}")
async def look(token: str, request: Request, language: str = "") -> Response:
    """Changes nothing: previews and mail scanners open links before people do."""
    shop, found = await run_in_threadpool(_read, web_context(request), token)
    if found is None:
        return gone(request, shop)
    return _page(request, shop, found, language=language)


@router.post("/o/{token}")
async def stop(token: str, request: Request, language: str = "") -> Response:
    return await _choose(request, token, LinkChoice.STOP, language)


@router.post("/o/{token}/start")
async def start(token: str, request: Request, language: str = "") -> Response:
    return await _choose(request, token, LinkChoice.START, language)


@router.post("/o/{token}/not-me")
async def not_me(token: str, request: Request, language: str = "") -> Response:
    return await _choose(request, token, LinkChoice.NOT_ME, language)


async def _choose(request: Request, token: str, choice: LinkChoice, language: str) -> Response:
    context = web_context(request)
    shop, found = await run_in_threadpool(_read, context, token)
    if found is None:
        return gone(request, shop)

    def work(unit: UnitOfWork) -> bool:
        return choose_by_link(unit, context.ctx, token, choice)

    is_done = await asyncio.wrap_future(context.station.writer.submit(Priority.STAFF, work))
    after = await run_in_threadpool(_read, context, token)
    done = _heading(choice, found) if is_done else None
    return _page(request, shop, after[1] or found, language=language, done=done)


def _heading(choice: LinkChoice, found: OptOutPage) -> str:
    if choice is LinkChoice.NOT_ME and found.is_mailbox:
        return "The address is detached"
    return DONE_TEXTS[StatusChoice(choice.value.replace("_", "-"))][0]


def _page(
    request: Request,
    shop: ShopSettings,
    found: OptOutPage,
    *,
    language: str,
    done: str | None = None,
) -> HTMLResponse:
    asked = (language, (found.language or "")[:2].lower())
    chosen = next((one for one in asked if one in LANGUAGES), None) or best_language(
        request.headers.get("accept-language", ""), LANGUAGES, shop.default_language
    )
    return page(
        "status_opt_out.html",
        words_for(chosen, shop.country),
        headers=status_headers(web_context(request)),
        shop_name=shop.name,
        is_demo=shop.is_demo,
        base=f"/o/{request.path_params['token']}",
        found=found,
        done=done,
        languages=NAMES,
    )


def _read(context: WebContext, token: str) -> tuple[ShopSettings, OptOutPage | None]:
    is_sane = len(token) <= MAX_TOKEN_CHARS and token.isascii()
    with context.reading() as unit:
        return shop_settings(unit), opt_out_page(unit, token) if is_sane else None
