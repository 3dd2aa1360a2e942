"""The print queue: one job's failure is its own, and is told once."""

from uuid import UUID

from checkout.errors import PrinterAwayError
from checkout.printing.queue import MAX_WAITING, PrintJob, PrintQueue, PrintTrouble
from loyalty.domain.receipt_settings import LanePrinter, PrinterKind
from runtime.ids import new_id

LANE = new_id()
PRINTER = LanePrinter(LANE, PrinterKind.NETWORK, "127.0.0.1")


class Device:
    def __init__(self) -> None:
        self.printed: list[bytes] = []
        self.is_away = False
        self.told: list[UUID] = []

    def send(self, _printer: LanePrinter, data: bytes) -> None:
        if self.is_away:
            raise PrinterAwayError("away")
        self.printed.append(data)


def test_an_away_printer_is_told_once_and_forgotten_when_it_prints() -> None:
    device = Device()
    jobs = PrintQueue(device.send, device.told.append)
    device.is_away = True
    for number in ("7", "7"):
        jobs.submit(PrintJob(LANE, number, lambda: (PRINTER, b"x")))
        assert jobs.print_next(0)
    assert jobs.trouble_of(LANE) == PrintTrouble("printer_away", "7")
    assert device.told == [LANE]
    device.is_away = False
    jobs.submit(PrintJob(LANE, "7", lambda: (PRINTER, b"x")))
    assert jobs.print_next(0)
    assert jobs.trouble_of(LANE) is None
    assert device.told == [LANE, LANE]
    assert device.printed == [b"x"]


def test_a_receipt_that_cannot_be_drawn_does_not_hold_up_the_next() -> None:
    def broken() -> tuple[LanePrinter, bytes]:
        raise ValueError("a bug")

    device = Device()
    jobs = PrintQueue(device.send, device.told.append)
    other = new_id()
    jobs.submit(PrintJob(LANE, "8", broken))
    jobs.submit(PrintJob(other, "9", lambda: (PRINTER, b"9")))
    assert jobs.print_next(0)
    assert jobs.print_next(0)
    assert not jobs.print_next(0)
    assert jobs.trouble_of(LANE) == PrintTrouble("print_failed", "8")
    assert jobs.trouble_of(other) is None
    assert device.printed == [b"9"]


def test_a_full_queue_refuses_and_says_so_instead_of_blocking() -> None:
    device = Device()
    jobs = PrintQueue(device.send, device.told.append)
    for number in range(MAX_WAITING + 1):
        jobs.submit(PrintJob(LANE, str(number), lambda: None))
    assert jobs.trouble_of(LANE) == PrintTrouble("printer_away", str(MAX_WAITING))
