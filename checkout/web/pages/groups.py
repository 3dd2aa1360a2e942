"""Groups: the list, a new manual one, ready-made smart ones (rows 49-53, 56-66)."""

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.directory.filter_words import BUSINESS_TEXTS, PRESET_TEXTS, FilterWording
from checkout.programme.typed import Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.pages.catalogue import written
from checkout.web.pages.customers import DirectoryReader
from checkout.web.session import SignedInStaff
from checkout.web.staff_page import staff_page, typed_form
from loyalty.domain.filters import Known
from loyalty.domain.presets import BusinessType, Preset, preset_filters
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.services.group_view import GroupLine, list_groups
from loyalty.services.keep_groups import MAX_GROUP_NAME_CHARS, add_preset, make_group

router = APIRouter(prefix="/groups")


@router.get("")
async def groups_page(request: Request, viewer: DirectoryReader, done: str = "") -> Response:
    return await _answer(request, viewer, Typed({}), {}, done=done)


@router.post("/new")
async def post_new(request: Request, viewer: DirectoryReader) -> Response:
    """A new manual group (row 53)."""
    viewer.require(Permission.MANAGE_GROUPS)
    context, typed = web_context(request), await typed_form(request)
    made = await written(request, lambda unit: make_group(unit, context.ctx, typed.one("name"), viewer.staff))
    if isinstance(made, Refused):
        return await _answer(request, viewer, typed, {"name": Problem.of(made)})
    return RedirectResponse(f"/groups/{made.id}?done=added", 303)


@router.post("/ready-made")
async def post_ready_made(request: Request, viewer: DirectoryReader) -> Response:
    """A ready-made smart group under the rules of the shop's kind of business (row 60)."""
    viewer.require(Permission.MANAGE_GROUPS)
    context, typed = web_context(request), await typed_form(request)
    preset = next((each for each in Preset if each.value == typed.one("preset")), None)
    if preset is None:
        return RedirectResponse("/groups", 303)
    business = next((each for each in BusinessType if each.value == typed.one("business")), None)
    name = viewer.words.text(PRESET_TEXTS[preset])
    made = await written(
        request,
        lambda unit: add_preset(unit, context.ctx, preset, name, staff=viewer.staff, business=business),
    )
    if isinstance(made, Refused):
        return await _answer(request, viewer, typed, {"preset": Problem.of(made)})
    return RedirectResponse(f"/groups/{made.id}?done=added", 303)


async def _answer(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    done: str = "",
) -> Response:
    lines, known = await run_in_threadpool(_read, web_context(request), viewer)
    wording = FilterWording(viewer.words, viewer.shop.currency, known)
    business = next((each for each in BusinessType if each.value == typed.one("business")), None)
    ready = [
        (each, viewer.words.text(PRESET_TEXTS[each]), wording.sentences(preset_filters(each, business)))
        for each in Preset
    ]
    return staff_page(
        "groups.html",
        viewer,
        "groups",
        path="/groups",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        lines=lines,
        filter_wording=wording,
        ready=ready,
        businesses=[(each, viewer.words.text(text)) for each, text in BUSINESS_TEXTS.items()],
        may_manage=viewer.staff.may(Permission.MANAGE_GROUPS),
        max_chars=MAX_GROUP_NAME_CHARS,
        is_archived=done == "archived",
    )


def _read(context: WebContext, viewer: SignedInStaff) -> tuple[list[GroupLine], Known]:
    with context.reading() as unit:
        return list_groups(unit, viewer.staff), unit.groups.known()
