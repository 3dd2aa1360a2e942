"""A scanner that a program types on, for demonstrations and tests.

Everything but the keyboard itself is the real scanner: search, grab, thread, key decoder, unplug.
"""

import threading

from device.health import HealthBoard
from device.scanners.evdev_scanner import EvdevScanner
from device.scanners.key_decoder import KeyRules
from device.scanners.keys import Key
from device.scanners.layouts import LAYOUTS
from device.scanners.simulated_input import SimulatedInputDevices
from device.scanners.typist import keystrokes
from runtime.clock import Clock


class SimulatedScanner(EvdevScanner):
    """An ``EvdevScanner`` on a simulated keyboard; ``scan``, ``unplug`` and ``plug`` from any thread."""

    def __init__(self, reader: str, rules: KeyRules, *, clock: Clock, board: HealthBoard) -> None:
        self.machine = SimulatedInputDevices()
        super().__init__(
            reader,
            self.machine.keyboard().path,
            rules,
            devices=self.machine,
            clock=clock,
            board=board,
            wait=self._wait_for_plug,
        )
        self._layout = rules.layout

    def scan(self, text: str, layout: str | None = None, end: Key | None = Key.ENTER) -> None:
        """Type a text as a scanner set to ``layout`` would.

        Raises:
            ScannerError: It is unplugged, or the layout cannot type the text.
        """
        played = self._layout if layout is None else LAYOUTS[layout]
        self.machine.keyboard().press(keystrokes(text, played, end))

    def unplug(self) -> None:
        self.machine.unplug()

    def plug(self) -> None:
        self.machine.plug()

    def stop(self) -> None:
        self.machine.plugged.set()  # a search that waits for a plug ends now
        super().stop()

    def _wait_for_plug(self, stopping: threading.Event, timeout_s: float) -> None:
        if not stopping.is_set():
            self.machine.plugged.wait(timeout_s)
