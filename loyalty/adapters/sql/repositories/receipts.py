"""Receipt settings and printers in SQL."""

from dataclasses import asdict
from uuid import UUID

from sqlalchemy import delete, select

from loyalty.adapters.sql import schema
from loyalty.adapters.sql.connection import Transaction
from loyalty.domain.receipt_settings import LanePrinter, PaperWidth, PrinterKind, ReceiptSettings

_PRINTERS = schema.lane_printers


class SqlReceiptRepository:
    """See ``loyalty.ports.receipts.ReceiptRepository``."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    def settings(self) -> ReceiptSettings:
        row = self._transaction.first(select(schema.receipt_settings))
        if row is None:
            return ReceiptSettings()
        return ReceiptSettings(
            address_lines=tuple(row.address_lines),
            tax_numbers=tuple(row.tax_numbers),
            closing=row.closing,
            is_statement=row.is_statement,
            shows_member_link=row.shows_member_link,
        )

    def save_settings(self, settings: ReceiptSettings) -> None:
        lists = {
            "address_lines": list(settings.address_lines),
            "tax_numbers": list(settings.tax_numbers),
        }
        self._transaction.upsert(schema.receipt_settings, {"id": 1, **asdict(settings), **lists})

    def printer_of(self, lane_id: UUID) -> LanePrinter | None:
        row = self._transaction.first(select(_PRINTERS).where(_PRINTERS.c.lane_id == lane_id))
        if row is None:
            return None
        values = dict(row._mapping)
        return LanePrinter(**{**values, "kind": PrinterKind(row.kind), "paper": PaperWidth(row.paper)})

    def save_printer(self, printer: LanePrinter) -> None:
        self._transaction.upsert(_PRINTERS, asdict(printer))

    def remove_printer(self, lane_id: UUID) -> None:
        self._transaction.execute(delete(_PRINTERS).where(_PRINTERS.c.lane_id == lane_id))
