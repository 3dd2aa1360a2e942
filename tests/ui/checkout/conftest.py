"""A browser and a served station for the tests of the pages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from tests.patience import PATIENCE_MS
from tests.ui.checkout.served import ServedCounter

CHROMIUM = "/usr/bin/chromium"
_SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SHOTS = Path("build") / "shots"


@pytest.fixture(scope="module")
def playwright_engine() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE_MS)
    # Not for the whole run: while Playwright is up, its loop runs on the main thread.
    with sync_playwright() as engine:
        yield engine


@pytest.fixture(scope="module")
def browser(playwright_engine: Playwright) -> Iterator[Browser]:
    started = playwright_engine.chromium.launch(executable_path=CHROMIUM, args=list(_SWITCHES))
    yield started
    started.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedCounter]:
    made = ServedCounter(tmp_path).start()
    yield made
    made.stop()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, served: ServedCounter) -> Iterator[OpenPage]:
    """Opens a path in a fresh browser profile, signed in as ``login`` unless that is None."""
    opened = []

    def open_at(
        path: str,
        *,
        login: str | None = "demo",
        width: int = 1280,
        height: int = 800,
        has_script: bool = True,
        language: str = "fr-FR",
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale=language, java_script_enabled=has_script
        )
        context.set_default_timeout(PATIENCE_MS)
        opened.append(context)
        if login is not None:
            context.add_cookies(
                [{"name": "comptoir_session", "value": served.session_cookie(login), "url": served.address}]
            )
        page = context.new_page()
        page.goto(served.address + path)
        return page

    yield open_at
    for context in opened:
        context.close()


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the page for people to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png")
