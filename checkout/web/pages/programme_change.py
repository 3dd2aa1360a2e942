"""Changing the programme: a draft, piece by piece, that nobody is told of before it is published."""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.changes import change_texts
from checkout.programme.drafts import Draft, Drafts
from checkout.programme.points_form import points_typed, read_points
from checkout.programme.rule_form import read_rule, rule_typed
from checkout.programme.tier_form import NEW_TIER, read_tier, tier_typed
from checkout.programme.typed import FieldReader, Problem, Typed
from checkout.web.context import web_context
from checkout.web.pages.programme import ProgrammeKeeper
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import ShopNow, shop_now, staff_page, typed_form, wording_for
from loyalty.domain.programme import MAX_TIER_NAME_CHARS, MAX_TIERS, ProgrammeVersion, RewardTier
from loyalty.domain.programme_changes import differences
from loyalty.domain.programme_edit import add_tier, change_tier, next_version, remove_tier
from loyalty.domain.why import Refused
from runtime.ids import new_id

router = APIRouter(prefix="/programme/change")

_HERE = "/programme/change"


def drafts_of(request: Request) -> Drafts:
    """The drafts of this process."""
    drafts: Drafts = request.app.state.drafts
    return drafts


def draft_for(request: Request, viewer: SignedInStaff, now: ShopNow) -> Draft:
    """The viewer's draft, or a fresh one of the programme in force.

    Raises:
        HTTPException: 404 where there is no programme yet: the set-up makes the first one.
    """
    kept = drafts_of(request).of(viewer.staff.id)
    if kept is not None:
        return kept
    if now.programme is None:
        raise HTTPException(404, "programme_unknown")
    at = web_context(request).ctx.clock.now()
    return Draft(now.programme, next_version(now.programme, at))


def _keep(request: Request, viewer: SignedInStaff, draft: Draft, changed: ProgrammeVersion) -> Response:
    drafts_of(request).keep(viewer.staff.id, draft.changed(changed))
    return RedirectResponse(_HERE, 303)


@router.get("")
async def overview(request: Request, viewer: ProgrammeKeeper) -> Response:
    now = await shop_now(web_context(request))
    draft = draft_for(request, viewer, now)
    wording = wording_for(viewer, now, draft.programme.points_name)
    return staff_page(
        "programme_change.html",
        viewer,
        "programme",
        path=_HERE,
        wording=wording,
        programme=draft.programme,
        changes=change_texts(wording, differences(draft.base, draft.programme)),
        max_tiers=MAX_TIERS,
    )


@router.get("/rule")
async def rule_page(request: Request, viewer: ProgrammeKeeper) -> Response:
    now = await shop_now(web_context(request))
    rule = draft_for(request, viewer, now).programme.accrual
    return _rule_page(viewer, now, rule_typed(rule, viewer.shop.currency, viewer.words), {})


@router.post("/rule")
async def post_rule(request: Request, viewer: ProgrammeKeeper) -> Response:
    now, typed = await shop_now(web_context(request)), await typed_form(request)
    draft = draft_for(request, viewer, now)
    reader = FieldReader(typed, viewer.shop.currency)
    rule = read_rule(reader, now.goods)
    if rule is None:
        return _rule_page(viewer, now, typed, reader.problems)
    return _keep(request, viewer, draft, replace(draft.programme, accrual=rule))


def _rule_page(viewer: SignedInStaff, now: ShopNow, typed: Typed, problems: dict[str, Problem]) -> Response:
    return staff_page(
        "programme_rule.html",
        viewer,
        "programme",
        path=f"{_HERE}/rule",
        wording=wording_for(viewer, now),
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
    )


@router.get("/points")
async def points_page(request: Request, viewer: ProgrammeKeeper) -> Response:
    now = await shop_now(web_context(request))
    return _points_page(viewer, now, points_typed(draft_for(request, viewer, now).programme), {})


@router.post("/points")
async def post_points(request: Request, viewer: ProgrammeKeeper) -> Response:
    now, typed = await shop_now(web_context(request)), await typed_form(request)
    draft = draft_for(request, viewer, now)
    reader = FieldReader(typed, viewer.shop.currency)
    changed = read_points(reader, draft.programme)
    if changed is None:
        return _points_page(viewer, now, typed, reader.problems)
    return _keep(request, viewer, draft, changed)


