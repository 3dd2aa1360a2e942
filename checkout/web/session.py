"""Who is signed in: the session cookie, looked up at every request; deny by default."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.trouble.backups import troubles_of_backups
from checkout.trouble.finding import troubles_of
from checkout.trouble.wording import TroubleLine, trouble_lines
from checkout.web.context import WebContext, web_context
from checkout.words import Words, best_language, words_for
from loyalty.domain.privacy import DEFAULT_PRIVACY_SETTINGS, PrivacySettings
from loyalty.domain.shop import ShopSettings
from loyalty.domain.staff import Permission, StaffMember
from loyalty.services.setup import shop_settings
from loyalty.services.sign_in import SESSION_LENGTH, session_of

STAFF_LANGUAGES = ("fr", "en")
LANGUAGE_COOKIE = "comptoir_language"
_MAX_TOKEN_CHARS = 200


@dataclass(frozen=True)
class SignedInStaff:
    """The staff member behind a request, with the shop and the language of their pages."""

    session_id: UUID
    token: str
    staff: StaffMember
    shop: ShopSettings
    words: Words
    privacy: PrivacySettings = DEFAULT_PRIVACY_SETTINGS
    trouble: tuple[TroubleLine, ...] = ()
    """What fails right now."""
    redeeming_held_since: datetime | None = None
    """A back-up was restored then and its balances are not confirmed."""

    def require(self, permission: Permission) -> None:
        """Go on only with the permission.

        Raises:
            HTTPException: 403; the page says so.
        """
        if not self.staff.may(permission):
            raise HTTPException(403, "not_allowed")


def cookie_name(context: WebContext) -> str:
    """Over TLS the name binds the cookie to this host and to TLS."""
    return "__Host-comptoir_session" if context.is_secure else "comptoir_session"


def set_session_cookie(response: Response, context: WebContext, token: str) -> None:
    response.set_cookie(
        cookie_name(context),
        token,
        max_age=int(SESSION_LENGTH.total_seconds()),
        path="/",
        secure=context.is_secure,
        httponly=True,
        samesite="lax",
    )


def drop_session_cookie(response: Response, context: WebContext) -> None:
    response.delete_cookie(
        cookie_name(context), path="/", secure=context.is_secure, httponly=True, samesite="lax"
    )


def session_token(request: Request) -> str | None:
    token = request.cookies.get(cookie_name(web_context(request)))
    return token if token and len(token) <= _MAX_TOKEN_CHARS else None


def staff_language(request: Request, shop: ShopSettings) -> str:
    """The language that was chosen here, else the browser's, else the shop's."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen in STAFF_LANGUAGES:
        return chosen
    default = shop.default_language if shop.default_language in STAFF_LANGUAGES else STAFF_LANGUAGES[0]
    return best_language(request.headers.get("accept-language", ""), STAFF_LANGUAGES, default)


def words_of(request: Request, shop: ShopSettings) -> Words:
    return words_for(staff_language(request, shop), shop.country)


def find_staff(request: Request, context: WebContext, token: str) -> SignedInStaff | None:
    """The running session of a token; None where it is over. Blocks on the database."""
    with context.reading() as unit:
        found = session_of(unit, context.ctx, token)
        if found is None:
            return None
        shop, privacy = shop_settings(unit), unit.privacy.settings()
        held_since = unit.programme.settings().redeeming_held_since
    session, staff = found
    words = words_of(request, shop)
    now = context.ctx.clock.now()
    troubles = (*troubles_of_backups(context.backup, held_since, now), *troubles_of(context.station))
    trouble = trouble_lines(words, troubles, now, shop.timezone)
    return SignedInStaff(session.id, token, staff, shop, words, privacy, trouble, held_since)


async def signed_in(request: Request) -> SignedInStaff:
    """Dependency of every staff page.

    Raises:
        HTTPException: 401 without a running session.
    """
    token = session_token(request)
    if token is None:
        raise HTTPException(401, "not_signed_in")
    found = await run_in_threadpool(find_staff, request, web_context(request), token)
    if found is None:
        raise HTTPException(401, "not_signed_in")
    return found


async def seller(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of the till's pages, posts and streams."""
    viewer.require(Permission.SELL)
    return viewer


Viewer = Annotated[SignedInStaff, Depends(signed_in)]
Seller = Annotated[SignedInStaff, Depends(seller)]
