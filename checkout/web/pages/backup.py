"""The last back-up, the sheet to print for the day it is needed, and what waits after a restore (row 205)."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.trouble.backups import LONGEST_WITHOUT
from checkout.web.context import web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import staff_page
from loyalty.domain.staff import Permission
from loyalty.services.after_restore import confirm_balances

router = APIRouter(prefix="/backup")


async def corrector(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of these pages: whoever may correct points may say that they are right."""
    viewer.require(Permission.ADJUST_POINTS)
    return viewer


Corrector = Annotated[SignedInStaff, Depends(corrector)]


@router.get("")
async def backup_page(request: Request, viewer: Corrector, done: str = "") -> Response:
    context = web_context(request)
    record = context.backup
    last = record.last() if record is not None else None
    now = context.ctx.clock.now()
    return staff_page(
        "backup.html",
        viewer,
        "backup",
        path="/backup",
        record=record,
        last=last,
        is_late=last is None or now - last.at > LONGEST_WITHOUT,
        size_mb=max(1, round(last.size_bytes / 1_000_000)) if last is not None else 0,
        store=viewer.shop.store,
        held_since=viewer.redeeming_held_since,
        may_decide=viewer.staff.may(Permission.MANAGE_MESSAGES),
        today=now,
        done=done,
    )


@router.post("/confirm")
async def post_confirm(request: Request, viewer: Corrector) -> Response:
    context = web_context(request)
    await context.write(lambda unit: confirm_balances(unit, context.ctx, viewer.staff))
    context.station.settings_changed()
    return RedirectResponse("/backup?done=confirmed", 303)
