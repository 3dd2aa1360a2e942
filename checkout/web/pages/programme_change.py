"""Changing the programme: the shop's draft, piece by piece; members hear of it once it is published."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.changes import change_texts
from checkout.programme.points_form import points_typed, read_points
from checkout.programme.rule_form import read_rule, rule_typed
from checkout.programme.tier_form import NEW_TIER, read_tier, tier_typed
from checkout.programme.typed import FieldReader, Problem, Typed, uuid_of
from checkout.web.context import web_context
from checkout.web.draft import DRAFT_FIELD, DraftNow, draft_now, is_overtaken, keep_change
from checkout.web.pages.programme import ProgrammeKeeper
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import shop_now, staff_page, typed_form, wording_for
from checkout.writer import Priority
from loyalty.domain.programme import MAX_TIER_NAME_CHARS, MAX_TIERS, ProgrammeVersion, RewardTier
from loyalty.domain.programme_changes import differences
from loyalty.domain.programme_edit import add_tier, change_tier, remove_tier
from loyalty.domain.why import Refused
from loyalty.services.draft_programme import discard_draft
from loyalty.services.publish_programme import Change
from runtime.ids import new_id

router = APIRouter(prefix="/programme/change")

_HERE = "/programme/change"
_TEMPLATES = {
    "rule": "programme_rule.html",
    "points": "programme_points.html",
    "rewards": "programme_reward.html",
}
_OVERTAKEN = f"{_HERE}?refused=overtaken"


@router.get("")
async def overview(request: Request, viewer: ProgrammeKeeper, refused: str = "") -> Response:
    now, found = await shop_now(web_context(request)), await draft_now(request)
    draft = found.draft
    wording = wording_for(viewer, now, draft.programme.points_name)
    return staff_page(
        "programme_change.html",
        viewer,
        "programme",
        path=_HERE,
        wording=wording,
        programme=draft.programme,
        changes=change_texts(wording, differences(draft.base, draft.programme)),
        steps=[(step, change_texts(wording, step.changes)) for step in found.steps],
        changed=found.changed,
        token=found.token,
        is_overtaken=refused == "overtaken",
        max_tiers=MAX_TIERS,
    )


@router.get("/rule")
async def rule_page(request: Request, viewer: ProgrammeKeeper) -> Response:
    found = await draft_now(request)
    typed = rule_typed(found.draft.programme.accrual, viewer.shop.currency, viewer.words)
    return await _form(request, viewer, "rule", typed.with_one(DRAFT_FIELD, found.token), {})


@router.post("/rule")
async def post_rule(request: Request, viewer: ProgrammeKeeper) -> Response:
    now, typed = await shop_now(web_context(request)), await typed_form(request)
    reader = FieldReader(typed, viewer.shop.currency)
    rule = read_rule(reader, now.goods)
    if rule is None:
        return await _form(request, viewer, "rule", typed, reader.problems)
    refused = await keep_change(request, viewer, typed, lambda draft: replace(draft, accrual=rule))
    if refused is not None:
        return await _form(request, viewer, "rule", typed, _problem(refused, "earn_by"))
    return RedirectResponse(_HERE, 303)


@router.get("/points")
async def points_page(request: Request, viewer: ProgrammeKeeper) -> Response:
    found = await draft_now(request)
    typed = points_typed(found.draft.programme).with_one(DRAFT_FIELD, found.token)
    return await _form(request, viewer, "points", typed, {})


@router.post("/points")
async def post_points(request: Request, viewer: ProgrammeKeeper) -> Response:
    typed, found = await typed_form(request), await draft_now(request)
    reader = FieldReader(typed, viewer.shop.currency)
    read = read_points(reader, found.draft.programme)
    if read is None:
        return await _form(request, viewer, "points", typed, reader.problems)
    names, expiry, limit = read.points_name, read.expiry, read.max_rewards_per_sale

    def change(draft: ProgrammeVersion) -> ProgrammeVersion:
        return replace(draft, points_name=names, expiry=expiry, max_rewards_per_sale=limit)

    refused = await keep_change(request, viewer, typed, change)
    if refused is not None:
        return await _form(request, viewer, "points", typed, _problem(refused, "points_one"))
    return RedirectResponse(_HERE, 303)


@router.get("/rewards/new")
async def new_tier_page(request: Request, viewer: ProgrammeKeeper) -> Response:
    found = await draft_now(request)
    return await _tier_form(request, viewer, None, NEW_TIER.with_one(DRAFT_FIELD, found.token), {})


@router.post("/rewards/new")
async def post_new_tier(request: Request, viewer: ProgrammeKeeper) -> Response:
    now, typed = await shop_now(web_context(request)), await typed_form(request)
    reader = FieldReader(typed, viewer.shop.currency)
    tier, tier_id = read_tier(reader, now.goods), new_id()
    if tier is None:
        return await _tier_form(request, viewer, None, typed, reader.problems)
    refused = await keep_change(
        request, viewer, typed, lambda draft: add_tier(draft, tier, tier_id, draft.valid_from)
    )
    if refused is not None:
        return await _tier_form(request, viewer, None, typed, _problem(refused, "name"))
    return RedirectResponse(_HERE, 303)


@router.get("/rewards/{tier_id}")
async def tier_page(tier_id: UUID, request: Request, viewer: ProgrammeKeeper) -> Response:
    found = await draft_now(request)
    tier = _tier(found, tier_id)
    typed = tier_typed(tier, viewer.words, viewer.shop.currency).with_one(DRAFT_FIELD, found.token)
    return await _tier_form(request, viewer, tier, typed, {})


@router.post("/rewards/{tier_id}")
async def post_tier(tier_id: UUID, request: Request, viewer: ProgrammeKeeper) -> Response:
    now, typed = await shop_now(web_context(request)), await typed_form(request)
    tier = _tier(await draft_now(request), tier_id)
    reader = FieldReader(typed, viewer.shop.currency)
    read = read_tier(reader, now.goods)
    if read is None:
        return await _tier_form(request, viewer, tier, typed, reader.problems)
    refused = await keep_change(
        request, viewer, typed, lambda draft: change_tier(draft, tier_id, read, draft.valid_from)
    )
    if refused is not None:
        return await _tier_form(request, viewer, tier, typed, _problem(refused, "name"))
    return RedirectResponse(_HERE, 303)


@router.post("/rewards/{tier_id}/remove")
async def post_remove_tier(tier_id: UUID, request: Request, viewer: ProgrammeKeeper) -> Response:
    return await _do(request, viewer, lambda draft: remove_tier(draft, tier_id, draft.valid_from))


@router.post("/switch")
async def post_switch(request: Request, viewer: ProgrammeKeeper) -> Response:
    """Switch the programme of the draft off or on."""
    return await _do(request, viewer, lambda draft: replace(draft, is_active=not draft.is_active))


@router.post("/discard")
async def post_discard(request: Request, viewer: ProgrammeKeeper) -> Response:
    context, typed = web_context(request), await typed_form(request)
    expected = uuid_of(typed.one(DRAFT_FIELD))
    refused = await asyncio.wrap_future(
        context.station.writer.submit(
            Priority.STAFF, lambda unit: discard_draft(unit, context.ctx, viewer.staff, expected=expected)
        )
    )
    return RedirectResponse(_OVERTAKEN if refused is not None else "/programme?done=discarded", 303)


async def _do(request: Request, viewer: SignedInStaff, change: Change) -> Response:
    """A change of one tap: who was overtaken sees the overview, with who was faster."""
    refused = await keep_change(request, viewer, await typed_form(request), change)
    if refused is not None and not is_overtaken(refused):
        raise HTTPException(404, refused.reason.value)
    return RedirectResponse(_HERE if refused is None else _OVERTAKEN, 303)


def _problem(refused: Refused, field: str) -> dict[str, Problem]:
    return {DRAFT_FIELD if is_overtaken(refused) else field: Problem.of(refused)}


def _tier(found: DraftNow, tier_id: UUID) -> RewardTier:
    tier = found.draft.programme.tier(tier_id)
    if tier is None:
        raise HTTPException(404, "tier_unknown")
    return tier


async def _tier_form(
    request: Request,
    viewer: SignedInStaff,
    tier: RewardTier | None,
    typed: Typed,
    problems: dict[str, Problem],
) -> Response:
    path = f"rewards/{tier.id if tier is not None else 'new'}"
    return await _form(request, viewer, path, typed, problems, tier=tier, max_chars=MAX_TIER_NAME_CHARS)


async def _form(
    request: Request,
    viewer: SignedInStaff,
    path: str,
    typed: Typed,
    problems: dict[str, Problem],
    **fields: Any,
) -> Response:
    """A form of the draft. Who was overtaken finds it on top of the draft as it is now."""
    now, found = await shop_now(web_context(request)), await draft_now(request)
    is_late = DRAFT_FIELD in problems
    return staff_page(
        _TEMPLATES[path.split("/", maxsplit=1)[0]],
        viewer,
        "programme",
        path=f"{_HERE}/{path}",
        wording=wording_for(viewer, now),
        status=(409 if is_late else 422) if problems else 200,
        typed=typed.with_one(DRAFT_FIELD, found.token) if is_late else typed,
        problems=problems,
        changed=found.changed if is_late else None,
        **fields,
    )
