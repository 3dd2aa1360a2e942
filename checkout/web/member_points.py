"""What the pages of one member's points share: the member first, then their page."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import Problem, Typed
from checkout.web.context import web_context
from checkout.web.found_member import FoundMember, find_member
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import shop_now, staff_page, wording_for


async def member_or_back(
    request: Request, viewer: SignedInStaff, typed: Typed
) -> FoundMember | RedirectResponse:
    """The member that the form or the address names; without one, back to where one is looked for."""
    member = await run_in_threadpool(find_member, web_context(request), viewer, typed)
    return member if member is not None else RedirectResponse("/points", 303)


async def points_page_of(
    request: Request,
    viewer: SignedInStaff,
    template: str,
    *,
    path: str,
    typed: Typed,
    problems: dict[str, Problem],
    **shown: Any,
) -> Response:
    """A page of these; 422 where something typed could not be taken."""
    now = await shop_now(web_context(request))
    return staff_page(
        template,
        viewer,
        "points",
        path=path,
        wording=wording_for(viewer, now),
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        **shown,
    )
