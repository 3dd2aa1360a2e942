"""The page on plain HTTP that gives the authority's certificate and nothing else of the station (row 197)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

from checkout.trust.facts import TrustFacts, TrustFiles
from checkout.web.rendering import STATIC_FOLDER, page
from checkout.web.session import STAFF_LANGUAGES
from checkout.words import best_language, words_for
from loyalty.domain.shop import ShopSettings

STATIC_FILES = frozenset({"comptoir.css", "trust.css", "trust.js", "icon.svg"})
PLATFORMS = ("ipados", "android", "windows", "macos", "chromium", "firefox")
"""Each is a part of the template, in this order."""
TRUSTED_PATH = "/trusted"
"""On the station itself: opens without a warning once the tablet trusts it."""

_HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}


@dataclass(frozen=True)
class HandOut:
    """What the page tells."""

    files: TrustFiles
    settings: Callable[[], ShopSettings]

    def facts(self) -> TrustFacts:
        """What there is to trust.

        Raises:
            HTTPException: 503 while nothing is made yet.
        """
        facts = self.files.read()
        if facts is None:
            raise HTTPException(503, "not_ready")
        return facts


def create_hand_out(files: TrustFiles, settings: Callable[[], ShopSettings]) -> Starlette:
    """The application of the plain listener: it knows no session, no form and no other path."""
    hand_out = HandOut(files, settings)

    def look(request: Request) -> Response:
        return _page(request, hand_out)

    def der(_request: Request) -> Response:
        # All take it in this form. Of this type and inline, iPadOS offers to install it at once.
        headers = {**_HEADERS, "content-disposition": 'inline; filename="comptoir-ca.crt"'}
        return Response(
            hand_out.facts().authority_der, media_type="application/x-x509-ca-cert", headers=headers
        )

    async def static(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in STATIC_FILES:
            raise HTTPException(404)
        return FileResponse(Path(STATIC_FOLDER) / name, headers=_HEADERS)

    return Starlette(
        routes=[
            Route("/", look, methods=["GET"]),
            Route("/comptoir-ca.crt", der, methods=["GET"]),
            Route("/static/{name}", static, methods=["GET"]),
        ],
        exception_handlers={HTTPException: _refused},
    )


def _page(request: Request, hand_out: HandOut) -> Response:
    facts, shop = hand_out.facts(), hand_out.settings()
    accepted = request.headers.get("accept-language", "")
    asked = request.query_params.get("language", "")
    language = asked if asked in STAFF_LANGUAGES else best_language(
        accepted, STAFF_LANGUAGES, shop.default_language if shop.default_language in STAFF_LANGUAGES else "en"
    )  # fmt: skip
    port = hand_out.files.https_port
    return page(
        "trust_hand_out.html",
        words_for(language, shop.country),
        headers=_HEADERS,
        shop_name=shop.name,
        facts=facts,
        platforms=PLATFORMS,
        here=_platform(request.headers.get("user-agent", "")),
        checks=[facts.address(port, name) + TRUSTED_PATH for name in facts.names],
        station=facts.address(port),
    )


def _platform(agent: str) -> str:
    """Which steps are unfolded; an iPad calls itself a Macintosh and is told both."""
    for part, platform in (
        ("iPad", "ipados"),
        ("iPhone", "ipados"),
        ("Android", "android"),
        ("Windows", "windows"),
        ("Macintosh", "ipados"),
        ("Firefox", "firefox"),
        ("Linux", "chromium"),
    ):
        if part in agent:
            return platform
    return ""


def _refused(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return PlainTextResponse("Not found" if status == 404 else "Refused", status, headers=_HEADERS)
