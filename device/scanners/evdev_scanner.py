"""A USB scanner that plays a keyboard: grabbed, decoded by position, found again after an unplug."""

import contextlib
import errno
import threading

from device.errors import ScannerError
from device.health import HealthBoard
from device.scanners.input_devices import EV_KEY, EV_SYN, SYN_DROPPED, InputDevices, InputNode
from device.scanners.key_decoder import KeyDecoder, KeyRules
from device.scanners.node_search import UsbId, open_keyboard
from device.scanners.plugged_scanner import PluggedScanner, Wait
from runtime.clock import Clock


class EvdevScanner(PluggedScanner[InputNode]):
    """Reads one scanner through the kernel's input events.

    Args:
        reader: Its name in the configuration.
        wanted: A path (best: /dev/input/by-id/…-event-kbd) or a USB id.
        rules: How the scanner is set.
        devices: The event nodes of the machine.
        clock: Gives the time of readings and silences.
        board: Where its state is reported.
        wait: Sleeps between two searches; tests give their own.
    """

    def __init__(
        self,
        reader: str,
        wanted: str | UsbId,
        rules: KeyRules,
        *,
        devices: InputDevices,
        clock: Clock,
        board: HealthBoard,
        wait: Wait = threading.Event.wait,
    ) -> None:
        self._decoder = KeyDecoder(rules)
        super().__init__(reader, self._decoder, clock=clock, board=board, wait=wait)
        self._wanted = wanted
        self._devices = devices

    def _open(self) -> InputNode:
        node = open_keyboard(self._devices, self._wanted)
        try:
            node.grab()
        except OSError as error:
            self._let_go(node)
            if error.errno == errno.EBUSY:
                raise ScannerError(f"{node.name} is held by another process") from error
            raise ScannerError(f"{node.name} cannot be grabbed: {error.strerror}") from error
        return node

    def _read(self, port: InputNode) -> bool:
        try:
            events = list(port.read())
        except BlockingIOError:
            return False
        now_s = self._clock.monotonic_s()
        for event in events:
            # A code that is read late was typed without a pause all the same.
            at_s = now_s if event.at_s is None else min(event.at_s, now_s)
            if event.type == EV_KEY:
                self._pass_on(self._decoder.feed(event.code, event.value, at_s))
            elif event.type == EV_SYN and event.code == SYN_DROPPED:
                self._board.count(self._reader, "events_lost")
                self._decoder.lose(at_s)
        return bool(events)

    def _let_go(self, port: InputNode) -> None:
        for release in (port.ungrab, port.close):
            with contextlib.suppress(OSError):
                release()
