"""The shop's draft of the programme behind the pages that change it: read, changed, and who did what."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from fastapi import HTTPException
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from checkout.programme.typed import Typed, uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff
from checkout.writer import Priority
from loyalty.domain.programme_changes import ProgrammeChange
from loyalty.domain.why import Refusal, Refused
from loyalty.services.draft_programme import OpenDraft, change_draft, open_draft
from loyalty.services.publish_programme import Change

DRAFT_FIELD = "draft"
"""Hidden field of every form that changes the draft: the revision that was looked at, empty for none."""


@dataclass(frozen=True)
class NamedStep:
    """One step of the draft with the name of who made it."""

    name: str
    at: datetime
    changes: tuple[ProgrammeChange, ...]


@dataclass(frozen=True)
class DraftNow:
    """The draft as a page shows it; steps newest first."""

    draft: OpenDraft
    steps: tuple[NamedStep, ...]

    @property
    def token(self) -> str:
        return str(self.draft.revision) if self.draft.revision is not None else ""

    @property
    def changed(self) -> NamedStep | None:
        """The last step; None where nothing was changed yet."""
        return self.steps[0] if self.steps else None


async def draft_now(request: Request) -> DraftNow:
    """The draft, or the programme in force as the beginning of one.

    Raises:
        HTTPException: 404 where there is no programme yet: the set-up makes the first one.
    """
    found = await run_in_threadpool(read_draft, web_context(request))
    if found is None:
        raise HTTPException(404, "programme_unknown")
    return found


def read_draft(context: WebContext) -> DraftNow | None:
    """The same, None before there is a programme. Blocks on the database."""
    with context.reading() as unit:
        draft = open_draft(unit, context.ctx)
        if draft is None:
            return None
        steps = draft.stored.steps if draft.stored is not None else ()
        names = {each.staff_id: unit.staff.get(each.staff_id) for each in steps}
    return DraftNow(
        draft,
        tuple(
            NamedStep(who.display_name if (who := names[each.staff_id]) else "", each.at, each.changes)
            for each in reversed(steps)
        ),
    )


async def keep_change(
    request: Request, viewer: SignedInStaff, typed: Typed, change: Change
) -> Refused | None:
    """Take a change into the draft that the form looked at."""
    context, expected = web_context(request), uuid_of(typed.one(DRAFT_FIELD))
    changed = await asyncio.wrap_future(
        context.station.writer.submit(
            Priority.STAFF,
            lambda unit: change_draft(unit, context.ctx, viewer.staff, change, expected=expected),
        )
    )
    return changed if isinstance(changed, Refused) else None


def is_overtaken(refused: Refused) -> bool:
    """Whether a colleague was faster; everything else is wrong with what was typed."""
    return refused.reason is Refusal.DRAFT_CHANGED_MEANWHILE
