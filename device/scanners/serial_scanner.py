"""A scanner that shows itself as a serial port (USB CDC-ACM) or hangs on one; it plays no keyboard.

The only module that imports pyserial.
"""

import contextlib
import os
import threading
from typing import TYPE_CHECKING

from device.errors import ScannerError
from device.health import HealthBoard
from device.scanners.plugged_scanner import PluggedScanner, Wait
from device.scanners.serial_decoder import SerialDecoder, SerialRules
from runtime.clock import Clock

if TYPE_CHECKING:
    from serial import Serial

_MOST_AT_ONCE = 4096


class SerialScanner(PluggedScanner["Serial"]):
    """Reads one scanner on a port.

    Args:
        reader: Its name in the configuration.
        path: Of the port, best below /dev/serial/by-id.
        baud: Bits a second; a USB scanner takes any.
        rules: How the scanner is set.
        clock: Gives the time of readings and silences.
        board: Where its state is reported.
        wait: Sleeps between two searches; tests give their own.
    """

    def __init__(
        self,
        reader: str,
        path: str,
        baud: int,
        rules: SerialRules,
        *,
        clock: Clock,
        board: HealthBoard,
        wait: Wait = threading.Event.wait,
    ) -> None:
        self._decoder = SerialDecoder(rules)
        super().__init__(reader, self._decoder, clock=clock, board=board, wait=wait)
        self._path = path
        self._baud = baud

    def _open(self) -> "Serial":
        import serial  # noqa: PLC0415 - hardware library, loaded only where it is configured

        try:
            return serial.Serial(self._path, self._baud, timeout=0, exclusive=True)
        except (OSError, ValueError) as error:
            number = getattr(error, "errno", None)
            reason = os.strerror(number) if number else str(error)
            raise ScannerError(f"cannot open {self._path}: {reason}") from error

    def _read(self, port: "Serial") -> bool:
        data = port.read(_MOST_AT_ONCE)
        if data:
            for decoded in self._decoder.feed(data, self._clock.monotonic_s()):
                self._pass_on(decoded)
        return bool(data)

    def _let_go(self, port: "Serial") -> None:
        with contextlib.suppress(OSError):
            port.close()
