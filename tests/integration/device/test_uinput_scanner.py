"""A scanner through the real kernel, where the machine lets a test make an input device."""

import os
import queue

import pytest

from device.health import HealthBoard, PartState
from device.scanners.evdev_scanner import EvdevScanner
from device.scanners.input_devices import EvdevInputDevices
from device.scanners.key_decoder import KeyRules
from device.scanners.keys import LETTERS, MODIFIERS, Key
from device.scanners.layouts import US
from device.scanners.node_search import UsbId
from device.scanners.typist import keystrokes
from runtime.clock import SystemClock
from tests.patience import PATIENCE_S


@pytest.mark.skipif(not os.access("/dev/uinput", os.W_OK), reason="this machine has no writable /dev/uinput")
def test_a_code_typed_by_a_uinput_keyboard_is_read_and_kept_from_others():
    from evdev import UInput, ecodes

    keys = [*LETTERS, *MODIFIERS, *[Key[f"DIGIT_{d}"] for d in range(10)], Key.ENTER]
    with UInput(
        {ecodes.EV_KEY: [int(key) for key in keys]}, name="test scanner", vendor=0xFFF0, product=1
    ) as typed:
        states, readings = queue.Queue(), queue.Queue()
        scanner = EvdevScanner(
            "front",
            UsbId(0xFFF0, 1),
            KeyRules(US),
            devices=EvdevInputDevices(),
            clock=SystemClock(),
            board=HealthBoard(lambda part, health: states.put(health.state)),
        )
        scanner.start(readings.put)
        while states.get(timeout=PATIENCE_S) is not PartState.OK:
            pass
        for key, value in keystrokes("AB12", US):
            typed.write(ecodes.EV_KEY, key, value)
            typed.syn()
        assert readings.get(timeout=PATIENCE_S).text == "AB12"
        scanner.stop()
