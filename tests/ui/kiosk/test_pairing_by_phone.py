"""A new kiosk joins by the phone of staff: its real window, the real door, and a real browser as the phone."""

import queue
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from device.pairing.first_start import FirstStart
from device.pairing.settings import PairingSettings
from tests.integration.checkout.counter import PASSWORD, Counter
from tests.integration.checkout.test_staff_pages import staff_id
from tests.integration.pairing.conftest import Store, open_store
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import browser, playwright_engine, shoot  # noqa: F401 - fixtures
from tests.ui.checkout.served import ServedCounter
from tests.ui.kiosk.driving import KioskWindow

_PHONE = {"width": 390, "height": 844}
_PLENTY_S = 30.0


class NewKiosk:
    """The device process's part of a first start, with a window as its screen."""

    def __init__(self, window: KioskWindow, folder: Path) -> None:
        self.window = window
        self.joined = threading.Event()
        self._told: queue.Queue[Any] = queue.Queue()
        settings = PairingSettings(folder=folder, kiosk_socket=folder / "kiosk.sock", station="")
        self.device = FirstStart(settings, self._tell, self.joined.set)
        self.device._search.start = lambda: None  # type: ignore[method-assign] # no multicast in tests
        self.device.start()
        self.device.tell()

    def _tell(self, message: Any) -> bool:
        self._told.put(message)
        return True

    def until(self, is_so: Callable[[], bool]) -> None:
        """The window is told what the device says, until this is so."""
        end = time.monotonic() + _PLENTY_S
        while not is_so():
            assert time.monotonic() < end, self.window.texts
            try:
                self.window.tell(self._told.get(timeout=0.2))
            except queue.Empty:
                continue


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[ServedCounter, Store]]:
    with ExitStack() as opened:
        stores: list[Store] = []

        def furnish(counter: Counter, address: str) -> Counter:
            stores.append(opened.enter_context(open_store(tmp_path, counter, pages=address)))
            return stores[0].counter

        (tmp_path / "station").mkdir()
        served = ServedCounter(tmp_path / "station", furnish=furnish).start()
        opened.callback(served.stop)
        yield served, stores[0]


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:  # noqa: F811 - the fixture
    context = browser.new_context(viewport=_PHONE, locale="fr-FR")
    yield context.new_page()
    context.close()


def read_off(window: KioskWindow, tmp_path: Path) -> list[str]:
    """What a camera before the window reads."""
    window.picture(tmp_path / "window.png")
    with Image.open(tmp_path / "window.png") as shown:
        return [code.text for code in zxingcpp.read_barcodes(shown)]


def test_a_phone_reads_the_screen_and_staff_let_the_kiosk_in(
    window: KioskWindow, shop: tuple[ServedCounter, Store], phone: Page, tmp_path: Path
) -> None:
    # part of row 204
    served, store = shop
    with served.counter.database.unit_of_work() as unit:
        owner = staff_id(served.counter, "demo")
        unit.staff.set_password_hash(owner, served.counter.web.hasher.hash(PASSWORD))
        unit.commit()
    kiosk = NewKiosk(window, tmp_path / "identity")
    try:
        kiosk.until(lambda: "Bienvenue" in window.texts)
        window.touch("Taper l’adresse")
        window.touch(*store.door.removeprefix("http://"), "Continuer")
        kiosk.device.choose(window.said[-1]["address"])
        kiosk.until(lambda: "Ou avec un téléphone" in window.texts)
        assert window.faults == []
        assert served.address.removeprefix("http://") in window.texts, "people see where they are sent"
        link = read_off(window, tmp_path)
        digits = next(text for text in window.texts if re.fullmatch(r"\d{3} \d{3}", text))
        assert link == [f"{served.address}/devices?code={digits.replace(' ', '')}"]

        phone.goto(link[0])
        phone.get_by_role("link", name="English").click()  # keeps the way
        phone.get_by_role("link", name="Français").click()
        phone.get_by_label("Nom", exact=True).fill("demo")
        phone.get_by_label("Mot de passe", exact=True).fill(PASSWORD)
        phone.get_by_role("button", name="Se connecter").click()
        field = phone.get_by_label("Les six chiffres de son écran")
        expect(field).to_have_value(digits)
        expect(phone.get_by_text("Les chiffres sont arrivés avec le lien")).to_be_visible()
        assert accessibility_faults(phone) == []
        shoot(phone, "devices-by-phone")
        phone.get_by_label("Caisse", exact=True).fill("2")
        phone.get_by_role("button", name="L’admettre").click()
        phone.get_by_role("status").wait_for()
        shoot(phone, "devices-by-phone-in")

        kiosk.until(lambda: "Oui, il est admis" in window.texts)
        window.touch("Oui, il est admis")
        assert window.said[-1]["kind"] == "pairing_confirmed"
        kiosk.device.confirm()
        assert kiosk.joined.wait(_PLENTY_S)
    finally:
        kiosk.device.stop()
        window.link(False)
        window.advance(1)
        window.link(True)
