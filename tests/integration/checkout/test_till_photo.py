"""The customer's code by a photo of the tablet's camera, from the search of the till."""

import io
from dataclasses import replace

import httpx
import pytest
from PIL import Image

from codes.pictures import Symbol, png
from comptoir.picture_reader import read_codes
from tests.integration.checkout.browser import OWN, Browser, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML
from tests.integration.checkout.test_checkout_settings import decide
from tests.integration.checkout.test_till_sale import at_till


@pytest.fixture
def with_camera(counter: Counter) -> Counter:
    counter.web = replace(counter.web, read_codes=read_codes)
    return counter


def photo_of(text: str) -> bytes:
    """As a tablet takes it: a card on a grey counter, a little turned."""
    code = Image.open(io.BytesIO(png(text, Symbol.QR, scale=10))).convert("RGB")
    scene = Image.new("RGB", (1600, 1200), (150, 145, 135))
    scene.paste(code, (500, 300))
    taken = io.BytesIO()
    scene.rotate(7, expand=True, fillcolor=(90, 90, 90)).save(taken, "JPEG", quality=80)
    return taken.getvalue()


async def send(browser: Browser, picture: bytes, **headers: str) -> httpx.Response:
    files = {"photo": ("photo.jpg", picture, "image/jpeg")}
    return await browser.post("/till-photo/1", files=files, headers={"origin": OWN, **headers})


def test_a_photo_from_the_search_puts_the_customer_on_the_sale(with_camera: Counter) -> None:
    # rows 103, 104, 108: the scan icon stands in the search, and the tablet's own camera reads
    counter = with_camera
    counter.sell("Tasse en grès")

    async def story() -> None:
        browser = at_till(counter)
        page = (await browser.get("/till/1/member", headers={**HTML, "accept-language": "fr"})).text
        search = page[page.index('id="find-title"') :]
        assert 'capture="environment"' in search
        assert "Lire avec l’appareil photo" in search
        answer = await send(browser, photo_of(counter.card_of("Camille")))
        assert answer.headers["location"] == "/till/1"
        sale = counter.till().sale
        assert sale is not None
        assert sale.member is not None
        assert (sale.member.name, sale.member.trust) == ("Camille Moreau", 2)
        live = await send(browser, photo_of("000123457"), **{"hx-request": "true"})
        assert (live.status_code, live.headers["hx-redirect"]) == (204, "/till/1")

    run(story())


@pytest.mark.parametrize("picture", [b"", b"no picture", b"\xff\xd8\xff\xe0" + b"\x00" * 400, b"GIF89a"])
def test_a_photo_without_a_code_says_so_and_costs_nothing(with_camera: Counter, picture: bytes) -> None:
    with_camera.sell("Croissant")

    async def story() -> None:
        browser = at_till(with_camera)
        answer = await send(browser, picture)
        assert answer.headers["location"] == "/till/1/member?said=no_code"
        page = (await browser.get(answer.headers["location"], headers={**HTML, "accept-language": "en"})).text
        assert "No code was found on the photo" in page

    run(story())


def test_where_the_shop_switched_it_off_there_is_no_icon_and_no_way(with_camera: Counter) -> None:
    # row 105
    decide(with_camera, "shows_search_scan")
    with_camera.sell("Croissant")

    async def story() -> None:
        browser = at_till(with_camera)
        assert "capture=" not in (await browser.get("/till/1/member", headers=HTML)).text
        assert (await send(browser, photo_of(with_camera.card_of("Zoé")))).status_code == 404

    run(story())


def test_a_phone_that_is_no_till_of_the_shop_reads_nothing(with_camera: Counter) -> None:
    # row 109: personal phones do not read here; a till is a browser that signed in and took a lane
    counter = with_camera
    counter.sell("Croissant")
    picture = photo_of(counter.card_of("Zoé"))

    async def story() -> None:
        async with Browser(counter) as stranger:
            assert (await send(stranger, picture)).status_code == 401
        async with Browser(counter) as elsewhere:
            elsewhere.sign_in("caisse", lane=None)
            assert (await send(elsewhere, picture)).status_code == 403
            scanned = await elsewhere.send_form("/till/1/scan", text=counter.card_of("Zoé"))
            assert scanned.status_code == 403
        sale = counter.till().sale
        assert sale is not None
        assert sale.member is None

    run(story())


def test_without_a_reader_of_pictures_the_till_offers_none(counter: Counter) -> None:
    counter.sell("Croissant")

    async def story() -> None:
        browser = at_till(counter)
        assert "capture=" not in (await browser.get("/till/1/member", headers=HTML)).text
        assert (await send(browser, b"x")).status_code == 404

    run(story())
