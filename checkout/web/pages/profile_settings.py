"""Configure profiles: fields shown, fields of the shop's own, and what membership codes say (rows 43, 97)."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.profiles.sections import FIELD_TITLES
from checkout.profiles.worded import KIND_TITLES
from checkout.programme.typed import Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import staff_page, typed_form
from checkout.writer import Priority
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.profile import ProfileField
from loyalty.domain.profile_settings import HIDEABLE_FIELDS, CodeContent, ProfileSettings
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.profile_setup import (
    add_field,
    archive_field,
    change_field,
    configure_profiles,
    move_field,
    typed_code_settings,
)

router = APIRouter(prefix="/settings/profiles")

_HERE = "/settings/profiles"
_KINDS = [kind.value for kind in FieldKind]


async def keeper_of_profiles(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of these pages."""
    viewer.require(Permission.MANAGE_SHOP)
    return viewer


ProfileKeeper = Annotated[SignedInStaff, Depends(keeper_of_profiles)]


@dataclass(frozen=True)
class _Setup:
    settings: ProfileSettings
    fields: Sequence[CustomField]


@router.get("")
async def settings_page(request: Request, viewer: ProfileKeeper, done: str = "") -> Response:
    return await _page(request, viewer, None, {}, done=done if done in ("saved", "added") else "")


@router.post("/shown")
async def post_shown(request: Request, viewer: ProfileKeeper) -> Response:
    typed = await typed_form(request)
    hidden = frozenset(name for name in HIDEABLE_FIELDS if not typed.has("shown", name.value))
    return await _do(
        request,
        viewer,
        typed,
        "shown",
        lambda unit, context: configure_profiles(
            unit,
            context.ctx,
            replace(unit.profiles.settings(), hidden=hidden, remembers_cards=typed.has("cards", "yes")),
            viewer.staff,
        ),
    )


@router.post("/codes")
async def post_codes(request: Request, viewer: ProfileKeeper) -> Response:
    typed = await typed_form(request)
    content = typed.one("code_content")

    def change(unit: UnitOfWork, context: WebContext) -> ProfileSettings | Refused:
        wanted = typed_code_settings(
            unit.profiles.settings(),
            CodeContent(content) if content in list(CodeContent) else CodeContent.CARD,
            typed.one("code_address"),
        )
        if isinstance(wanted, Refused):
            return wanted
        return configure_profiles(unit, context.ctx, wanted, viewer.staff)

    return await _do(request, viewer, typed, "code_address", change)


@router.post("/fields")
async def post_field(request: Request, viewer: ProfileKeeper) -> Response:
    typed = await typed_form(request)
    kind = typed.one("kind")
    return await _do(
        request,
        viewer,
        typed,
        "name",
        lambda unit, context: add_field(
            unit,
            context.ctx,
            viewer.staff,
            name=typed.one("name"),
            kind=FieldKind(kind) if kind in _KINDS else FieldKind.TEXT,
            choices=typed.one("choices").splitlines(),
        ),
        done="added",
    )


@router.post("/fields/{field_id:uuid}")
async def post_change(request: Request, viewer: ProfileKeeper, field_id: UUID) -> Response:
    typed = await typed_form(request)
    prefix = f"{field_id}-"
    return await _do(
        request,
        viewer,
        typed,
        f"{prefix}name",
        lambda unit, context: change_field(
            unit,
            context.ctx,
            field_id,
            viewer.staff,
            name=typed.one(f"{prefix}name"),
            choices=typed.one(f"{prefix}choices").splitlines(),
        ),
    )


@router.post("/fields/{field_id:uuid}/{deed}")
async def post_deed(request: Request, viewer: ProfileKeeper, field_id: UUID, deed: str) -> Response:
    """``up``, ``down``, ``archive`` or ``restore``."""

    def act(unit: UnitOfWork, context: WebContext) -> object:
        if deed in ("up", "down"):
            move_field(unit, field_id, -1 if deed == "up" else 1, viewer.staff)
            return None
        return archive_field(unit, context.ctx, field_id, viewer.staff, is_archived=deed == "archive")

    return await _do(request, viewer, Typed({}), f"{field_id}-name", act)


async def _do(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    field: str,
    act: Callable[[UnitOfWork, WebContext], object],
    *,
    done: str = "saved",
) -> Response:
    context = web_context(request)
    outcome = await asyncio.wrap_future(
        context.station.writer.submit(Priority.STAFF, lambda unit: act(unit, context))
    )
    if isinstance(outcome, Refused):
        return await _page(request, viewer, typed, {field: Problem.of(outcome)})
    return RedirectResponse(f"{_HERE}?done={done}", 303)


async def _page(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed | None,
    problems: dict[str, Problem],
    *,
    done: str = "",
) -> Response:
    setup = await run_in_threadpool(_read, web_context(request))
    living = [each for each in setup.fields if each.archived_at is None]
    return staff_page(
        "profile_settings.html",
        viewer,
        "profile_settings",
        path=_HERE,
        status=422 if problems else 200,
        typed=_filled(setup, typed),
        problems=problems,
        done=done,
        shown=[(name, FIELD_TITLES[name]) for name in ProfileField if name in HIDEABLE_FIELDS],
        living=living,
        archived=[each for each in setup.fields if each.archived_at is not None],
        kinds=[(kind.value, viewer.words.text(title)) for kind, title in KIND_TITLES.items()],
        kind_titles={kind: viewer.words.text(title) for kind, title in KIND_TITLES.items()},
    )


def _read(context: WebContext) -> _Setup:
    with context.reading() as unit:
        return _Setup(unit.profiles.settings(), unit.profiles.custom_fields())


def _filled(setup: _Setup, typed: Typed | None) -> Typed:
    """What is stored, with what was typed and refused laid over it."""
    settings = setup.settings
    values: dict[str, tuple[str, ...]] = {
        "shown": tuple(name.value for name in HIDEABLE_FIELDS - settings.hidden),
        "cards": ("yes",) if settings.remembers_cards else (),
        "code_content": (settings.code_content.value,),
        "code_address": (settings.code_address,),
        "kind": (FieldKind.TEXT.value,),
    }
    for each in setup.fields:
        values[f"{each.id}-name"] = (each.name,)
        values[f"{each.id}-choices"] = ("\n".join(each.choices),)
    return Typed({**values, **(typed.values if typed is not None else {})})
