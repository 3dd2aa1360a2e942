"""A camera as a reader of codes: frames in, believed codes out.

One thread. A camera that stalls or vanishes is closed and opened again, a decoder that dies is started
again, each with a growing pause; neither ends the thread.
"""

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from device.camera.frames import Frame, FrameSource
from device.decoding.agreement import FrameVotes
from device.decoding.found import Found
from device.decoding.zxing import Grey
from device.errors import CameraError, DecoderError
from device.gs1 import without_elements
from device.health import HealthBoard, PartState
from device.readings import MAX_CODE_CHARS, Deliver, Misread, MisreadReason, Reading, is_printable
from runtime.lifecycle import Worker

_log = logging.getLogger(__name__)

Wait = Callable[[threading.Event, float], object]

FRAME_TIMEOUT_S = 2.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 5.0
_FNC1 = "]C1"
_BYTE_ORDER_MARK = "\ufeff"
_BLANKS = " \t\r\n"
DECODER = "decoder"
"""The decoder's name on the health board."""


class FrameDecoder(Protocol):
    """Looks for codes in frames; ``DecoderProcess`` in the product."""

    def look_at_frame(self, grey: Grey) -> list[Found]: ...

    def close(self) -> None: ...


class CameraScanner:
    """Satisfies ``Scanner`` with a camera and a decoder.

    Args:
        reader: Its name in the configuration.
        source: The camera.
        decoder: Decodes frames on this reader's thread.
        votes: The agreement rule.
        board: Where camera and decoder are reported.
        wait: Sleeps between two attempts; tests give their own.
        on_frame: Sees every frame before it is decoded (a preview); must return soon.
    """

    def __init__(
        self,
        reader: str,
        source: FrameSource,
        decoder: FrameDecoder,
        votes: FrameVotes,
        *,
        board: HealthBoard,
        wait: Wait = threading.Event.wait,
        on_frame: Callable[[Frame], None] | None = None,
    ) -> None:
        self._reader = reader
        self._source = source
        self._decoder = decoder
        self._votes = votes
        self._board = board
        self._wait = wait
        self._on_frame = on_frame
        self._deliver: Deliver | None = None
        self._worker: Worker | None = None
        self._decoder_pause_s = FIRST_PAUSE_S

    @property
    def reader(self) -> str:
        return self._reader

    def start(self, deliver: Deliver) -> None:
        self._deliver = deliver
        self._board.report(self._reader, PartState.STARTING)
        self._worker = Worker(f"camera-{self._reader}", self._run, self._died).start()

    def stop(self) -> None:
        if self._worker is not None:
            self._worker.stop(timeout_s=2 * FRAME_TIMEOUT_S + 5)
            self._worker = None
            self._board.report(self._reader, PartState.OFF, "stopped")

    def _run(self, stopping: threading.Event) -> None:
        pause_s = FIRST_PAUSE_S
        try:
            while not stopping.is_set():
                try:
                    self._board.report(self._reader, PartState.OK, self._source.start())
                    pause_s = FIRST_PAUSE_S
                    self._watch(stopping)
                except CameraError as error:
                    self._board.report(self._reader, PartState.ABSENT, error.message)
                    self._board.count(self._reader, "camera_error")
                    self._source.stop()
                    self._wait(stopping, pause_s)
                    pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        finally:
            self._source.stop()
            self._decoder.close()

    def _watch(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            frame = self._source.next_frame(FRAME_TIMEOUT_S)
            if self._on_frame is not None:
                self._on_frame(frame)
            try:
                finds = self._decoder.look_at_frame(frame.grey)
            except DecoderError as error:
                self._decoder_lost(error, stopping)
                continue
            self._board.report(DECODER, PartState.OK)
            self._decoder_pause_s = FIRST_PAUSE_S
            for found in self._votes.add(finds, frame.monotonic_s):
                self._pass_on(found, frame.monotonic_s)

    def _decoder_lost(self, error: DecoderError, stopping: threading.Event) -> None:
        self._board.report(DECODER, PartState.FAILED, error.message)
        self._board.count(DECODER, "restarted")
        self._wait(stopping, self._decoder_pause_s)
        self._decoder_pause_s = min(2 * self._decoder_pause_s, LONGEST_PAUSE_S)

    def _pass_on(self, found: Found, at_s: float) -> None:
        if self._deliver is None:
            return
        text = None if found.text is None else _as_scanned(found.text, found.is_gs1)
        reason = _refusal(text)
        if reason is not None or text is None:
            reason = reason or MisreadReason.NOT_UTF8
            self._board.count(self._reader, reason.value)
            self._deliver(Misread(reason, "camera", self._reader, at_s))
        else:
            self._board.count(self._reader, "read")
            self._deliver(Reading(text, found.format, "camera", self._reader, at_s))

    def _died(self, name: str) -> None:
        self._board.report(self._reader, PartState.FAILED, f"thread {name} died")


def _as_scanned(text: str, is_gs1: bool) -> str:
    """What a hand scanner would pass on: it types no line end of the text, and a GS1 code as its item."""
    text = text.removeprefix(_BYTE_ORDER_MARK).rstrip(_BLANKS)
    if not is_gs1:
        return without_elements(text)
    return without_elements(f"{_FNC1}{text}").removeprefix(_FNC1)


def _refusal(text: str | None) -> MisreadReason | None:
    if text is None:
        return MisreadReason.NOT_UTF8
    if len(text) > MAX_CODE_CHARS:
        return MisreadReason.TOO_LONG
    return None if is_printable(text) else MisreadReason.CONTROL_CHARACTERS
