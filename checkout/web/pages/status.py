"""The member's status page: no JavaScript, an unguessable link, the first name only (rows 127, 169)."""

import io
from dataclasses import dataclass

import segno
from fastapi import APIRouter
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from checkout.web.context import WebContext, web_context
from checkout.web.rendering import money_fields, page
from checkout.words import LANGUAGES, best_language, words_for
from checkout.words.history import entry_reasons, entry_title
from loyalty.domain.shop import ShopSettings
from loyalty.services.setup import shop_settings
from loyalty.services.status_details import StatusDetails, status_details
from loyalty.services.status_page import StatusPage, status_page

router = APIRouter()

MAX_TOKEN_CHARS = 100
NAMES = (("fr", "Français"), ("en", "English"), ("es", "Español"))

_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {frames}"
)
_HEADERS = {"referrer-policy": "no-referrer", "x-robots-tag": "noindex, nofollow, noarchive"}


@dataclass(frozen=True)
class Found:
    """What a link leads to; ``page`` and ``details`` are None for an unknown or revoked one."""

    shop: ShopSettings
    page: StatusPage | None
    details: StatusDetails | None
    privacy_contact: str = ""
    """Whom the shop names for questions about data."""


@router.get("/s/{token}")
async def status(token: str, request: Request, language: str = "") -> Response:
    context = web_context(request)
    found = await run_in_threadpool(read_status, context, token)
    if found.page is None or found.details is None:
        return gone(request, found.shop)
    member, details = found.page.member, found.details
    words = words_for(language_of(request, found, language), found.shop.country)
    names, currency = member.points_name, found.shop.currency
    history = [
        (line, entry_title(words, line.kind), entry_reasons(words, line.why, currency))
        for line in details.history
    ]
    return page(
        "status.html",
        words,
        headers=status_headers(context),
        shop_name=found.shop.name,
        is_demo=found.shop.is_demo,
        base=f"/s/{token}",
        member=member,
        details=details,
        history=history,
        has_code=found.page.code is not None,
        languages=NAMES,
        day=words.day,
        privacy_contact=found.privacy_contact or context.privacy_contact,
        **money_fields(words, currency, names.one, names.many),
    )


@router.get("/s/{token}/code")
async def code(token: str, request: Request, language: str = "") -> Response:
    """The rotating code alone, for the frame on the page: it fetches the next one by itself."""
    context = web_context(request)
    found = await run_in_threadpool(read_status, context, token)
    if found.page is None or found.page.code is None:
        return gone(request, found.shop)
    seconds = int((found.page.code_changes_at - context.ctx.clock.now()).total_seconds())
    headers = status_headers(context, frames="'self'")
    headers["refresh"] = str(max(2, min(60, seconds + 1)))
    return page(
        "status_code.html",
        words_for(language_of(request, found, language), found.shop.country),
        headers=headers,
        shop_name=found.shop.name,
        qr=qr_svg(found.page.code),
    )


def gone(request: Request, shop: ShopSettings) -> HTMLResponse:
    """One and the same answer for a link that never was and one that was revoked."""
    asked = request.headers.get("accept-language", "")
    return page(
        "status_gone.html",
        words_for(best_language(asked, LANGUAGES, shop.default_language), shop.country),
        status=404,
        headers=status_headers(web_context(request)),
        shop_name=shop.name,
        is_demo=shop.is_demo,
    )


def language_of(request: Request, found: Found, asked: str) -> str:
    """The language that was chosen on the page, else the member's, else the browser's."""
    own = found.page.language[:2].lower() if found.page is not None else ""
    chosen = next((one for one in (asked, own) if one in LANGUAGES), None)
    return chosen or best_language(
        request.headers.get("accept-language", ""), LANGUAGES, found.shop.default_language
    )


def read_status(context: WebContext, token: str) -> Found:
    """Blocks on the database."""
    is_sane = len(token) <= MAX_TOKEN_CHARS and token.isascii()
    with context.reading() as unit:
        shop = shop_settings(unit)
        found = status_page(unit, context.ctx, token) if is_sane else None
        details = status_details(unit, token, context.ctx.clock.now()) if found is not None else None
        return Found(shop, found, details, unit.privacy.settings().privacy_contact)


def status_headers(context: WebContext, frames: str = "'none'") -> dict[str, str]:
    """Headers of every page behind a link. ``frames`` is who may show it in a frame."""
    allowed = "'self'" if context.demo is not None else frames
    return {**_HEADERS, "content-security-policy": _POLICY.format(frames=allowed)}


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
