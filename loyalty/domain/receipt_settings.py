"""What the shop decides about its receipts, and the printer of each lane."""

import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from loyalty.domain.text import clean_line
from loyalty.domain.why import Refusal, Refused

MAX_HEAD_LINES = 6
MAX_LINE_CHARS = 80
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_PRINTER_FILE = re.compile(r"/dev/(?:usb/lp|comptoir-printer)[A-Za-z0-9-]{0,32}")
RAW_PRINT_PORT = 9100


@dataclass(frozen=True, slots=True)
class ReceiptSettings:
    """What stands on every receipt besides the sale."""

    address_lines: tuple[str, ...] = ()
    tax_numbers: tuple[str, ...] = ()
    """As the law wants them printed: ``TPS 123456789 RT0001``, ``SIRET 732 829 320 00074``."""
    closing: str = ""
    """A line at the end: thanks, opening hours, terms of exchange."""
    is_statement: bool = False
    """Another register sells and bills: ours are loyalty statements and no invoices (row 195)."""
    shows_member_link: bool = True
    """A QR code that opens the member's page."""


class PrinterKind(StrEnum):
    """How a printer is reached."""

    NETWORK = "network"
    USB = "usb"


class PaperWidth(StrEnum):
    """Width of the roll in millimetres."""

    MM_58 = "58"
    MM_80 = "80"

    @property
    def columns(self) -> int:
        """Characters of the ordinary font that every such printer has room for."""
        return 32 if self is PaperWidth.MM_58 else 42


@dataclass(frozen=True, slots=True)
class LanePrinter:
    """The receipt printer of one lane."""

    lane_id: UUID
    kind: PrinterKind
    address: str
    """``host`` or ``host:port`` in the shop's network; for USB the file of the kernel's printer driver."""
    paper: PaperWidth = PaperWidth.MM_80
    profile: str = "default"
    """Which printer it is, as python-escpos names it: decides code pages, QR codes, cutter."""
    prints_by_itself: bool = True
    opens_drawer: bool = False
    """After a sale that was paid in cash."""

    @property
    def host(self) -> str:
        return self.address.partition(":")[0]

    @property
    def port(self) -> int:
        port = self.address.partition(":")[2]
        return int(port) if port else RAW_PRINT_PORT


def checked_printer_address(kind: PrinterKind, text: str) -> str | Refused:
    """The address where it can be one. A file may only be a printer's: nothing else is ever written to."""
    address = clean_line(text, 300) or ""
    if kind is PrinterKind.USB:
        is_good = _PRINTER_FILE.fullmatch(address) is not None
        return address if is_good else Refused(Refusal.PRINTER_FILE_INVALID)
    host, mark, port = address.partition(":")
    is_port = port.isascii() and port.isdecimal() and 0 < int(port[:6]) < 65_536
    if not _HOST.fullmatch(host) or (mark and not is_port):
        return Refused(Refusal.PRINTER_ADDRESS_INVALID)
    return address


def head_lines(text: str) -> tuple[str, ...] | Refused:
    """Typed lines, cleaned; empty ones are left out."""
    lines = [clean_line(line, len(line)) for line in text.splitlines()]
    kept = tuple(line for line in lines if line is not None)
    if len(kept) > MAX_HEAD_LINES or any(len(line) > MAX_LINE_CHARS for line in kept):
        return Refused(Refusal.TOO_MANY_LINES, {"max": MAX_HEAD_LINES, "chars": MAX_LINE_CHARS})
    return kept
