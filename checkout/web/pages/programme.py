"""The programme as it stands, and how it became what it is."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from checkout.programme.changes import change_texts
from checkout.web.context import WebContext, web_context
from checkout.web.draft import read_draft
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import shop_now, staff_page, wording_for
from loyalty.domain.loyalty_settings import LoyaltySettings
from loyalty.domain.programme_changes import differences
from loyalty.domain.staff import Permission

router = APIRouter()


async def programme_keeper(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of the pages that change the programme."""
    viewer.require(Permission.MANAGE_PROGRAMME)
    return viewer


ProgrammeKeeper = Annotated[SignedInStaff, Depends(programme_keeper)]


@router.get("/programme")
async def programme_page(request: Request, viewer: ProgrammeKeeper, done: str = "") -> Response:
    now = await shop_now(web_context(request))
    found = await run_in_threadpool(read_draft, web_context(request))
    return staff_page(
        "programme.html",
        viewer,
        "programme",
        path="/programme",
        wording=wording_for(viewer, now),
        programme=now.programme,
        settings=await run_in_threadpool(_settings, web_context(request)),
        draft_changed=found.changed if found is not None else None,
        done=done if done in ("published", "unchanged", "discarded") else "",
    )


@router.get("/programme/versions")
async def versions_page(request: Request, viewer: ProgrammeKeeper) -> Response:
    context = web_context(request)
    now = await shop_now(context)

    def read() -> list[tuple[object, list[str]]]:
        with context.reading() as unit:
            versions = list(unit.programme.all())
        before = [*versions[1:], None]
        return [
            (
                version,
                change_texts(wording_for(viewer, now, version.points_name), differences(old, version))
                if old is not None
                else [],
            )
            for version, old in zip(versions, before, strict=True)
        ]

    return staff_page(
        "programme_versions.html",
        viewer,
        "programme",
        path="/programme/versions",
        wording=wording_for(viewer, now),
        versions=await run_in_threadpool(read),
    )


def _settings(context: WebContext) -> LoyaltySettings:
    with context.reading() as unit:
        return unit.programme.settings()
