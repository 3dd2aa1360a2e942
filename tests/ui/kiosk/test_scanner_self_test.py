"""The scanner's self-test as staff do it: the code on the screen or on paper, a real reader's keys, the answer."""

import errno
import queue
import threading
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from comptoir.scanner_sheet import Paper, scanner_sheet
from device.health import HealthBoard, PartState
from device.outbox import Outbox
from device.scanners.evdev_scanner import EvdevScanner
from device.scanners.key_decoder import KeyRules
from device.scanners.layouts import LAYOUTS
from device.scanners.node_search import UsbId
from device.scanners.typist import keystrokes
from device.staff_corner import StaffCorner
from messaging.local.to_kiosk import DeviceStatus, ReadingShown
from messaging.self_test import LAYOUT_TEST_TEXT, SELF_TEST_TEXT
from messaging.staff_code import verifier_of
from messaging.station.settings import PartHealth
from tests.fakes.clock import FakeClock
from tests.fakes.input_devices import FakeInputDevices, FakeNode
from tests.ui.kiosk.driving import KioskWindow
from tools.scenes import STATUS

SCANNER = UsbId(0x0C2E, 0x0B61)
_PLENTY_S = 20
_TOLD = {
    "us": "Bien lu",
    "fr": "Le lecteur écrit en AZERTY, l’appareil attend QWERTY. «\u00a0comptoir scanner learn\u00a0» le règle.",
    "de": "Le lecteur écrit en QWERTZ, l’appareil attend QWERTY. «\u00a0comptoir scanner learn\u00a0» le règle.",
}


class Lane:
    """A window, the device's staff corner behind it, and a scanner that is configured as QWERTY."""

    def __init__(self, window: KioskWindow, folder: Path) -> None:
        self.window = window
        self.machine = FakeInputDevices()
        self._search_again = threading.Semaphore(0)
        self._states: queue.Queue[PartState] = queue.Queue()
        self._told: queue.Queue[Any] = queue.Queue()
        self.board = HealthBoard(lambda _, health: self._states.put(health.state))
        self.outbox = Outbox(folder / "outbox.db", 10)
        self.corner = StaffCorner(
            clock=FakeClock(),
            outbox=self.outbox,
            verifier=lambda: verifier_of("482913"),
            status=self._status,
            layouts={"scanner": "us"},
            to_kiosk=lambda message: self._told.put(message) or True,
            restart=lambda: None,
        )
        self.scanner = EvdevScanner(
            "scanner",
            SCANNER,
            KeyRules(LAYOUTS["us"], silence_s=0.02),
            devices=self.machine,
            clock=FakeClock(),
            board=self.board,
            wait=lambda stopping, _: self._wait(stopping),
        )
        self.scanner.start(self.corner.took)

    def _wait(self, stopping: threading.Event) -> None:
        while not stopping.is_set() and not self._search_again.acquire(timeout=0.01):
            pass

    def _status(self) -> DeviceStatus:
        health = {PartState.OK: "ok", PartState.ABSENT: "absent"}[self.board.of("scanner").state]
        part = PartHealth.model_validate({"name": "scanner.scanner", "health": health})
        return STATUS.model_copy(update={"parts": (part,)})

    def until(self, state: PartState) -> None:
        while self._states.get(timeout=_PLENTY_S) is not state:
            pass

    def plug(self) -> FakeNode:
        node = FakeNode("/dev/input/event4", SCANNER)
        self.machine.nodes = {node.path: node}
        self._search_again.release()
        self.until(PartState.OK)
        return node

    def unplug(self, node: FakeNode) -> None:
        self.machine.nodes = {}
        node.emit(errno.ENODEV)
        self.until(PartState.ABSENT)

    def tell(self, kind: type[Any]) -> Any:
        """Hand on to the window what the device says, until it says this."""
        while True:
            message = self._told.get(timeout=_PLENTY_S)
            self.window.tell(message)
            if isinstance(message, kind):
                return message

    def stop(self) -> None:
        self.scanner.stop()
        self.outbox.close()


@pytest.fixture
def lane(window: KioskWindow, tmp_path: Path) -> Iterator[Lane]:
    made = Lane(window, tmp_path)
    yield made
    window.touch("Fermer")
    made.stop()


def code_on_paper() -> str:
    """The first code of the sheet that is printed."""
    document = pypdfium2.PdfDocument(BytesIO(scanner_sheet("fr", Paper.A4)))
    read = zxingcpp.read_barcodes(document[0].render(scale=3).to_pil())
    return min(read, key=lambda code: code.position.top_left.y).text


def code_on_screen(window: KioskWindow, tmp_path: Path) -> str:
    window.picture(tmp_path / "window.png")
    with Image.open(tmp_path / "window.png") as shown:
        return zxingcpp.read_barcodes(shown)[0].text


def test_a_scanner_is_tried_from_screen_and_paper_its_keyboard_is_named_and_it_may_be_plugged_in_anew(
    lane: Lane, window: KioskWindow, tmp_path: Path
) -> None:
    # rows 89, 179: a Honeywell reader, and the code as the pixels of the screen show it
    lane.until(PartState.ABSENT)
    window.hold_corner()
    window.touch(*"482913", "Continuer")
    lane.corner.typed("482913")
    lane.tell(DeviceStatus)
    assert window.step == "staff"
    assert any("rebranchez-le" in text for text in window.texts)
    codes = (code_on_screen(window, tmp_path), code_on_paper())
    assert codes == (SELF_TEST_TEXT, LAYOUT_TEST_TEXT)
    for played, told in _TOLD.items():
        node = lane.plug()
        window.tell(lane.corner._status())
        assert not any("rebranchez-le" in text for text in window.texts)
        for code in codes:
            node.press(keystrokes(code, LAYOUTS[played]))
            shown = lane.tell(ReadingShown)
            assert shown.verdict == ("good" if played == "us" else "layout")
            assert told in window.texts, window.texts
            assert window.faults == []
        lane.unplug(node)
        window.tell(lane.corner._status())
        assert any("rebranchez-le" in text for text in window.texts)
