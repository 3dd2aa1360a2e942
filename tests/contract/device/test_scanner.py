"""What every reader of codes does, whatever it is made of."""

import queue

import pytest

from device.health import HealthBoard, PartState
from device.readings import Reading
from device.scanners.evdev_scanner import EvdevScanner
from device.scanners.key_decoder import KeyRules
from device.scanners.layouts import FR, US
from device.scanners.node_search import UsbId
from device.scanners.simulated_scanner import SimulatedScanner
from device.scanners.typist import keystrokes
from runtime.clock import SystemClock
from tests.fakes.input_devices import FakeInputDevices, FakeNode


class EvdevHand:
    """Somebody who scans with a scanner that a fake kernel shows."""

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

    def __init__(self, board):
        self.scanner = SimulatedScanner("front", KeyRules(FR), clock=SystemClock(), board=board)
        self.scan, self.unplug, self.plug = self.scanner.scan, self.scanner.unplug, self.scanner.plug


@pytest.fixture
def board(states):
    return HealthBoard(lambda part, health: states.put(health.state))


@pytest.fixture
def states():
    return queue.Queue()


@pytest.fixture(params=[EvdevHand, SimulatedHand])
def hand(request, board):
    return request.param(board)


@pytest.fixture
def readings(hand):
    delivered = queue.Queue()
    hand.scanner.start(delivered.put)
    yield delivered
    hand.scanner.stop()


def until(states, wanted):
    while states.get(timeout=5) is not wanted:
        pass


def test_a_scan_gives_one_reading_under_the_readers_name(hand, readings, states):
    # row 76
    until(states, PartState.OK)
    hand.scan("000123456")
    reading = readings.get(timeout=5)
    assert isinstance(reading, Reading)
    assert (reading.text, reading.source, reading.reader) == ("000123456", "scanner", "front")
    assert readings.empty()


def test_scans_come_in_their_order(hand, readings, states):
    until(states, PartState.OK)
    for number in range(50):
        hand.scan(f"N{number}")
    assert [readings.get(timeout=5).text for _ in range(50)] == [f"N{number}" for number in range(50)]


def test_it_comes_back_by_itself_after_an_unplug(hand, readings, states):
    until(states, PartState.OK)
    hand.unplug()
    until(states, PartState.ABSENT)
    hand.plug()
    until(states, PartState.OK)
    hand.scan("back")
    assert readings.get(timeout=5).text == "back"


def test_stopping_ends_it_also_while_the_device_is_absent(hand, readings, states, board):
    until(states, PartState.OK)
    hand.unplug()
    until(states, PartState.ABSENT)
    hand.scanner.stop()
    assert board.of("front").state is PartState.OFF
