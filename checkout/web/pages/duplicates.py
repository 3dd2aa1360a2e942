"""Profiles that may be one person: the list, two of them side by side, merging and parting (row 182)."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.profiles.side_by_side import AGREEING, PICK, compared_fields, number_shown, read_picks
from checkout.programme.typed import Problem, Typed, uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import shop_now, staff_page, typed_form, typed_query, wording_for
from loyalty.domain.custom_field import CustomField
from loyalty.domain.duplicate_pair import DuplicatePair, ordered_pair
from loyalty.domain.duplicates.reasons import Agreement
from loyalty.domain.merge import Merge
from loyalty.domain.phone import parse_phone_number
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import ConflictError
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.duplicate_list import ListedProfile, listed_profile, past_merges, proposals, say_apart
from loyalty.services.merge_customers import MergeOrder, merge_customers, preview_merge
from loyalty.services.undo_merge import undo_merge

router = APIRouter(prefix="/duplicates")
_A_PAGE, _PAST = 20, 10
DONE = frozenset({"merged", "apart", "undone"})


async def merger(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of the pages about duplicates."""
    viewer.require(Permission.MERGE_CUSTOMERS)
    return viewer


Merger = Annotated[SignedInStaff, Depends(merger)]


@dataclass(frozen=True)
class _Pair:
    """Two profiles as they are now: the one that stays, the one that goes."""

    sides: tuple[ListedProfile, ListedProfile]
    own_fields: list[CustomField]
    proposal: DuplicatePair | None
    why_not: Refused | None


@router.get("")
async def duplicates_page(
    request: Request, viewer: Merger, page: int = 1, done: str = "", refused: str = ""
) -> Response:
    context, typed = web_context(request), typed_query(request)
    page = min(max(page, 1), 10_000)
    count, found, past = await run_in_threadpool(_read_list, context, viewer, page)
    codes = {each.value for each in Refusal}
    return staff_page(
        "duplicates.html",
        viewer,
        "duplicates",
        path="/duplicates",
        wording=wording_for(viewer, await shop_now(context)),
        typed=typed,
        problems={"other": Problem("member_unknown")} if "one" in typed.values else {},
        count=count,
        proposals=found,
        past=past,
        page=page,
        has_more=count > page * _A_PAGE,
        done=done if done in DONE else "",
        refused=Problem(refused).text(viewer.words, viewer.shop.currency) if refused in codes else None,
        number_of=lambda contact: number_shown(contact, viewer.shop.phone_region),
        reason_texts=lambda pair: _reason_texts(viewer, pair),
        refusal_text=lambda each: Problem.of(each).text(viewer.words, viewer.shop.currency),
    )


@router.get("/find")
async def find_page(request: Request, viewer: Merger) -> Response:
    """Two profiles by phone number or reference, to be looked at side by side."""
    typed = typed_query(request)
    ids = await run_in_threadpool(_find_both, web_context(request), viewer, typed)
    if ids is None:
        return await duplicates_page(request, viewer)
    return RedirectResponse(f"/duplicates/merge?kept={ids[0]}&gone={ids[1]}", 303)


@router.get("/merge")
async def merge_page(request: Request, viewer: Merger) -> Response:
    return await _side_by_side(request, viewer, typed_query(request), {})


@router.post("/merge")
async def post_merge(request: Request, viewer: Merger) -> Response:
    context, typed = web_context(request), await typed_form(request)
    kept, gone = _ids(typed)
    own_fields = await run_in_threadpool(_own_fields, context)
    versions = tuple(int(text) if text.isdecimal() else 0 for text in typed.one("versions").split(",")[:2])
    order = MergeOrder(
        kept,
        gone,
        read_picks(typed, own_fields),
        (versions[0], versions[1]) if len(versions) == 2 else (0, 0),
    )
    try:
        merged = await context.write(lambda unit: merge_customers(unit, context.ctx, order, viewer.staff))
    except ConflictError:
        merged = Refused(Refusal.PROFILE_CHANGED_MEANWHILE)
    if isinstance(merged, Refused):
        return await _side_by_side(request, viewer, typed, {"merge": Problem.of(merged)})
    context.station.refresher.all_changed()
    return RedirectResponse("/duplicates?done=merged", 303)


@router.post("/apart")
async def post_apart(request: Request, viewer: Merger) -> Response:
    context, typed = web_context(request), await typed_form(request)
    one, other = _ids(typed)
    await context.write(lambda unit: say_apart(unit, context.ctx, one, other, viewer.staff))
    return RedirectResponse("/duplicates?done=apart", 303)


