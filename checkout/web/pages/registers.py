"""Registers that speak for lanes by themselves: made, changed, given a key, shut out (row 195)."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import Problem, Typed, uuid_of
from checkout.web.context import WebContext, web_context
from checkout.web.pages.receipt_settings import ShopManager
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page, typed_form
from loyalty.domain.register import Register
from loyalty.domain.shop import Lane
from loyalty.domain.why import Refusal, Refused
from loyalty.services.keep_registers import (
    KeyMade,
    RegisterDraft,
    add_register,
    change_register,
    make_new_key,
    revoke_register,
)

router = APIRouter(prefix="/settings/registers")

_HERE = "/settings/registers"
_FIELDS = {
    Refusal.NAME_INVALID: "name",
    Refusal.NAME_TAKEN: "name",
    Refusal.LANE_UNKNOWN: "lane",
    Refusal.CERTIFICATE_NAME_INVALID: "certificate",
    Refusal.CERTIFICATE_NAME_TAKEN: "certificate",
}


class FreshKeys:
    """Keys made just now, until the page has shown them once; in this process alone, one of each session."""

    def __init__(self) -> None:
        self._made: dict[UUID, KeyMade] = {}

    def keep(self, session_id: UUID, made: KeyMade) -> None:
        self._made[session_id] = made

    def take(self, session_id: UUID) -> KeyMade | None:
        return self._made.pop(session_id, None)


@dataclass(frozen=True)
class _Found:
    """What the page shows."""

    registers: tuple[Register, ...]
    gone: tuple[Register, ...]
    lanes: tuple[Lane, ...]
    store: str


@router.get("")
async def registers_page(request: Request, viewer: ShopManager, done: str = "") -> Response:
    keys: FreshKeys = request.app.state.fresh_keys
    made = keys.take(viewer.session_id) if done == "key" else None
    return await _page(request, viewer, Typed({}), {}, done=done, made=made)


@router.post("")
async def post_register(request: Request, viewer: ShopManager) -> Response:
    context, typed = web_context(request), await typed_form(request)
    draft = _draft(typed, "new-")
    made = await context.write(lambda unit: add_register(unit, context.ctx, draft, viewer.staff))
    return await _answer(request, viewer, made, typed, "new-")


@router.post("/{register_id}")
async def post_change(register_id: UUID, request: Request, viewer: ShopManager) -> Response:
    context, typed = web_context(request), await typed_form(request)
    draft = _draft(typed, f"{register_id}-")
    saved = await context.write(
        lambda unit: change_register(unit, context.ctx, register_id, draft, viewer.staff)
    )
    return await _answer(request, viewer, saved, typed, f"{register_id}-")


@router.post("/{register_id}/key")
async def post_key(register_id: UUID, request: Request, viewer: ShopManager) -> Response:
    context = web_context(request)
    made = await context.write(lambda unit: make_new_key(unit, context.ctx, register_id, viewer.staff))
    return await _answer(request, viewer, made, Typed({}), f"{register_id}-")


@router.post("/{register_id}/revoke")
async def post_revoke(register_id: UUID, request: Request, viewer: ShopManager) -> Response:
    context = web_context(request)
    gone = await context.write(lambda unit: revoke_register(unit, context.ctx, register_id, viewer.staff))
    return await _answer(request, viewer, gone, Typed({}), f"{register_id}-")


def _draft(typed: Typed, prefix: str) -> RegisterDraft:
    return RegisterDraft(
        name=typed.one(f"{prefix}name"),
        lane_ids=tuple(lane for each in typed.many(f"{prefix}lane") if (lane := uuid_of(each)) is not None),
        certificate=typed.one(f"{prefix}certificate"),
        confirms=typed.has(f"{prefix}confirms", "1"),
    )


async def _answer(
    request: Request, viewer: SignedInStaff, saved: Register | KeyMade | Refused, typed: Typed, prefix: str
) -> Response:
    if isinstance(saved, Refused):
        problem = Problem.of(saved) if saved.reason is not Refusal.LANE_UNKNOWN else Problem("choose_one")
        name = f"{prefix}{_FIELDS.get(saved.reason, 'name')}"
        return await _page(request, viewer, typed, {name: problem})
    web_context(request).station.settings_changed()
    if isinstance(saved, KeyMade):
        keys: FreshKeys = request.app.state.fresh_keys
        keys.keep(viewer.session_id, saved)
        return RedirectResponse(f"{_HERE}?done=key", 303)
    return RedirectResponse(f"{_HERE}?done=saved", 303)


async def _page(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    done: str = "",
    made: KeyMade | None = None,
) -> Response:
    found = await run_in_threadpool(_read, web_context(request))
    shown = dict(typed.values)
    for register in found.registers:
        prefix = f"{register.id}-"
        if f"{prefix}name" not in typed.values:
            shown[f"{prefix}name"] = (register.name,)
            shown[f"{prefix}certificate"] = (register.certificate or "",)
            shown[f"{prefix}lane"] = tuple(map(str, register.lane_ids))
            shown[f"{prefix}confirms"] = ("1",) if register.confirms else ()
    return staff_page(
        "registers.html",
        viewer,
        "registers",
        path=_HERE,
        status=422 if problems else 200,
        typed=Typed(shown),
        problems=problems,
        found=found,
        made=made,
        is_saved=done == "saved",
        is_key_gone=done == "key" and made is None,
    )


def _read(context: WebContext) -> _Found:
    with context.reading() as unit:
        settings = unit.shop.settings()
        registers = unit.registers.all()
        return _Found(
            registers=tuple(each for each in registers if each.is_active),
            gone=tuple(each for each in registers if not each.is_active),
            lanes=tuple(lane for lane in unit.lanes.all() if lane.is_active),
            store=settings.store if settings else "",
        )
