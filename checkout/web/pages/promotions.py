"""Promotions: what runs, what is planned, what is over; a new one; cancelling one (row 134)."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.promotion_form import MAX_WINDOWS, new_promotion_typed, read_promotion
from checkout.programme.typed import FieldReader, Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.pages.programme import ProgrammeKeeper
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import shop_now, staff_page, typed_form, wording_for
from checkout.writer import Priority
from loyalty.domain.calendar import local_date
from loyalty.domain.promotions import PromotionState
from loyalty.domain.promotions.plan import MAX_PROMOTIONS
from loyalty.domain.promotions.promotion import MAX_PROMOTION_NAME_CHARS
from loyalty.domain.why import Refusal, Refused
from loyalty.services.plan_promotion import ListedPromotion, add_promotion, cancel_promotion, list_promotions

router = APIRouter(prefix="/promotions")

_LIVING = (PromotionState.ACTIVE, PromotionState.SCHEDULED)
_ORDER = (*_LIVING, PromotionState.ENDED, PromotionState.CANCELLED)


@router.get("")
async def promotions_page(
    request: Request, viewer: ProgrammeKeeper, done: str = "", refused: str = ""
) -> Response:
    context = web_context(request)
    now = await shop_now(context)
    at, timezone = context.ctx.clock.now(), viewer.shop.timezone
    found = await run_in_threadpool(_all, context)
    listed = [(each.promotion, each.state) for each in found]
    listed.sort(key=lambda each: _ORDER.index(each[1]))
    living = sum(state in _LIVING for _, state in listed)
    return staff_page(
        "promotions.html",
        viewer,
        "promotions",
        path="/promotions",
        wording=wording_for(viewer, now),
        running=[each for each in listed if each[1] in _LIVING],
        over=[each for each in listed if each[1] not in _LIVING],
        is_on_now={each.id for each, _ in listed if each.schedule.is_on(at, timezone)},
        living=living,
        max_promotions=MAX_PROMOTIONS,
        done=done if done in ("added", "cancelled") else "",
        refused=refused == "over",
    )


@router.get("/new")
async def new_page(request: Request, viewer: ProgrammeKeeper) -> Response:
    context = web_context(request)
    today = local_date(context.ctx.clock.now(), viewer.shop.timezone)
    return await _form(request, viewer, new_promotion_typed(today), {})


@router.post("/new")
async def post_new(request: Request, viewer: ProgrammeKeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    now = await shop_now(context)
    reader = FieldReader(typed, viewer.shop.currency)
    draft = read_promotion(reader, now.goods)
    if draft is None:
        return await _form(request, viewer, typed, reader.problems)
    added = await asyncio.wrap_future(
        context.station.writer.submit(
            Priority.STAFF, lambda unit: add_promotion(unit, context.ctx, viewer.staff, draft)
        )
    )
    if isinstance(added, Refused):
        return await _form(request, viewer, typed, {"name": Problem.of(added)})
    context.station.refresher.all_changed()
    return RedirectResponse("/promotions?done=added", 303)


@router.post("/{promotion_id}/cancel")
async def post_cancel(promotion_id: UUID, request: Request, viewer: ProgrammeKeeper) -> Response:
    context = web_context(request)
    cancelled = await asyncio.wrap_future(
        context.station.writer.submit(
            Priority.STAFF, lambda unit: cancel_promotion(unit, context.ctx, viewer.staff, promotion_id)
        )
    )
    if isinstance(cancelled, Refused) and cancelled.reason is Refusal.PROMOTION_UNKNOWN:
        raise HTTPException(404, "promotion_unknown")
    if isinstance(cancelled, Refused):
        return RedirectResponse("/promotions?refused=over", 303)
    context.station.refresher.all_changed()
    return RedirectResponse("/promotions?done=cancelled", 303)


async def _form(
    request: Request, viewer: SignedInStaff, typed: Typed, problems: dict[str, Problem]
) -> Response:
    now = await shop_now(web_context(request))
    return staff_page(
        "promotion_new.html",
        viewer,
        "promotions",
        path="/promotions/new",
        wording=wording_for(viewer, now),
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        programme=now.programme,
        windows=range(1, MAX_WINDOWS + 1),
        max_chars=MAX_PROMOTION_NAME_CHARS,
    )


def _all(context: WebContext) -> tuple[ListedPromotion, ...]:
    with context.reading() as unit:
        return list_promotions(unit, context.ctx)
