"""The last look before a change is in force: what changes, who hears of it (row 119)."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.changes import change_texts
from checkout.programme.drafts import Draft
from checkout.web.context import WebContext, web_context
from checkout.web.pages.programme import ProgrammeKeeper
from checkout.web.pages.programme_change import draft_for, drafts_of
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import shop_now, staff_page, wording_for
from checkout.words.reasons import reason_text
from checkout.writer import Priority
from loyalty.domain.programme_changes import ProgrammeChange, differences
from loyalty.domain.why import Refused
from loyalty.errors import ConflictError
from loyalty.services.members_concerned import MembersConcerned, count_concerned
from loyalty.services.publish_programme import publish_change

router = APIRouter(prefix="/programme/publish")


@router.get("")
async def preview(request: Request, viewer: ProgrammeKeeper) -> Response:
    return await _page(request, viewer, None)


@router.post("")
async def post_publish(
    request: Request, viewer: ProgrammeKeeper, base: Annotated[int, Form(ge=1, le=10**9)]
) -> Response:
    """Publish the viewer's draft, if ``base`` is still the version in force."""
    context = web_context(request)
    draft = drafts_of(request).of(viewer.staff.id)
    if draft is None:
        return RedirectResponse("/programme?done=unchanged", 303)
    programme = draft.programme
    try:
        published = await asyncio.wrap_future(
            context.station.writer.submit(
                Priority.STAFF,
                lambda unit: publish_change(
                    unit, context.ctx, viewer.staff, lambda _current: programme, expected=base
                ),
            )
        )
    except ConflictError:
        return await _page(request, viewer, "busy")
    if isinstance(published, Refused):
        return await _page(request, viewer, published)
    drafts_of(request).drop(viewer.staff.id)
    context.station.refresher.all_changed()
    is_new = published.version.version != base
    return RedirectResponse(f"/programme?done={'published' if is_new else 'unchanged'}", 303)


async def _page(request: Request, viewer: SignedInStaff, refused: Refused | str | None) -> Response:
    context = web_context(request)
    now = await shop_now(context)
    draft: Draft = draft_for(request, viewer, now)
    changes = differences(draft.base, draft.programme)
    wording = wording_for(viewer, now, draft.programme.points_name)
    code, params = (
        (refused.reason.value, dict(refused.params)) if isinstance(refused, Refused) else (refused, {})
    )
    return staff_page(
        "programme_publish.html",
        viewer,
        "programme",
        path="/programme/publish",
        wording=wording,
        status=409 if refused is not None else 200,
        changes=change_texts(wording, changes),
        is_different=draft.changed(draft.base).programme != draft.programme,
        told=await run_in_threadpool(_told, context, changes),
        base=draft.base.version,
        version=draft.base.version + 1,
        refusal=reason_text(viewer.words, code, params, viewer.shop.currency) if code is not None else None,
    )


def _told(context: WebContext, changes: tuple[ProgrammeChange, ...]) -> MembersConcerned:
    with context.reading() as unit:
        return count_concerned(unit, changes)
