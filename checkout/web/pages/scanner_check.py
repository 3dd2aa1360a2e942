"""Codes to hold a scanner to, on this screen, and whether what one typed here is right (rows 90, 179)."""

from collections.abc import Mapping

from fastapi import APIRouter
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from checkout.scanner_samples import ELEMENTS, SampleKey, ScannerSample, scanner_samples
from checkout.web.pages.receipt_settings import DeviceManager
from checkout.web.staff_page import staff_page
from checkout.words import Words
from codes.pictures import drawn

router = APIRouter()
_MOST_CHARS = 200


@router.get("/scanner-check")
async def scanner_check(viewer: DeviceManager, read: str = "") -> Response:
    """``read`` is what a scanner that plays a keyboard typed into the page's field."""
    samples = await run_in_threadpool(scanner_samples)
    text = read.strip()[:_MOST_CHARS]
    return staff_page(
        "scanner_check.html",
        viewer,
        "scanner_check",
        path="/scanner-check",
        samples=[(sample, Markup(drawn(sample.modules))) for sample in samples],  # noqa: S704 - drawn by us
        names=_names(viewer.words),
        hints=_hints(viewer.words),
        read=text,
        matched=_matched(text, samples),
    )


def _matched(text: str, samples: tuple[ScannerSample, ...]) -> SampleKey | None:
    """Which code a scanner typed; elements come without brackets, with or without what separates them."""
    if not text:
        return None
    plain = ELEMENTS.translate(str.maketrans("", "", "()"))
    if text.replace("\x1d", "").removeprefix("]d2") == plain:
        return "elements"
    return next((sample.key for sample in samples if sample.text == text), None)


def _names(words: Words) -> Mapping[SampleKey, str]:
    return {
        "layout": words.text("The scanner’s keyboard"),
        "address": words.text("QR of an address"),
        "reference": "Code 128",
        "number": "EAN-13",
        "elements": "GS1 DataMatrix",
    }


def _hints(words: Words) -> Mapping[SampleKey, str]:
    return {
        "layout": words.text(
            "Scan this one first: wrong letters or signs mean that the scanner plays another keyboard."
        ),
        "address": words.text("As on a customer’s phone."),
        "reference": words.text("As on a printed card."),
        "number": words.text("As on an item. All thirteen digits must come."),
        "elements": words.text("As on a package: lot and date stand in it too. It names no customer."),
    }
