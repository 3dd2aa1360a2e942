"""Reaching printers: each way a printer can be away is one error, and nothing waits for ever."""

import os
import socket
from pathlib import Path

import pytest

from checkout.errors import PrinterAwayError
from checkout.printing.reach import send_to_printer
from loyalty.domain.receipt_settings import LanePrinter, PrinterKind
from runtime.ids import new_id
from tests.fakes.receipt_printer import LoopbackPrinter


def printer(address: str, kind: PrinterKind = PrinterKind.NETWORK) -> LanePrinter:
    return LanePrinter(new_id(), kind, address)


def test_all_bytes_arrive() -> None:
    data = bytes(range(256)) * 2_000
    with LoopbackPrinter() as device:
        send_to_printer(printer(device.address), data)
        assert device.wait_for(1) == [data]


def test_a_printer_that_is_off_is_away() -> None:
    with LoopbackPrinter() as device:
        address = device.address
    with pytest.raises(PrinterAwayError):
        send_to_printer(printer(address), b"x")


def test_a_printer_that_takes_nothing_more_is_away() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
        with pytest.raises(PrinterAwayError):
            send_to_printer(printer(address), b"x" * 50_000_000, timeout_s=0.2)


def test_a_usb_printer_gets_all_bytes_and_one_without_paper_is_away(tmp_path: Path) -> None:
    path = tmp_path / "lp0"
    os.mkfifo(path)
    reading = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    try:
        send_to_printer(printer(str(path), PrinterKind.USB), b"receipt")
        assert os.read(reading, 100) == b"receipt"
        with pytest.raises(PrinterAwayError):
            send_to_printer(printer(str(path), PrinterKind.USB), b"x" * 1_000_000, timeout_s=0.2)
    finally:
        os.close(reading)
    with pytest.raises(PrinterAwayError):  # unplugged: nobody holds the other end
        send_to_printer(printer(str(path), PrinterKind.USB), b"x")
    with pytest.raises(PrinterAwayError):
        send_to_printer(printer(str(tmp_path / "gone"), PrinterKind.USB), b"x")
