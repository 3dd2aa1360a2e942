"""The last look before a change is in force: what changes, who hears of it (row 119)."""

import asyncio

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.changes import change_texts
from checkout.programme.typed import uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.draft import DRAFT_FIELD, draft_now
from checkout.web.pages.programme import ProgrammeKeeper
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import shop_now, staff_page, typed_form, wording_for
from checkout.words.reasons import reason_text
from checkout.writer import Priority
from loyalty.domain.programme_changes import ProgrammeChange, differences
from loyalty.domain.why import Refused
from loyalty.errors import ConflictError
from loyalty.services.draft_programme import publish_draft
from loyalty.services.members_concerned import MembersConcerned, count_concerned

router = APIRouter(prefix="/programme/publish")


@router.get("")
async def preview(request: Request, viewer: ProgrammeKeeper) -> Response:
    return await _page(request, viewer, None)


@router.post("")
async def post_publish(request: Request, viewer: ProgrammeKeeper) -> Response:
    """Publish the draft, if it is still the one that was looked at."""
    context, typed = web_context(request), await typed_form(request)
    expected = uuid_of(typed.one(DRAFT_FIELD))
    try:
        published = await asyncio.wrap_future(
            context.station.writer.submit(
                Priority.STAFF,
                lambda unit: publish_draft(unit, context.ctx, viewer.staff, expected=expected),
            )
        )
    except ConflictError:
        return await _page(request, viewer, "busy")
    if isinstance(published, Refused):
        return await _page(request, viewer, published)
    context.station.settings_changed()
    return RedirectResponse(f"/programme?done={'published' if published is not None else 'unchanged'}", 303)


async def _page(request: Request, viewer: SignedInStaff, refused: Refused | str | None) -> Response:
    context = web_context(request)
    now, found = await shop_now(context), await draft_now(request)
    draft = found.draft
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
        is_different=draft.stored is not None,
        told=await run_in_threadpool(_told, context, changes),
        token=found.token,
        changed=found.changed,
        version=draft.base.version + 1,
        refusal=reason_text(viewer.words, code, params, viewer.shop.currency) if code is not None else None,
    )


def _told(context: WebContext, changes: tuple[ProgrammeChange, ...]) -> MembersConcerned:
    with context.reading() as unit:
        return count_concerned(unit, changes)
