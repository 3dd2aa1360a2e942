"""How the customers' screens look: three colours, a logo, the words of the promise."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.looks.logo import MAX_UPLOAD_BYTES, read_logo
from checkout.looks.pair_words import pair_lines
from checkout.looks.typed_look import ColourCheck, check_colours, read_look, typed_of
from checkout.looks.wire_look import HOUSE_COLOURS
from checkout.programme.typed import FieldReader, Problem, Typed, whole_of
from checkout.web.context import WebContext, web_context
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import staff_page
from loyalty.domain.kiosk_look import KioskLook
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.services.decide_settings import LOOK_SETTINGS, LastChange, change_look, last_change
from messaging.station.look import MAX_PROMISE_CHARS, MAX_TITLE_CHARS
from messaging.station.palette import palette

router = APIRouter(prefix="/settings/look")

_MAX_FIELDS = 60


async def shopkeeper(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of these pages."""
    viewer.require(Permission.MANAGE_SHOP)
    return viewer


Shopkeeper = Annotated[SignedInStaff, Depends(shopkeeper)]


@router.get("")
async def look_page(request: Request, viewer: Shopkeeper, done: str = "") -> Response:
    look, _ = await run_in_threadpool(_read, web_context(request))
    typed = typed_of(look, _languages(viewer))
    return await _page(request, viewer, typed, {}, look.logo_base64, is_saved=done == "saved")


@router.post("")
async def post_look(request: Request, viewer: Shopkeeper) -> Response:
    """Keep the look; with ``do=try`` only show what it would be."""
    context = web_context(request)
    now, _ = await run_in_threadpool(_read, context)
    async with request.form(max_files=1, max_fields=_MAX_FIELDS) as form:
        typed = Typed.of((name, value) for name, value in form.multi_items() if isinstance(value, str))
        file = form.get("logo")
        upload = await file.read(MAX_UPLOAD_BYTES + 1) if isinstance(file, UploadFile) else b""
    reader = FieldReader(typed, viewer.shop.currency)
    logo = await run_in_threadpool(_logo, reader, upload, now)
    wanted = read_look(reader, _languages(viewer), logo)
    colours_read = not any(name in reader.problems for name in HOUSE_COLOURS)
    if colours_read and check_colours(typed).pairs:
        reader.refuse("contrast", Problem("contrast_low"))
    if reader.problems or typed.one("do") == "try":
        return await _page(request, viewer, typed, reader.problems, logo)
    expected = whole_of(typed.one("revision"))
    saved = await context.write(
        lambda unit: change_look(unit, context.ctx, viewer.staff, wanted, expected=expected)
    )
    if isinstance(saved, Refused):
        again = typed.with_one("revision", str(now.revision))
        return await _page(request, viewer, again, {"revision": Problem.of(saved)}, logo)
    context.station.settings_changed()
    return RedirectResponse("/settings/look?done=saved", 303)


def _logo(reader: FieldReader, upload: bytes, now: KioskLook) -> str:
    """The logo that will be: the uploaded one, none, or the one there is."""
    if upload:
        read = read_logo(upload)
        if isinstance(read, str):
            return read
        reader.refuse("logo", read)
    elif reader.typed.has("no_logo", "yes"):
        return ""
    return now.logo_base64


def _languages(viewer: SignedInStaff) -> list[str]:
    return list(dict.fromkeys(tag[:2].lower() for tag in viewer.shop.languages))


async def _page(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    problems: dict[str, Problem],
    logo: str,
    *,
    is_saved: bool = False,
) -> Response:
    _, changed = await run_in_threadpool(_read, web_context(request))
    readable = not any(name in problems for name in HOUSE_COLOURS)
    check = check_colours(typed) if readable else ColourCheck([], None)
    colours = palette(*(typed.one(name).strip() for name in HOUSE_COLOURS)) if readable else None
    return staff_page(
        "kiosk_look.html",
        viewer,
        "kiosk_look",
        path="/settings/look",
        status=(409 if "revision" in problems else 422) if problems else 200,
        typed=typed,
        problems=problems,
        changed=changed,
        is_saved=is_saved,
        colours=colours,
        pairs=pair_lines(viewer.words, check.pairs),
        darker=check.darker,
        logo=logo,
        house=HOUSE_COLOURS,
        languages=_languages(viewer),
        title_chars=MAX_TITLE_CHARS,
        promise_chars=MAX_PROMISE_CHARS,
    )


def _read(context: WebContext) -> tuple[KioskLook, LastChange | None]:
    with context.reading() as unit:
        return unit.programme.settings().look, last_change(unit, LOOK_SETTINGS)
