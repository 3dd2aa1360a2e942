"""Every staff page there is, in a real browser: whole, without faults of accessibility, in both languages.

The pages come from the application's own routes: a new one is looked at without being named here. Pictures of
all of them are left for people in ``build/shots/pages``.
"""

import asyncio
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from checkout.web.pages.tutorial import SLIDES
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk, sell_to
from tests.integration.checkout.imports.test_import_pages import KNOWN, LIKELY, checked, imported
from tests.integration.checkout.test_day_page import lane_id
from tests.integration.checkout.test_duplicate_pages import proposed
from tests.integration.checkout.walked_shop import Route, address, fill, staff_routes
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import SHOTS
from tests.ui.checkout.served import ServedCounter

PICTURES = SHOTS / "pages"
NO_PAGES = frozenset(
    {
        "/attachments/{attachment_id:uuid}",
        "/customers/found",
        "/customers/{customer_id:uuid}/code.{ending}",
        "/devices/{name}/look/picture",
        "/till/{number}/about",
        "/till/{number}/events",
        "/till/{number}/member/found",
        "/till/{number}/state",
    }
)
"""Pieces of pages, pictures, uploads and streams; files are known by their names."""
_FILE_ENDINGS = (".csv", ".{kind}")
QUERIES = {
    "/duplicates/merge": "kept={kept}&gone={gone}",
    "/points/move": "member=000123456",
    "/customers": "add=visits",
}
"""What a page needs to have something to show."""
_AS_SOLD = frozenset({"/receipts/{sale_id}"})
"""In the language that its customer reads."""
LANGUAGES = {"fr-FR": (1280, 800), "en-GB": (390, 844)}
"""Each page in each language, at a desk's width and at a phone's."""


@dataclass(frozen=True)
class Visit:
    """A page as it is asked for."""

    route: Route
    address: str

    @property
    def name(self) -> str:
        return re.sub(r"[{}]|:\w+", "", self.route.path).strip("/").replace("/", "-")


def pages(parameters: dict[str, str]) -> Iterator[Visit]:
    for route in staff_routes():
        if route.method != "GET" or route.path in NO_PAGES or route.path.endswith(_FILE_ENDINGS):
            continue
        query = QUERIES.get(route.path, "").format(**parameters)
        yield Visit(route, address(route, parameters) + (f"?{query}" if query else ""))


async def _fill(counter: Counter) -> dict[str, str]:
    parameters = await fill(counter)
    async with desk(counter) as owner:
        await imported(counter, owner, KNOWN.encode())
        path = await checked(counter, owner, (LIKELY + "Tom;Faux;99/99/1999;;;;\r\n").encode())
        group = await owner.fill("/groups/ready-made", preset="lapsed", business="retail")
        assert group.status_code == 303, group.text
        form = {"lane": lane_id(await owner.page("/day")), "number": "1", "float": "100", "counted": "101,26"}
        close = await owner.fill("/day/close", **form, note="")
        assert close.status_code == 303, close.text
    sell_to(counter, "Camille", "Croissant", "Tasse en grès")
    with counter.database.reading() as unit:
        sale = unit.sales.last_closed_in_lane(counter.shop.lane.id)
        smart = next(iter(unit.groups.smart()))
    assert sale is not None
    kept, gone = proposed(counter, "Zoé", "Idris")
    parameters["name"] = str(counter.shop.lane.device)
    parameters["slide"] = next(iter(SLIDES))
    parameters |= {"sale_id": str(sale.id), "group_id": str(smart)}
    parameters |= {"close_id": close.headers["location"].rsplit("/", 1)[1]}
    return parameters | {"import_id": path.rsplit("/", 1)[1], "kept": str(kept), "gone": str(gone)}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ServedCounter, dict[str, str]]]:
    served = ServedCounter(tmp_path_factory.mktemp("pages")).start()
    with ThreadPoolExecutor(1) as aside:  # Playwright's loop runs on this thread
        parameters = aside.submit(lambda: asyncio.run(_fill(served.counter))).result()
    yield served, parameters
    served.stop()


def _context(browser: Browser, served: ServedCounter, language: str) -> BrowserContext:
    width, height = LANGUAGES[language]
    context = browser.new_context(viewport={"width": width, "height": height}, locale=language)
    cookie = {"name": "comptoir_session", "value": served.session_cookie("demo"), "url": served.address}
    context.add_cookies([cookie])  # type: ignore[list-item]
    return context


def _faults(page: Page, visit: Visit, served: ServedCounter, language: str) -> list[str]:
    answer = page.goto(served.address + visit.address, wait_until="load")
    assert answer is not None
    if answer.status != 200:
        return [f"{visit.route.path} answers {answer.status}"]
    found = accessibility_faults(page)
    if page.evaluate("document.documentElement.lang") != language[:2] and visit.route.path not in _AS_SOLD:
        found.append("another language")
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append("wider than the screen")
    page.screenshot(path=PICTURES / f"{visit.name}-{language[:2]}.png", full_page=True)
    return [f"{visit.route.path} ({language}): {each}" for each in found]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_staff_is_whole(
    browser: Browser, shop: tuple[ServedCounter, dict[str, str]], language: str
) -> None:
    # part of row 190
    served, parameters = shop
    PICTURES.mkdir(parents=True, exist_ok=True)
    context = _context(browser, served, language)
    page = context.new_page()
    page.goto(f"{served.address}/till/1")  # a browser takes its lane first
    found = [fault for visit in pages(parameters) for fault in _faults(page, visit, served, language)]
    context.close()
    assert found == []
