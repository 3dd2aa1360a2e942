"""Sign in and out; the first owner's one-time claim (row 213)."""

import asyncio
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.web.context import web_context
from checkout.web.rendering import page
from checkout.web.session import (
    drop_session_cookie,
    find_staff,
    session_token,
    set_session_cookie,
    words_of,
)
from checkout.web.watch import SessionWatch
from checkout.words.reasons import reason_text
from checkout.writer import Priority
from loyalty.domain.why import Refusal, Refused
from loyalty.services.claim import OwnerClaim, claim_owner
from loyalty.services.sign_in import Credentials, SignedIn, sign_in, sign_out

router = APIRouter()


class SignInForm(BaseModel):
    """What the sign-in page sends."""

    login: Annotated[str, Field(max_length=200)] = ""
    password: Annotated[str, Field(max_length=400)] = ""
    next: Annotated[str, Field(max_length=200)] = "/"


class ClaimForm(BaseModel):
    """What the claim page sends."""

    token: Annotated[str, Field(max_length=400)] = ""
    login: Annotated[str, Field(max_length=200)] = ""
    display_name: Annotated[str, Field(max_length=200)] = ""
    password: Annotated[str, Field(max_length=400)] = ""


@router.get("/sign-in")
async def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - the query's name
    return await _sign_in_page(request, SignInForm(next=next[:200]), None)


@router.post("/sign-in")
async def post_sign_in(request: Request, form: Annotated[SignInForm, Form()]) -> Response:
    context = web_context(request)
    origin = request.client.host if request.client is not None else "-"
    credentials = Credentials(form.login, form.password, origin)
    found = await run_in_threadpool(sign_in, context.open_unit, context.ctx, context.hasher, credentials)
    if isinstance(found, Refused):
        return await _sign_in_page(request, form, found)
    return _enter(request, found, own_path(form.next))


@router.post("/sign-out")
async def post_sign_out(request: Request) -> Response:
    context = web_context(request)
    answer = RedirectResponse("/sign-in", 303)
    token = session_token(request)
    found = await run_in_threadpool(find_staff, request, context, token) if token is not None else None
    if token is not None and found is not None:
        session_id, staff = found.session_id, found.staff
        ended = context.station.writer.submit(
            Priority.STAFF, lambda unit: sign_out(unit, context.ctx, session_id, staff)
        )
        await asyncio.wrap_future(ended)
        watch: SessionWatch = request.app.state.watch
        watch.close(token)
    drop_session_cookie(answer, context)
    return answer


@router.get("/claim")
async def claim_page(request: Request, token: str = "") -> Response:
    return await _claim_page(request, ClaimForm(token=token[:400]), None)


@router.post("/claim")
async def post_claim(request: Request, form: Annotated[ClaimForm, Form()]) -> Response:
    context = web_context(request)
    claim = OwnerClaim(form.token.strip(), form.login, form.display_name, form.password)
    owner = await run_in_threadpool(claim_owner, context.open_unit, context.ctx, context.hasher, claim)
    if isinstance(owner, Refused):
        return await _claim_page(request, form, owner)
    credentials = Credentials(form.login, form.password, "claim")
    found = await run_in_threadpool(sign_in, context.open_unit, context.ctx, context.hasher, credentials)
    if isinstance(found, Refused):
        return RedirectResponse("/sign-in", 303)
    return _enter(request, found, "/")


def own_path(path: str) -> str:
    """The path to go to after signing in, if it is one of this site; else the start."""
    is_own = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_own else "/"


def _enter(request: Request, signed: SignedIn, path: str) -> Response:
    answer = RedirectResponse(path, 303)
    set_session_cookie(answer, web_context(request), signed.token)
    return answer


async def _sign_in_page(request: Request, form: SignInForm, refused: Refused | None) -> Response:
    after = own_path(form.next)
    shop = await run_in_threadpool(web_context(request).settings)
    words = words_of(request, shop)
    return page(
        "sign_in.html",
        words,
        status=_status(refused),
        shop_name=shop.name,
        is_demo=shop.is_demo,
        here="/sign-in" if after == "/" else f"/sign-in?{urlencode({'next': after})}",
        next=after,
        login=form.login,
        refusal=reason_text(words, refused.reason.value, refused.params, shop.currency)
        if refused is not None
        else None,
    )


async def _claim_page(request: Request, form: ClaimForm, refused: Refused | None) -> Response:
    shop = await run_in_threadpool(web_context(request).settings)
    words = words_of(request, shop)
    return page(
        "claim.html",
        words,
        status=_status(refused),
        shop_name=shop.name,
        is_demo=shop.is_demo,
        here="/claim" + (f"?{urlencode({'token': form.token})}" if form.token else ""),
        token=form.token,
        login=form.login,
        display_name=form.display_name,
        refusal=reason_text(words, refused.reason.value, refused.params, shop.currency)
        if refused is not None
        else None,
    )


def _status(refused: Refused | None) -> int:
    if refused is None:
        return 200
    return 429 if refused.reason is Refusal.SIGN_IN_LOCKED else 422
