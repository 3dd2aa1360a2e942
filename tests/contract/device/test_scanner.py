"""What every reader of codes does, whatever it is made of."""

import queue
import tempfile
from pathlib import Path

import pytest

from device.camera.camera_scanner import CameraScanner
from device.camera.scene import code_picture
from device.camera.simulated_frames import SimulatedFrames
from device.decoding.agreement import FrameVotes
from device.decoding.process import DecoderProcess
from device.health import HealthBoard, PartState
from device.readings import Reading
from device.scanners.evdev_scanner import EvdevScanner
from device.scanners.key_decoder import KeyRules
from device.scanners.layouts import FR, US
from device.scanners.node_search import UsbId
from device.scanners.serial_decoder import SerialRules
from device.scanners.serial_scanner import SerialScanner
from device.scanners.simulated_scanner import SimulatedScanner
from device.scanners.typist import keystrokes
from runtime.clock import SystemClock
from tests.fakes.input_devices import FakeInputDevices, FakeNode
from tests.fakes.serial_port import PtyPort
from tests.patience import PATIENCE_S


class EvdevHand:
    """Somebody who scans with a scanner that a fake kernel shows."""

    source = "scanner"

    def __init__(self, board):
        self.node = FakeNode("/dev/input/event4", UsbId(1, 2))
        self.machine = FakeInputDevices(self.node)
        self.scanner = EvdevScanner(
            "front", UsbId(1, 2), KeyRules(US), devices=self.machine, clock=SystemClock(), board=board
        )

    def scan(self, text):
        self.node.press(keystrokes(text, US))

    def unplug(self):
        self.machine.nodes = {}
        self.node.emit(19)

    def plug(self):
        self.node = FakeNode("/dev/input/event8", UsbId(1, 2))
        self.machine.nodes = {self.node.path: self.node}


class SimulatedHand:
    """Somebody who uses the product's own simulated scanner."""

    source = "scanner"

    def __init__(self, board):
        self.scanner = SimulatedScanner("front", KeyRules(FR), clock=SystemClock(), board=board)
        self.scan, self.unplug, self.plug = self.scanner.scan, self.scanner.unplug, self.scanner.plug


class SerialHand:
    """Somebody who scans with a scanner on a serial port, a pseudo-terminal behind pyserial."""

    source = "scanner"

    def __init__(self, board):
        self._folder = tempfile.TemporaryDirectory()
        self._port = PtyPort(Path(self._folder.name) / "usb-scanner")
        self.scanner = SerialScanner(
            "front", str(self._port.link), 9600, SerialRules(), clock=SystemClock(), board=board
        )
        self.unplug, self.plug = self._port.unplug, self._port.plug

    def scan(self, text):
        self._port.send(f"{text}\r\n".encode())

    def close(self):
        self._port.close()
        self._folder.cleanup()


class CameraHand:
    """Somebody who holds codes before the simulated camera, read by the real decoder in its process."""

    source = "camera"

    def __init__(self, board):
        self.frames = SimulatedFrames((320, 240), 50, SystemClock())
        self.scanner = CameraScanner(
            "front",
            self.frames,
            DecoderProcess({"QRCode"}, 320 * 240),
            FrameVotes(lambda text: False),
            board=board,
        )
        self.unplug, self.plug = self.frames.unplug, self.frames.plug

    def scan(self, text):
        self.frames.show(code_picture(text), seconds=30)


@pytest.fixture
def board(states):
    return HealthBoard(lambda part, health: states.put((part, health.state)))


@pytest.fixture
def states():
    return queue.Queue()


@pytest.fixture(params=[EvdevHand, SimulatedHand, SerialHand, CameraHand])
def hand(request, board):
    made = request.param(board)
    yield made
    if isinstance(made, SerialHand):
        made.close()


@pytest.fixture
def readings(hand):
    delivered = queue.Queue()
    hand.scanner.start(delivered.put)
    yield delivered
    hand.scanner.stop()


def until(states, wanted):
    while states.get(timeout=PATIENCE_S) != ("front", wanted):
        pass


def next_after(readings, before):
    """The next reading of another code: a camera tells a code that stays in view again and again."""
    while (reading := readings.get(timeout=PATIENCE_S)).text == before:
        pass
    return reading


def test_a_scan_gives_a_reading_under_the_readers_name(hand, readings, states):
    # row 76
    until(states, PartState.OK)
    hand.scan("000123456")
    reading = readings.get(timeout=PATIENCE_S)
    assert isinstance(reading, Reading)
    assert (reading.text, reading.source, reading.reader) == ("000123456", hand.source, "front")
    while not readings.empty():
        assert readings.get().text == "000123456"


def test_scans_come_in_their_order_and_none_twice_over_another(hand, readings, states):
    until(states, PartState.OK)
    before = None
    for number in range(10):
        hand.scan(f"N-{number}")
        before = next_after(readings, before).text
        assert before == f"N-{number}"


def test_it_comes_back_by_itself_after_an_unplug(hand, readings, states):
    until(states, PartState.OK)
    hand.unplug()
    until(states, PartState.ABSENT)
    hand.plug()
    until(states, PartState.OK)
    hand.scan("back")
    assert readings.get(timeout=PATIENCE_S).text == "back"


def test_stopping_ends_it_also_while_the_device_is_absent(hand, readings, states, board):
    until(states, PartState.OK)
    hand.unplug()
    until(states, PartState.ABSENT)
    hand.scanner.stop()
    assert board.of("front").state is PartState.OFF
