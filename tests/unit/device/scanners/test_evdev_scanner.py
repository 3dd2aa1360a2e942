"""The scanner's thread: grab, unplug, replug, silence."""

import errno
import queue
import threading
import time

import pytest

from device.health import HealthBoard, PartState
from device.readings import Misread, MisreadReason, Reading
from device.scanners.evdev_scanner import EvdevScanner
from device.scanners.input_devices import EV_KEY, EV_SYN, SYN_DROPPED
from device.scanners.key_decoder import KeyRules
from device.scanners.keys import Key
from device.scanners.layouts import US
from device.scanners.node_search import UsbId
from device.scanners.plugged_scanner import FIRST_PAUSE_S, LONGEST_PAUSE_S
from device.scanners.typist import keystrokes
from tests.fakes.input_devices import FakeInputDevices, FakeNode

SCANNER = UsbId(0x0C2E, 0x0B61)


class Bench:
    """A scanner under test with what it delivered and how it waited."""

    def __init__(self, clock, *nodes):
        self.machine = FakeInputDevices(*nodes)
        self.clock = clock
        self.delivered: queue.Queue = queue.Queue()
        self.pauses: queue.Queue = queue.Queue()
        self.search_again = threading.Semaphore(0)
        self.states: queue.Queue = queue.Queue()
        self.board = HealthBoard(lambda part, health: self.states.put(health))
        self.scanner = EvdevScanner(
            "front",
            SCANNER,
            KeyRules(US, silence_s=0.02),
            devices=self.machine,
            clock=clock,
            board=self.board,
            wait=self.wait,
        )

    def wait(self, stopping, pause_s):
        self.pauses.put(pause_s)
        while not stopping.is_set() and not self.search_again.acquire(timeout=0.01):
            pass

    def next(self):
        return self.delivered.get(timeout=5)

    def until(self, state):
        while (health := self.states.get(timeout=5)).state is not state:
            pass
        return health


@pytest.fixture
def bench(clock):
    made = []

    def make(*nodes):
        made.append(Bench(clock, *nodes))
        made[0].scanner.start(made[0].delivered.put)
        return made[0]

    yield make
    for one in made:
        one.scanner.stop()


def node(path="/dev/input/event4"):
    return FakeNode(path, SCANNER)


def test_a_code_typed_on_the_grabbed_node_is_delivered(bench):
    # row 76
    keyboard = node()
    subject = bench(keyboard)
    subject.until(PartState.OK)
    assert keyboard.is_grabbed
    keyboard.press(keystrokes("000123456", US))
    assert subject.next() == Reading("000123456", None, "scanner", "front", subject.clock.monotonic_s())


def test_a_disk_that_takes_its_time_holds_up_no_keys(clock):
    """With a keeper that is away the kernel throws keys away after some ten characters."""
    keyboard, kept, is_awake = node(), [], threading.Event()
    subject = Bench(clock, keyboard)

    def keep(reading):
        is_awake.wait(30)
        kept.append(reading.text)

    subject.scanner.start(keep)
    try:
        subject.until(PartState.OK)
        for number in range(20):
            keyboard.press(keystrokes(f"00012345{number:02}", US))
        pause = threading.Event()
        while subject.board.of("front").counters.get("read", 0) < 20:
            pause.wait(0.01)
        assert kept == []
    finally:
        is_awake.set()
        subject.scanner.stop()
    assert kept == [f"00012345{number:02}" for number in range(20)], "a stop keeps what was read, in order"


def test_an_absent_scanner_is_a_loud_state_and_is_searched_with_growing_pauses(bench):
    subject = bench()
    assert subject.until(PartState.ABSENT).detail == "no scanner 0c2e:0b61"
    pauses = []
    for _ in range(6):
        pauses.append(subject.pauses.get(timeout=5))
        subject.search_again.release()
    assert pauses[0] == FIRST_PAUSE_S
    assert pauses[1] == 2 * FIRST_PAUSE_S
    assert pauses[-1] == LONGEST_PAUSE_S


