"""Sends bytes to a printer: in the shop's network, or behind the kernel's USB printer driver.

python-escpos makes the bytes; its own connections leave sockets open when a printer is away, know no deadline
for a printer without paper, and would write to any file. A receipt is sent whole, so little is left to do.
"""

import os
import select
import socket
import time
from pathlib import Path

from checkout.errors import PrinterAwayError
from loyalty.domain.receipt_settings import LanePrinter, PrinterKind

TIMEOUT_S = 2.0
"""A printer in the same room answers in milliseconds, one that is off never."""


def send_to_printer(printer: LanePrinter, data: bytes, timeout_s: float = TIMEOUT_S) -> None:
    """Hand over all bytes; blocks for twice the timeout at most.

    Raises:
        PrinterAwayError: The printer is off, unplugged, out of reach, out of paper or refuses.
    """
    try:
        if printer.kind is PrinterKind.NETWORK:
            _send_by_network(printer, data, timeout_s)
        else:
            _send_by_usb(Path(printer.address), data, timeout_s)
    except OSError as error:
        raise PrinterAwayError("the receipt printer cannot be reached", lane=str(printer.lane_id)) from error


def _send_by_network(printer: LanePrinter, data: bytes, timeout_s: float) -> None:
    with socket.create_connection((printer.host, printer.port), timeout_s) as connection:
        connection.settimeout(timeout_s)
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)


def _send_by_usb(file: Path, data: bytes, timeout_s: float) -> None:
    """Never waits for paper: the driver holds whoever writes to a printer that has none."""
    descriptor = os.open(file, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_NOFOLLOW)
    ends_at = time.monotonic() + timeout_s
    left = memoryview(data)
    try:
        while left:
            rest_s = ends_at - time.monotonic()
            if rest_s <= 0 or not select.select([], [descriptor], [], rest_s)[1]:
                raise TimeoutError("the printer takes nothing more")
            left = left[os.write(descriptor, left) :]
    finally:
        os.close(descriptor)
