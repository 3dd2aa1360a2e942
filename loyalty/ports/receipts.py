"""What the shop decided about receipts, and the lanes' printers."""

from typing import Protocol
from uuid import UUID

from loyalty.domain.receipt_settings import LanePrinter, ReceiptSettings


class ReceiptRepository(Protocol):
    """Settings of receipts."""

    def settings(self) -> ReceiptSettings:
        """What was saved last, else the defaults."""

    def save_settings(self, settings: ReceiptSettings) -> None: ...

    def printer_of(self, lane_id: UUID) -> LanePrinter | None: ...

    def save_printer(self, printer: LanePrinter) -> None: ...

    def remove_printer(self, lane_id: UUID) -> None: ...
