"""The reader that watches a camera: believed codes out, faults survived."""

import queue

import numpy as np
import pytest

from device.camera.camera_scanner import DECODER, FIRST_PAUSE_S, LONGEST_PAUSE_S, CameraScanner
from device.camera.frames import Frame
from device.decoding.agreement import FrameVotes
from device.decoding.found import Found
from device.errors import CameraError, DecoderError
from device.health import HealthBoard, PartState
from device.readings import Misread, MisreadReason, Reading

GREY = np.zeros((2, 2), dtype=np.uint8)


class ScriptedSource:
    """Gives what a test queues: frames (by their time), or errors."""

    def __init__(self):
        self.script = queue.Queue()
        self.starts = 0
        self.stops = 0
        self.broken_starts = 0

    def start(self):
        self.starts += 1
        if self.starts <= self.broken_starts:
            raise CameraError("no camera")
        return "scripted"

    def next_frame(self, timeout_s):
        item = self.script.get(timeout=10)
        if isinstance(item, Exception):
            raise item
        return Frame(GREY, item)

    def stop(self):
        self.stops += 1


class ScriptedDecoder:
    """Finds what a test queues."""

    def __init__(self):
        self.finds = queue.Queue()

    def look_at_frame(self, grey):
        item = self.finds.get(timeout=10)
        if isinstance(item, Exception):
            raise item
        return item

    def close(self):
        pass


class Bench:
    def __init__(self):
        self.source, self.decoder = ScriptedSource(), ScriptedDecoder()
        self.delivered, self.states, self.pauses = queue.Queue(), queue.Queue(), queue.Queue()
        self.board = HealthBoard(lambda part, health: self.states.put((part, health.state)))
        self.scanner = CameraScanner(
            "camera",
            self.source,
            self.decoder,
            FrameVotes(lambda text: text.startswith("CM1")),
            board=self.board,
            wait=lambda stopping, pause_s: self.pauses.put(pause_s),
        )
        self.now_s = 0.0

    def frame(self, *finds, error=None):
        self.now_s += 0.1
        self.decoder.finds.put(error or list(finds))
        self.source.script.put(self.now_s)

    def start(self):
        self.scanner.start(self.delivered.put)

    def until(self, part, state):
        while self.states.get(timeout=5) != (part, state):
            pass

    def next(self):
        return self.delivered.get(timeout=5)


@pytest.fixture
def bench():
    bench = Bench()
    yield bench
    bench.scanner._worker.stopping.set()
    bench.source.script.put(CameraError("the test is over"))
    bench.scanner.stop()


def test_a_signed_code_is_delivered_from_its_first_frame(bench):
    bench.start()
    bench.frame(Found("QRCode", "CM1X", "half", True))
    assert bench.next() == Reading("CM1X", "QRCode", "camera", "camera", 0.1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, MisreadReason.NOT_UTF8),
        ("M\x1d1", MisreadReason.CONTROL_CHARACTERS),
        ("M\u202e1", MisreadReason.CONTROL_CHARACTERS),
        ("7" * 513, MisreadReason.TOO_LONG),
    ],
)
def test_what_can_be_no_code_is_refused_and_counted(bench, text, reason):
    # row 209
    bench.start()
    for _ in range(2 if text is None else 1):
        bench.frame(Found("QRCode", text, "half", True))
    refused = bench.next()
    assert isinstance(refused, Misread)
    assert refused.reason is reason
    assert bench.board.of("camera").counters == {reason.value: 1}


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        (Found("QRCode", "CM1X\r\n", "half", True), "CM1X"),
        (Found("QRCode", "\ufeffCM1X", "half", True), "CM1X"),
        (Found("QRCode", "0103012345678902", "half", True, is_gs1=True), "3012345678902"),
        (Found("QRCode", "0103012345678902", "half", True), "0103012345678902"),
        (Found("QRCode", "10LOT7\x1d0103012345678902", "half", True, is_gs1=True), "3012345678902"),
    ],
)
def test_what_a_hand_scanner_would_pass_on_is_passed_on(bench, seen, text):
    bench.start()
    bench.frame(seen)
    assert bench.next().text == text


def test_gs1_elements_without_an_item_are_refused_also_where_one_library_alone_tells_what_they_are(bench):
    bench.start()
    told = Found("Code128", "00301234567890220", "plain", True, is_gs1=True)
    bench.frame(told, Found("Code128", told.text, "zbar"))
    assert bench.next().reason is MisreadReason.CONTROL_CHARACTERS


def test_a_decoder_that_dies_loses_a_frame_and_not_the_reader(bench):
    bench.start()
    for _ in range(3):
        bench.frame(error=DecoderError("hung"))
    bench.until(DECODER, PartState.FAILED)
    bench.frame(Found("QRCode", "CM1X", "half", True))
    assert bench.next().text == "CM1X"
    bench.until(DECODER, PartState.OK)
    assert bench.board.of(DECODER).counters == {"restarted": 3}
    assert [bench.pauses.get(timeout=5) for _ in range(3)] == [
        FIRST_PAUSE_S,
        2 * FIRST_PAUSE_S,
        4 * FIRST_PAUSE_S,
    ]


def test_an_absent_camera_is_a_loud_state_and_is_tried_with_growing_pauses(bench):
    bench.source.broken_starts = 8
    bench.start()
    bench.until("camera", PartState.ABSENT)
    pauses = [bench.pauses.get(timeout=5) for _ in range(8)]
    assert pauses[0] == FIRST_PAUSE_S
    assert pauses[-1] == LONGEST_PAUSE_S
    bench.until("camera", PartState.OK)
    assert bench.board.of("camera").detail == "scripted"


def test_a_camera_that_stalls_is_closed_and_opened_again(bench):
    bench.start()
    bench.until("camera", PartState.OK)
    bench.source.script.put(CameraError("no frame within 2 s"))
    bench.until("camera", PartState.ABSENT)
    bench.until("camera", PartState.OK)
    assert (bench.source.starts, bench.source.stops) == (2, 1)
    bench.frame(Found("QRCode", "CM1X", "half", True))
    assert bench.next().text == "CM1X"