def _points_page(viewer: SignedInStaff, now: ShopNow, typed: Typed, problems: dict[str, Problem]) -> Response:
    return staff_page(
        "programme_points.html",
        viewer,
        "programme",
        path=f"{_HERE}/points",
        wording=wording_for(viewer, now),
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
    )


@router.get("/rewards/new")
async def new_tier_page(request: Request, viewer: ProgrammeKeeper) -> Response:
    now = await shop_now(web_context(request))
    draft_for(request, viewer, now)
    return _tier_page(viewer, now, None, NEW_TIER, {})


@router.post("/rewards/new")
async def post_new_tier(request: Request, viewer: ProgrammeKeeper) -> Response:
    now, typed = await shop_now(web_context(request)), await typed_form(request)
    draft = draft_for(request, viewer, now)
    reader = FieldReader(typed, viewer.shop.currency)
    tier = read_tier(reader, now.goods)
    if tier is None:
        return _tier_page(viewer, now, None, typed, reader.problems)
    changed = add_tier(draft.programme, tier, new_id(), draft.programme.valid_from)
    if isinstance(changed, Refused):
        return _tier_page(viewer, now, None, typed, {"name": Problem.of(changed)})
    return _keep(request, viewer, draft, changed)


@router.get("/rewards/{tier_id}")
async def tier_page(tier_id: UUID, request: Request, viewer: ProgrammeKeeper) -> Response:
    now = await shop_now(web_context(request))
    tier = _tier(draft_for(request, viewer, now), tier_id)
    return _tier_page(viewer, now, tier, tier_typed(tier, viewer.words, viewer.shop.currency), {})


@router.post("/rewards/{tier_id}")
async def post_tier(tier_id: UUID, request: Request, viewer: ProgrammeKeeper) -> Response:
    now, typed = await shop_now(web_context(request)), await typed_form(request)
    draft = draft_for(request, viewer, now)
    tier = _tier(draft, tier_id)
    reader = FieldReader(typed, viewer.shop.currency)
    read = read_tier(reader, now.goods)
    if read is None:
        return _tier_page(viewer, now, tier, typed, reader.problems)
    changed = change_tier(draft.programme, tier_id, read, draft.programme.valid_from)
    if isinstance(changed, Refused):
        return _tier_page(viewer, now, tier, typed, {"name": Problem.of(changed)})
    return _keep(request, viewer, draft, changed)


@router.post("/rewards/{tier_id}/remove")
async def post_remove_tier(tier_id: UUID, request: Request, viewer: ProgrammeKeeper) -> Response:
    draft = draft_for(request, viewer, await shop_now(web_context(request)))
    changed = remove_tier(draft.programme, tier_id, draft.programme.valid_from)
    if isinstance(changed, Refused):
        raise HTTPException(404, "tier_unknown")
    return _keep(request, viewer, draft, changed)


@router.post("/switch")
async def post_switch(request: Request, viewer: ProgrammeKeeper) -> Response:
    """Switch the programme of the draft off or on."""
    draft = draft_for(request, viewer, await shop_now(web_context(request)))
    changed = replace(draft.programme, is_active=not draft.programme.is_active)
    return _keep(request, viewer, draft, changed)


@router.post("/discard")
async def post_discard(request: Request, viewer: ProgrammeKeeper) -> Response:
    drafts_of(request).drop(viewer.staff.id)
    return RedirectResponse("/programme?done=discarded", 303)


def _tier(draft: Draft, tier_id: UUID) -> RewardTier:
    tier = draft.programme.tier(tier_id)
    if tier is None:
        raise HTTPException(404, "tier_unknown")
    return tier


def _tier_page(
    viewer: SignedInStaff,
    now: ShopNow,
    tier: RewardTier | None,
    typed: Typed,
    problems: dict[str, Problem],
) -> Response:
    return staff_page(
        "programme_reward.html",
        viewer,
        "programme",
        path=f"{_HERE}/rewards/{tier.id if tier is not None else 'new'}",
        wording=wording_for(viewer, now),
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        tier=tier,
        max_chars=MAX_TIER_NAME_CHARS,
    )
