"""What stands on every receipt, and the printer of each lane."""

from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from checkout.programme.typed import FieldReader, Problem, Typed
from checkout.web.context import WebContext, web_context
from checkout.web.pages.catalogue import written
from checkout.web.pages.till import find_lane
from checkout.web.session import SignedInStaff, signed_in
from checkout.web.staff_page import staff_page, typed_form
from loyalty.domain.receipt_settings import (
    MAX_HEAD_LINES,
    MAX_LINE_CHARS,
    LanePrinter,
    PaperWidth,
    PrinterKind,
    ReceiptSettings,
    head_lines,
)
from loyalty.domain.shop import Lane
from loyalty.domain.staff import Permission
from loyalty.domain.text import clean_line
from loyalty.domain.why import Refused
from loyalty.services.keep_receipts import remove_printer, save_printer, save_receipt_settings

router = APIRouter()

_HERE = "/receipt-settings"
PRINTER_DONE = {
    "saved": "The printer is kept. Print a test to see it work.",
    "tested": "The test is on its way to the printer.",
    "removed": "This lane prints no more.",
}


async def shop_manager(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of the page of receipts."""
    viewer.require(Permission.MANAGE_SHOP)
    return viewer


async def device_manager(viewer: Annotated[SignedInStaff, Depends(signed_in)]) -> SignedInStaff:
    """Dependency of the pages of printers."""
    viewer.require(Permission.MANAGE_DEVICES)
    return viewer


ShopManager = Annotated[SignedInStaff, Depends(shop_manager)]
DeviceManager = Annotated[SignedInStaff, Depends(device_manager)]


@router.get(_HERE)
async def settings_page(request: Request, viewer: ShopManager, done: str = "") -> Response:
    settings, _ = await run_in_threadpool(_read, web_context(request), None)
    typed = Typed.of(
        [
            ("address", "\n".join(settings.address_lines)),
            ("tax_numbers", "\n".join(settings.tax_numbers)),
            ("closing", settings.closing),
            *([("statement", "1")] if settings.is_statement else []),
            *([("member_link", "1")] if settings.shows_member_link else []),
        ]
    )
    return _settings(request, viewer, typed, {}, is_saved=done == "saved")


@router.post(_HERE)
async def post_settings(request: Request, viewer: ShopManager) -> Response:
    typed, ctx = await typed_form(request), web_context(request).ctx
    reader = FieldReader(typed, viewer.shop.currency)
    lines: dict[str, tuple[str, ...]] = {}
    for name in ("address", "tax_numbers"):
        read = head_lines(typed.one(name))
        if isinstance(read, Refused):
            reader.refuse(name, read)
        else:
            lines[name] = read
    if reader.problems:
        return _settings(request, viewer, typed, reader.problems)
    settings = ReceiptSettings(
        address_lines=lines["address"],
        tax_numbers=lines["tax_numbers"],
        closing=clean_line(typed.one("closing"), MAX_LINE_CHARS) or "",
        is_statement=typed.has("statement", "1"),
        shows_member_link=typed.has("member_link", "1"),
    )
    await written(request, lambda unit: save_receipt_settings(unit, ctx, viewer.staff, settings))
    return RedirectResponse(f"{_HERE}?done=saved", 303)


@router.get("/lanes/{number}/printer")
async def printer_page(number: int, request: Request, viewer: DeviceManager, done: str = "") -> Response:
    lane = find_lane(request, number)
    _, printer = await run_in_threadpool(_read, web_context(request), lane)
    typed = _printer_typed(printer)
    return _printer(request, viewer, lane, typed, {}, printer=printer, done=done)


@router.post("/lanes/{number}/printer")
async def post_printer(number: int, request: Request, viewer: DeviceManager) -> Response:
    lane, typed, ctx = find_lane(request, number), await typed_form(request), web_context(request).ctx
    reader = FieldReader(typed, viewer.shop.currency)
    kind = PrinterKind(reader.choice("kind", [*PrinterKind], PrinterKind.NETWORK))
    printer = LanePrinter(
        lane_id=lane.id,
        kind=kind,
        address=(typed.one("address") if kind is PrinterKind.NETWORK else typed.one("file")).strip(),
        paper=PaperWidth(reader.choice("paper", [*PaperWidth], PaperWidth.MM_80)),
        profile=reader.choice("profile", _known_profiles(), _known_profiles()[0]),
        prints_by_itself=typed.has("by_itself", "1"),
        opens_drawer=typed.has("drawer", "1"),
    )
    if not reader.problems:
        saved = await written(request, lambda unit: save_printer(unit, ctx, viewer.staff, printer))
        if not isinstance(saved, Refused):
            return RedirectResponse(f"/lanes/{number}/printer?done=saved", 303)
        reader.refuse("address" if kind is PrinterKind.NETWORK else "file", saved)
    return _printer(request, viewer, lane, typed, reader.problems)


@router.post("/lanes/{number}/printer/test")
async def post_test(number: int, request: Request, _viewer: DeviceManager) -> Response:
    lane = find_lane(request, number)
    web_context(request).station.receipts.test(lane.id)
    return RedirectResponse(f"/lanes/{number}/printer?done=tested", 303)


@router.post("/lanes/{number}/printer/remove")
async def post_remove(number: int, request: Request, viewer: DeviceManager) -> Response:
    lane, ctx = find_lane(request, number), web_context(request).ctx
    await written(request, lambda unit: remove_printer(unit, ctx, viewer.staff, lane.id))
    return RedirectResponse(f"/lanes/{number}/printer?done=removed", 303)


def _settings(
    request: Request,
    viewer: SignedInStaff,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    is_saved: bool = False,
) -> Response:
    return staff_page(
        "receipt_settings.html",
        viewer,
        "receipts",
        path=_HERE,
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        is_saved=is_saved,
        all_lanes=web_context(request).station.lanes.all(),
        lanes=web_context(request).station.lanes.all() if viewer.staff.may(Permission.MANAGE_DEVICES) else (),
        max_lines=MAX_HEAD_LINES,
        max_chars=MAX_LINE_CHARS,
    )


def _printer(
    request: Request,
    viewer: SignedInStaff,
    lane: Lane,
    typed: Typed,
    problems: dict[str, Problem],
    *,
    printer: LanePrinter | None = None,
    done: str = "",
) -> Response:
    return staff_page(
        "lane_printer.html",
        viewer,
        "receipts",
        path=f"/lanes/{lane.number}/printer",
        status=422 if problems else 200,
        typed=typed,
        problems=problems,
        lane=lane,
        printer=printer,
        profiles=_known_profiles(),
        print_trouble=web_context(request).station.prints.trouble_of(lane.id),
        done=viewer.words.text(PRINTER_DONE[done]) if done in PRINTER_DONE else "",
    )


def _printer_typed(printer: LanePrinter | None) -> Typed:
    if printer is None:
        return Typed.of([("kind", "network"), ("paper", "80"), ("profile", "default"), ("by_itself", "1")])
    return Typed.of(
        [
            ("kind", printer.kind.value),
            ("address" if printer.kind is PrinterKind.NETWORK else "file", printer.address),
            ("paper", printer.paper.value),
            ("profile", printer.profile),
            *([("by_itself", "1")] if printer.prints_by_itself else []),
            *([("drawer", "1")] if printer.opens_drawer else []),
        ]
    )


def _read(context: WebContext, lane: Lane | None) -> tuple[ReceiptSettings, LanePrinter | None]:
    with context.reading() as unit:
        printer = unit.receipts.printer_of(lane.id) if lane is not None else None
        return unit.receipts.settings(), printer


def _known_profiles() -> tuple[str, ...]:
    # Megabytes of a library that a shop without a printer spares.
    from checkout.receipts.escpos_bytes import known_profiles  # noqa: PLC0415

    return known_profiles()