@router.post("/merges/{merge_id}/undo")
async def post_undo(merge_id: UUID, request: Request, viewer: Merger) -> Response:
    context = web_context(request)
    try:
        undone = await context.write(lambda unit: undo_merge(unit, context.ctx, merge_id, viewer.staff))
    except ConflictError:
        undone = Refused(Refusal.PROFILE_CHANGED_MEANWHILE)
    if isinstance(undone, Merge):
        context.station.refresher.all_changed()
        return RedirectResponse("/duplicates?done=undone", 303)
    return RedirectResponse(f"/duplicates?refused={undone.reason.value}", 303)


async def _side_by_side(
    request: Request, viewer: SignedInStaff, typed: Typed, problems: dict[str, Problem]
) -> Response:
    context = web_context(request)
    kept, gone = _ids(typed)
    pair = await run_in_threadpool(_read_pair, context, viewer, kept, gone)
    if pair is None:
        raise HTTPException(404, "unknown_customer")
    picked = read_picks(typed, pair.own_fields)
    if pair.why_not is not None and not problems:
        problems = {"merge": Problem.of(pair.why_not)}
    lines = compared_fields(pair.sides, pair.own_fields, picked, viewer.words, viewer.shop.phone_region)
    return staff_page(
        "duplicate_merge.html",
        viewer,
        "duplicates",
        path=f"/duplicates/merge?kept={kept}&gone={gone}",
        wording=wording_for(viewer, await shop_now(context)),
        status=422 if request.method == "POST" else 200,
        typed=typed,
        problems=problems,
        kept=pair.sides[0],
        gone=pair.sides[1],
        lines=lines,
        pick=PICK,
        points_after=sum(side.points or 0 for side in pair.sides),
        has_account=any(side.points is not None for side in pair.sides),
        proposal=pair.proposal,
        is_blocked=pair.why_not is not None,
        may_see_contact=viewer.staff.may(Permission.VIEW_CONTACT),
    )


def _read_list(context: WebContext, viewer: SignedInStaff, page: int) -> tuple[int, object, object]:
    with context.reading() as unit:
        count, found = proposals(unit, viewer.staff, _A_PAGE, (page - 1) * _A_PAGE)
        return count, found, past_merges(unit, viewer.staff, _PAST)


def _read_pair(context: WebContext, viewer: SignedInStaff, kept_id: UUID, gone_id: UUID) -> _Pair | None:
    with context.reading() as unit:
        kept, gone = (listed_profile(unit, each, viewer.staff) for each in (kept_id, gone_id))
        if kept is None or gone is None:
            return None
        preview = preview_merge(unit, MergeOrder(kept_id, gone_id), viewer.staff)
        proposal = unit.duplicates.get(*ordered_pair(kept_id, gone_id))
        return _Pair((kept, gone), _living(unit), proposal, preview.why_not)


def _own_fields(context: WebContext) -> list[CustomField]:
    with context.reading() as unit:
        return _living(unit)


def _living(unit: UnitOfWork) -> list[CustomField]:
    return [each for each in unit.profiles.custom_fields() if each.archived_at is None]


def _find_both(context: WebContext, viewer: SignedInStaff, typed: Typed) -> tuple[UUID, UUID] | None:
    with context.reading() as unit:
        found = [
            _find(unit, typed.one(name).strip()[:60], viewer.shop.phone_region) for name in ("one", "other")
        ]
    if found[0] is None or found[1] is None:
        return None
    return found[0], found[1]


def _find(unit: UnitOfWork, text: str, region: str) -> UUID | None:
    number = parse_phone_number(text, region)
    if number is not None:
        member = unit.customers.member_by_phone(number)
        customer = member.customer if member is not None else unit.customers.by_phone_without_account(number)
        if customer is not None:
            return customer.id
    by_reference = unit.customers.member_by_reference(text)
    return by_reference.customer.id if by_reference is not None else None


def _ids(typed: Typed) -> tuple[UUID, UUID]:
    kept, gone = uuid_of(typed.one("kept")), uuid_of(typed.one("gone"))
    if kept is None or gone is None:
        raise HTTPException(404, "unknown_customer")
    return kept, gone


def _reason_texts(viewer: SignedInStaff, pair: DuplicatePair) -> list[tuple[str, Agreement]]:
    """Titles of the fields, with how they agree."""
    words = viewer.words
    return [
        (words.text(title), pair.agreements[name])
        for name, title in AGREEING.items()
        if name in pair.agreements
    ]
