"""The member's status page: no JavaScript, an unguessable link, nothing that could be changed (row 127)."""

import io

import segno
from fastapi import APIRouter
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from checkout.web.context import WebContext, web_context
from checkout.web.rendering import money_fields, page
from checkout.words import LANGUAGES, best_language, words_for
from loyalty.domain.shop import ShopSettings
from loyalty.services.setup import shop_settings
from loyalty.services.status_page import StatusPage, status_page

router = APIRouter()

_HEADERS = {
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors {frames}",
}
_MAX_TOKEN_CHARS = 100


@router.get("/s/{token}")
async def status(token: str, request: Request, language: str = "") -> Response:
    context = web_context(request)
    shop, found = await run_in_threadpool(_read, context, token)
    asked = request.headers.get("accept-language", "")
    if found is None:
        return gone(request, shop, best_language(asked, LANGUAGES, shop.default_language))
    own = found.language[:2].lower()
    chosen = (
        language
        if language in LANGUAGES
        else own
        if own in LANGUAGES
        else best_language(asked, LANGUAGES, "fr")
    )
    words = words_for(chosen, shop.country)
    names = found.member.points_name
    seconds = int((found.code_changes_at - context.ctx.clock.now()).total_seconds())
    return page(
        "status.html",
        words,
        headers=_headers(context),
        shop_name=found.shop_name,
        is_demo=shop.is_demo,
        member=found.member,
        qr=qr_svg(found.code) if found.code is not None else None,
        refresh_s=max(2, min(60, seconds + 1)),
        languages=[(code, name) for code, name in _NAMES if code in LANGUAGES],
        **money_fields(words, shop.currency, names.one, names.many),
    )


def gone(request: Request, shop: ShopSettings, language: str) -> HTMLResponse:
    """One and the same answer for a link that never was and one that was revoked."""
    return page(
        "status_gone.html",
        words_for(language, shop.country),
        status=404,
        headers=_headers(web_context(request)),
        shop_name=shop.name,
        is_demo=shop.is_demo,
    )


def qr_svg(text: str) -> Markup:
    """The code as inline SVG. Upper-case base32 takes the compact alphanumeric mode."""
    drawn = io.BytesIO()
    segno.make(text, error="m", micro=False, boost_error=False).save(
        drawn,
        kind="svg",
        xmldecl=False,
        svgns=True,
        border=3,
        svgclass="qr",
        lineclass=None,
        omitsize=True,
        dark="#17211e",
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - our own drawing, no text of anyone's in it


_NAMES = (("fr", "Français"), ("en", "English"), ("es", "Español"))


def _headers(context: WebContext) -> dict[str, str]:
    frames = "'self'" if context.demo is not None else "'none'"
    return {name: value.format(frames=frames) for name, value in _HEADERS.items()}


def _read(context: WebContext, token: str) -> tuple[ShopSettings, StatusPage | None]:
    with context.reading() as unit:
        found = status_page(unit, context.ctx, token) if len(token) <= _MAX_TOKEN_CHARS else None
        return shop_settings(unit), found
