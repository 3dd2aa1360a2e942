"""The page on which scanners are tried: its codes are read as what stands below them, and typed ones are judged."""

import re

import numpy as np
import zxingcpp
from PIL import Image, ImageDraw

from checkout.scanner_samples import ADDRESS, NUMBER, REFERENCE, scanner_samples
from loyalty.domain.staff import Permission
from messaging.self_test import LAYOUT_TEST_TEXT
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk


def _seen(svg: str) -> str:
    """What a reader sees of a drawn code, four pixels a module."""
    width, height = (int(side) for side in re.findall(r'viewBox="0 0 (\d+) (\d+)"', svg)[0])
    picture = Image.new("L", (4 * width, 4 * height), 255)
    pen = ImageDraw.Draw(picture)
    for x, y, long, high in re.findall(r"M(\d+) (\d+)h(\d+)v(\d+)", svg.split("<path d=")[1]):
        left, top = 4 * int(x), 4 * int(y)
        pen.rectangle((left, top, left + 4 * int(long) - 1, top + 4 * int(high) - 1), fill=0)
    found = zxingcpp.read_barcodes(np.asarray(picture))
    assert len(found) == 1
    return found[0].bytes.decode()


def test_every_code_on_the_screen_is_read_as_the_text_below_it(counter: Counter) -> None:
    # row 90; part of row 179: on screen
    pages: list[str] = []

    async def look() -> None:
        async with desk(counter) as owner:
            pages.append(await owner.page("/scanner-check"))

    run(look())
    [page] = pages
    texts = [_seen(svg) for svg in re.findall(r'<div class="picture.*?(<svg.*?</svg>)', page, re.DOTALL)]
    assert texts[:4] == [LAYOUT_TEST_TEXT, ADDRESS, REFERENCE, NUMBER]
    assert texts[4].replace("\x1d", "") == "010200000000000810LOT721A1"
    assert len(texts) == len(scanner_samples())


def test_what_a_scanner_typed_is_judged(counter: Counter) -> None:
    async def type_in() -> None:
        async with desk(counter) as owner:
            assert "Right, character by character" in await owner.page(f"/scanner-check?read={REFERENCE}")
            elements = await owner.page("/scanner-check?read=%5Dd2010200000000000810LOT7%1D21A1")
            assert "<strong>GS1 DataMatrix</strong>" in elements
            wrong = await owner.page("/scanner-check?read=TEST)àààè<b>")
            assert "none of the codes below" in wrong
            assert "TEST)àààè&lt;b&gt;" in wrong

    run(type_in())


def test_only_who_keeps_devices_sees_it(counter: Counter) -> None:
    add_staff(counter, "vera", Permission.SELL)

    async def visit() -> None:
        async with desk(counter, "vera") as seller:
            assert (await seller.get("/scanner-check")).status_code == 403

    run(visit())
