"""A look at a device from afar in a real browser: what was asked for appears by itself, at both widths."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from checkout.fleet_desk.distant_looks import DistantLooks
from messaging.station.distant_look import LookAsked, in_parts
from tests.patience import PATIENCE_MS
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import SHOTS, OpenPage
from tests.ui.checkout.served import ServedCounter

SCREEN = Path(__file__).resolve().parents[3] / "docs" / "pictures" / "counter.png"
LINES = "\n".join(
    f'{{"time": "2026-11-24T10:15:{at:02}.120+00:00", "level": "info", "logger": "device.health", "message": '
    '"part changed", "part": "scanner", "state": "ok"}'
    for at in range(40)
)


def test_what_was_asked_for_appears_by_itself(served: ServedCounter, open_page: OpenPage) -> None:
    asked: list[LookAsked] = []
    station = served.counter.station

    def send(_name: str, look: LookAsked, _expires_s: int) -> bool:
        asked.append(look)
        return True

    station.looks = DistantLooks(send, served.counter.clock)
    page = open_page("/devices/s0001.k01/look", width=1440, height=900)
    page.get_by_role("button", name="Demander une image").click()
    expect(page.get_by_text("l’image arrive dans un instant")).to_be_visible()
    file = io.BytesIO()
    with Image.open(SCREEN) as picture:
        picture.convert("RGB").resize((800, 480)).save(file, "JPEG", quality=60)
    for part in in_parts(asked[-1].id, file.getvalue(), 600):
        station.looks.answered("s0001.k01", part)
    expect(page.get_by_role("img", name="L’écran de s0001.k01")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Demander ses dernières lignes").click()
    for part in in_parts(asked[-1].id, LINES.encode()):
        station.looks.answered("s0001.k01-fleet", part)
    expect(page.get_by_text("part changed").first).to_be_visible(timeout=PATIENCE_MS)
    SHOTS.mkdir(parents=True, exist_ok=True)
    for name, width in (("phone", 390), ("desktop", 1440)):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=SHOTS / f"device-look-{name}.png", full_page=True)
        assert accessibility_faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
