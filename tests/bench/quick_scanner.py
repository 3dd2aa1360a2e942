"""Two hundred codes typed far quicker than scanners type, into a buffer as small as the kernel's.

A process plays the event node: it types at a given rate and, like the kernel, holds 64 events for whoever reads and
throws the rest away with a word of it (``SYN_DROPPED``). The device's own scanner reads it, while another thread of
its process works on something else. Baseline: the same scanner without the relay that carries keys away at once.
"""

import fcntl
import os
import queue
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from device.health import HealthBoard
from device.readings import Reading
from device.scanners.evdev_scanner import EvdevScanner
from device.scanners.input_devices import EV_KEY, EV_SYN, SYN_DROPPED, InputEvent
from device.scanners.key_decoder import KeyRules
from device.scanners.key_relay import KeyRelay, RelayedEvent
from device.scanners.layouts import US
from device.scanners.node_search import UsbId
from device.scanners.typist import keystrokes
from runtime.clock import SystemClock
from tests.fakes.input_devices import FakeInputDevices, FakeNode

_CODES, _PER_S = 200, (1000, 3000)
_KERNEL_EVENTS = 64
_EV_MSC, _MSC_SCAN = 4, 4
_EVENT = struct.Struct("llHHi")
_USB = UsbId(0x0C2E, 0x0901)
_PAUSE_S = 0.05
"""Between two codes: nobody scans without one."""


def run(folder: Path) -> list[dict[str, Any]]:
    """One line for each rate."""
    return [
        {
            "characters_per_s": per_s,
            **_scanned(per_s, is_relayed=True),
            **{f"plain_{name}": figure for name, figure in _scanned(per_s, is_relayed=False).items()},
        }
        for per_s in _PER_S
    ]


def type_all(descriptor: int, per_s: float) -> float:
    """Play the kernel: type every code; the rate that was reached within codes."""
    room = _KERNEL_EVENTS * _EVENT.size
    is_dropped, typed, took_s = False, 0, 0.0
    for text in _texts():
        began_s, characters = time.monotonic(), len(text) + 1
        strokes = keystrokes(text, US)
        for place, (key, value) in enumerate(strokes):
            due_s = began_s + place / len(strokes) * characters / per_s
            time.sleep(max(0.0, due_s - time.monotonic()))
            report = [(_EV_MSC, _MSC_SCAN, key), (EV_KEY, key, value), (EV_SYN, 0, 0)]
            if is_dropped:
                report.insert(0, (EV_SYN, SYN_DROPPED, 0))
            is_dropped = _unread(descriptor) + len(report) * _EVENT.size > room
            if not is_dropped:
                os.write(descriptor, b"".join(_EVENT.pack(0, 0, *event) for event in report))
        typed += characters
        took_s += time.monotonic() - began_s
        time.sleep(_PAUSE_S)
    return typed / took_s


class _Node(FakeNode):
    """An event node whose events come through a pipe from the process that types."""

    def __init__(self, descriptor: int, *, is_relayed: bool) -> None:
        super().__init__("/dev/input/event0", _USB)
        self._descriptor = descriptor
        self._is_relayed = is_relayed
        self._relay: KeyRelay | None = None

    def fileno(self) -> int:
        return self._descriptor if self._relay is None else self._relay.fileno()

    def grab(self) -> None:
        if self._is_relayed:
            self._relay = KeyRelay(self._descriptor)
        else:
            os.set_blocking(self._descriptor, False)

    def ungrab(self) -> None:
        if self._relay is not None:
            self._relay.close()
            self._relay = None

    def read(self) -> Sequence[InputEvent]:
        if self._relay is not None:
            return self._relay.read()
        got = os.read(self._descriptor, _KERNEL_EVENTS * _EVENT.size)
        return [RelayedEvent(*event[2:]) for event in _EVENT.iter_unpack(got)]


def _scanned(per_s: int, *, is_relayed: bool) -> dict[str, Any]:
    delivered: queue.SimpleQueue[Any] = queue.SimpleQueue()
    ours, theirs = os.pipe()
    node = _Node(ours, is_relayed=is_relayed)
    scanner = EvdevScanner(
        "scanner",
        _USB,
        KeyRules(US),
        devices=FakeInputDevices(node),
        clock=SystemClock(),
        board=HealthBoard(lambda _part, _health: None),
    )
    ended = threading.Event()
    other = threading.Thread(target=_work, args=(ended,), daemon=True)
    scanner.start(delivered.put)
    other.start()
    try:
        command = [sys.executable, "-m", "tests.bench.quick_scanner", str(theirs), str(per_s)]
        told = subprocess.run(command, pass_fds=(theirs,), check=True, capture_output=True, text=True)
        time.sleep(1.0)  # longer than the silence after which half a code is given up
    finally:
        ended.set()
        other.join()
        scanner.stop()
        os.close(ours)
        os.close(theirs)
    read = [each.text for each in _all(delivered) if isinstance(each, Reading)]
    wanted = _texts()
    return {
        "reached_per_s": round(float(told.stdout)),
        "codes": len(wanted),
        "lost": len(set(wanted) - set(read)),
        "changed": len(set(read) - set(wanted)),
    }


def _all(delivered: "queue.SimpleQueue[Any]") -> list[Any]:
    found = []
    while not delivered.empty():
        found.append(delivered.get())
    return found


def _texts() -> list[str]:
    return [f"{number * 4_999_999:09d}" for number in range(1, _CODES + 1)]


def _unread(descriptor: int) -> int:
    return int(struct.unpack("i", fcntl.ioctl(descriptor, termios.FIONREAD, b"\0" * 4))[0])


def _work(ended: threading.Event) -> None:
    """What other threads of the device do meanwhile: hold the interpreter."""
    while not ended.is_set():
        sum(range(20_000))


if __name__ == "__main__":
    print(type_all(int(sys.argv[1]), float(sys.argv[2])))
