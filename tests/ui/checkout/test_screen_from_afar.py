"""Staff elsewhere see a customer's screen: real station, broker, device process, kiosk window and browser.

Configured as in a shop, where nothing of the screen leaves before somebody at it has let it be seen.
"""

import io
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from comptoir.demo.counter import listens
from comptoir.demo.supervisor import Supervisor
from comptoir.demo.workplace import Workplace, free_port
from tests.patience import PATIENCE_MS, PATIENCE_S
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import shoot
from tests.ui.kiosk.driving import KioskWindow

CODE = "271828"
HERE = "/devices/s0001.k01/look"


class Shop:
    """The processes of a shop with one lane."""

    def __init__(self, folder: Path) -> None:
        self.place = Workplace(folder, free_port(), free_port(), "800x480", "offscreen")
        self.supervisor = Supervisor(self.place.logs)
        self.kiosk: KioskWindow | None = None

    def open(self) -> KioskWindow:
        self.place.prepare()
        _as_in_a_shop(self.place.configuration)
        mosquitto = shutil.which("mosquitto", path="/usr/sbin:/usr/bin")
        assert mosquitto is not None
        broker = self.place.root / "broker" / "mosquitto.conf"
        self.supervisor.start("broker", [mosquitto, "-c", str(broker)])
        self.supervisor.wait_until("broker", lambda: listens(self.place.broker_port), PATIENCE_S)
        for name, command in (("checkout", ["checkout"]), ("device", ["device", "run"])):
            whole = [sys.executable, "-m", "comptoir", *command, "--config", str(self.place.configuration)]
            self.supervisor.start(name, whole)
        self.supervisor.wait_until("checkout", self.place.port_file.exists, PATIENCE_S)
        self.kiosk = KioskWindow(self.place.size, self.place.root / "run" / "kiosk.sock")
        return self.kiosk

    def close(self) -> None:
        if self.kiosk is not None:
            self.kiosk.close()
        self.supervisor.stop()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.place.port_file.read_text(encoding='ascii').strip()}"


def _as_in_a_shop(configuration: Path) -> None:
    """Without what only a demonstration accepts."""
    text = configuration.read_text(encoding="utf-8")
    for line in ("[device.mirror]\naccepted = true\n", "mirror = true\n"):
        assert line in text
        text = text.replace(line, "")
    configuration.write_text(text, encoding="utf-8")


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    yield made
    made.close()


@pytest.fixture
def page(browser: Browser, shop: Shop) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 1100}, locale="fr-FR")
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def until(is_so: Callable[[], bool], what: str) -> None:
    deadline_s = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline_s, f"not seen: {what}"
        time.sleep(0.2)


def test_a_screen_is_seen_from_afar_only_once_staff_at_it_let_it(shop: Shop, page: Page) -> None:
    # part of rows 178, 203
    kiosk = shop.open()
    page.goto(f"{shop.address}/demo?token={shop.place.token}")
    page.goto(f"{shop.address}/settings/checkout")
    page.locator("#staff_code").fill(CODE)
    page.locator("#staff_code").press("Enter")
    expect(page.get_by_text("Un code est en place.")).to_be_visible()
    until(lambda: "Touchez pour commencer" in kiosk.texts, "the kiosk's idle screen")

    page.goto(f"{shop.address}{HERE}")
    page.get_by_role("button", name="Demander une image").click()
    expect(page.get_by_role("alert")).to_contain_text("Personne n’a permis de voir cet écran")

    kiosk.hold_corner()
    kiosk.touch(*CODE, "Continuer")
    until(lambda: kiosk.step == "staff", "the staff corner")
    kiosk.touch("Miroir, 15 min")
    kiosk.touch("Fermer")
    until(lambda: kiosk.step == "idle", "the idle screen again")
    page.get_by_role("button", name="Demander une nouvelle image").click()

    picture = page.get_by_role("img", name="L’écran de s0001.k01")
    expect(picture).to_be_visible()
    expect(page.get_by_text("encore être vu pendant 14 min")).to_be_visible()
    expect(picture).to_have_js_property("naturalWidth", 800)
    expect(picture).to_have_js_property("complete", value=True)
    source = picture.get_attribute("src")
    with Image.open(io.BytesIO(page.request.get(f"{shop.address}{source}").body())) as seen:
        assert seen.size == (800, 480)
        assert len(seen.convert("RGB").resize((80, 48)).getcolors(80 * 48) or ()) > 20, "nothing was drawn"
    shoot(page, "screen-from-afar")
    assert accessibility_faults(page) == []

    kiosk.touch("Touchez pour commencer")
    until(lambda: kiosk.step != "idle", "somebody being served")
    page.get_by_role("button", name="Demander une nouvelle image").click()
    expect(page.get_by_role("alert")).to_contain_text("Un client est servi à cet écran")