def test_unplugged_in_the_midst_of_a_code_and_plugged_in_again(bench):
    first = node()
    subject = bench(first)
    subject.until(PartState.OK)
    first.press(keystrokes("1234", US, None))
    subject.machine.nodes = {}
    first.emit(errno.ENODEV)
    misread = subject.next()
    assert isinstance(misread, Misread)
    assert misread.reason is MisreadReason.UNPLUGGED
    assert "unplugged" in subject.until(PartState.ABSENT).detail
    subject.pauses.get(timeout=5)
    assert first.is_closed
    second = node("/dev/input/event9")
    subject.machine.nodes = {second.path: second}
    subject.search_again.release()
    subject.until(PartState.OK)
    second.press(keystrokes("99", US))
    assert subject.next().text == "99"


def test_half_a_code_then_silence_is_told_and_counted(bench):
    keyboard = node()
    subject = bench(keyboard)
    subject.until(PartState.OK)
    keyboard.press(
        keystrokes("12345", US, None)
    )  # in one piece: the clock below runs ahead of a slow machine
    while subject.delivered.empty():
        subject.clock.advance(0.02)
        threading.Event().wait(0.005)
    assert subject.next().reason is MisreadReason.HALF_CODE
    assert subject.board.of("front").counters == {"half_code": 1}
    subject.clock.advance(2)
    keyboard.press(keystrokes("99", US))
    assert subject.next().text == "99"


def test_a_silence_counts_only_once_nothing_waits_to_be_read(bench):
    keyboard = node()
    subject = bench(keyboard)
    subject.until(PartState.OK)
    typed_s = subject.clock.monotonic_s()
    strokes = [(EV_KEY, code, value, typed_s) for code, value in keystrokes("000123456", US, Key.ENTER)]

    # The reader was away for ten seconds, and gets what waits in two readings.
    def the_rest():
        keyboard.emit(*strokes[7:], meanwhile=lambda: subject.clock.advance(10))

    keyboard.emit(*strokes[:7], meanwhile=the_rest)

    assert subject.next().text == "000123456"


def test_a_code_that_is_read_late_and_in_two_pieces_is_whole_if_its_keys_came_without_a_pause(bench):
    keyboard = node()
    subject = bench(keyboard)
    subject.until(PartState.OK)
    typed_s = subject.clock.monotonic_s()
    strokes = [(EV_KEY, code, value, typed_s) for code, value in keystrokes("000123456", US, Key.ENTER)]
    keyboard.emit(*strokes[:7])
    while not keyboard.is_read:
        time.sleep(0.001)

    # The reader is away for ten seconds, the scanner goes on.
    keyboard.emit(*strokes[7:], meanwhile=lambda: subject.clock.advance(10))

    assert subject.next().text == "000123456"


def test_dropped_events_refuse_the_code_and_are_counted(bench):
    keyboard = node()
    subject = bench(keyboard)
    subject.until(PartState.OK)
    keyboard.press(keystrokes("12", US, None))
    keyboard.emit((EV_SYN, SYN_DROPPED, 0))
    keyboard.press(keystrokes("34", US))
    assert subject.next().reason is MisreadReason.EVENTS_LOST
    assert subject.board.of("front").counters["events_lost"] >= 1


@pytest.mark.parametrize(
    ("number", "words"), [(errno.EBUSY, "held by another"), (errno.EACCES, "cannot be grabbed")]
)
def test_a_scanner_that_cannot_be_grabbed_is_not_read(bench, number, words):
    keyboard = node()
    keyboard.grab_error = number
    subject = bench(keyboard)
    assert words in subject.until(PartState.ABSENT).detail
    assert keyboard.is_closed


def test_stopping_lets_the_device_go(bench):
    keyboard = node()
    subject = bench(keyboard)
    subject.until(PartState.OK)
    subject.scanner.stop()
    assert keyboard.is_closed
    assert not keyboard.is_grabbed
    assert subject.board.of("front").state is PartState.OFF
