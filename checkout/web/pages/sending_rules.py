"""When messages to members go out, where to, and how many: the shop's choice under the machine's ceiling."""

import asyncio
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.sending_form import countries_to_choose, named_countries, read_sending, sending_typed
from checkout.programme.typed import FieldReader, Problem, Typed, whole_of
from checkout.web.context import WebContext, web_context
from checkout.web.pages.messages import Postmaster
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page, typed_form
from checkout.writer import Priority
from loyalty.domain.contact.delivery import SendingRules
from loyalty.domain.shop import ShopSettings
from loyalty.domain.why import Refused
from loyalty.services.decide_settings import SENDING_SETTINGS, LastChange, change_sending, last_change

router = APIRouter(prefix="/messages/rules")


@dataclass(frozen=True)
class _Now:
    rules: SendingRules
    revision: int
    changed: LastChange | None


@router.get("")
async def rules_page(request: Request, viewer: Postmaster, done: str = "") -> Response:
    now = await run_in_threadpool(_read, web_context(request), viewer.shop)
    typed = sending_typed(now.rules, now.revision, viewer.shop.currency, viewer.words)
    return _page(viewer, now, typed, {}, is_saved=done == "saved")


@router.post("")
async def post_rules(request: Request, viewer: Postmaster) -> Response:
    context, typed = web_context(request), await typed_form(request)
    now = await run_in_threadpool(_read, context, viewer.shop)
    reader = FieldReader(typed, viewer.shop.currency)
    choices = read_sending(reader, now.rules.ceiling, viewer.shop.country)
    if choices is None:
        return _page(viewer, now, typed, reader.problems)
    expected = whole_of(typed.one("revision"))
    saved = await asyncio.wrap_future(
        context.station.writer.submit(
            Priority.STAFF,
            lambda unit: change_sending(unit, context.ctx, viewer.staff, choices, expected=expected),
        )
    )
    if isinstance(saved, Refused):
        again = typed.with_one("revision", str(now.revision))
        return _page(viewer, now, again, {"revision": Problem.of(saved)})
    context.station.courier.wake()
    return RedirectResponse("/messages/rules?done=saved", 303)


def _page(
    viewer: SignedInStaff, now: _Now, typed: Typed, problems: dict[str, Problem], *, is_saved: bool = False
) -> Response:
    codes = countries_to_choose(now.rules.ceiling, viewer.shop.country)
    return staff_page(
        "sending_rules.html",
        viewer,
        "messages",
        path="/messages/rules",
        status=(409 if "revision" in problems else 422) if problems else 200,
        typed=typed,
        problems=problems,
        countries=named_countries(codes, viewer.words),
        own_country=viewer.words.country(viewer.shop.country),
        currency_symbol=viewer.words.currency_symbol(viewer.shop.currency),
        ceiling=now.rules.ceiling,
        segment_cost_minor=now.rules.segment_cost_minor,
        changed=now.changed,
        is_saved=is_saved,
    )


def _read(context: WebContext, shop: ShopSettings) -> _Now:
    with context.reading() as unit:
        settings = unit.programme.settings()
        rules = context.sending_rules(shop).chosen(settings.sending, shop.country)
        revision = settings.sending.revision if settings.sending is not None else 0
        return _Now(rules, revision, last_change(unit, SENDING_SETTINGS))
