"""Takes the picture in the README: the demo's page while both screens greet a member (``make picture``)."""

import sys
from contextlib import closing
from pathlib import Path

from playwright.sync_api import sync_playwright

from comptoir.demo.counter import RunningDemo, run_demo
from comptoir.demo.story import Seen, Story
from comptoir.demo.till import Till

TARGET = Path(__file__).resolve().parent.parent / "docs" / "pictures" / "counter.png"

_CHROMIUM = "/usr/bin/chromium"
_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def main() -> int:
    """Play the story until the greeting, then look."""
    return run_demo(data=None, port=0, size="800x480", act=_act)


def _act(demo: RunningDemo) -> int:
    with closing(Till(demo.origin, demo.address.removeprefix(demo.origin))) as till:
        Story(demo, till, Seen()).play_until_welcome()
        _take(demo.address)
    return 0


def _take(address: str) -> None:
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_CHROMIUM, args=list(_ARGUMENTS))
        page = browser.new_page(viewport={"width": 1600, "height": 960}, locale="fr-FR")
        page.goto(address)
        page.frame_locator("iframe").locator("text=Amis de la maison").first.wait_for()
        page.wait_for_function("() => { const i = document.querySelector('img'); return i && i.complete; }")
        page.wait_for_timeout(1500)
        page.screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    sys.exit(main())
