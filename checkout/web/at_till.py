"""What every button of a till shares: who pressed it at which lane, and the answer on their page."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Form
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from checkout.errors import WriterBusyError
from checkout.till.actions import Action, TillActions, perform
from checkout.web.context import web_context
from checkout.web.pages.till import DONE_TEXTS, OwnLane, newest, whole_page
from checkout.web.session import Seller, SignedInStaff
from checkout.web.staff_page import typed_form
from checkout.web.till_page import flash_part, out_of_band
from checkout.words.reasons import reason_text
from loyalty.domain.shop import Lane
from loyalty.errors import ConflictError, UnknownIdError

SaleId = Annotated[UUID, Form()]


@dataclass(frozen=True)
class AtTill:
    """Who does something at which lane, and what came of it on their page."""

    request: Request
    lane: Lane
    viewer: SignedInStaff

    @property
    def actions(self) -> TillActions:
        """What this viewer may have done at the lane."""
        return TillActions(web_context(self.request).station, self.lane, self.viewer.staff)

    async def do(self, action: Action, *, done: str | None = None) -> Response:
        """Do it, and answer with the changed parts or the refusal."""
        try:
            refused = await perform(self.actions, action)
        except ConflictError:
            return await self.answer("sale_changed")
        except UnknownIdError:
            return await self.answer("sale_unknown")
        except WriterBusyError:
            return await self.answer("busy")
        if refused is None:
            return await self.answer(None, done=done)
        return await self.answer(refused.reason.value, dict(refused.params))

    async def answer(
        self,
        code: str | None,
        params: dict[str, int | str] | None = None,
        *,
        done: str | None = None,
        faults: tuple[str, ...] = (),
    ) -> Response:
        """The parts of the page, or the page itself, with why it was refused or what was done.

        ``faults`` are the names of the fields that it is about; the page marks them. Without JavaScript a
        refused form comes back with what was typed.
        """
        request, lane, viewer = self.request, self.lane, self.viewer
        text = (
            reason_text(viewer.words, code, params or {}, viewer.shop.currency) if code is not None else None
        )
        if "hx-request" not in request.headers:
            if text is not None:
                typed = await typed_form(request)
                shown = await whole_page(request, lane, viewer, flash=text, typed=typed, faults=faults)
                shown.headers["x-refused"] = code or ""
                return shown
            query = f"?done={done}" if done is not None else ""
            return RedirectResponse(f"/till/{lane.number}{query}", 303)
        said = viewer.words.text(DONE_TEXTS[done]) if done is not None else None
        headers = {"x-refused": code, "x-faults": " ".join(faults)} if code is not None else {}
        if "x-live" in request.headers:  # the stream brings the rest
            return HTMLResponse(flash_part(viewer.words, text, said), headers=headers)
        change = newest(web_context(request), lane)
        parts = out_of_band(change.view.seen_by(viewer.staff), change.number, viewer, text, said)
        return HTMLResponse(parts, headers=headers)


def at_till(lane: OwnLane, request: Request, viewer: Seller) -> AtTill:
    """Dependency of everything that is done at a lane by who took it and may sell."""
    return AtTill(request, lane, viewer)


Till = Annotated[AtTill, Depends(at_till)]
