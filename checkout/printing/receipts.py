"""Prints receipts of sales: by itself after payment, again on request, and a test.

What makes the printer's bytes is loaded with the first print: megabytes that a shop without a printer spares.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from checkout.errors import NoPrinterError
from checkout.printing.queue import PrintJob, PrintQueue
from checkout.receipts.build import receipt_document
from checkout.receipts.columns import PrintLine, centred
from checkout.words import words_for
from checkout.writer import Priority, Writer
from loyalty.domain.receipt_settings import LanePrinter
from loyalty.domain.sale import Sale
from loyalty.domain.trust import Trust
from loyalty.ports.unit_of_work import UnitOfWork
from loyalty.services.context import ServiceContext
from loyalty.services.setup import shop_settings
from loyalty.services.status_link import new_status_link

_LINK_TIMEOUT_S = 3.0

Reading = Callable[[], AbstractContextManager[UnitOfWork]]


class ReceiptPrinting:
    """Puts receipts into the queue. Any thread; reading and drawing happen on the queue's.

    Args:
        jobs: Where prints wait.
        reading: Opens a unit of work for reading.
        writer: Makes the member's link.
        ctx: Knows where links lead.
    """

    def __init__(
        self, jobs: PrintQueue, reading: Reading, writer: Writer[UnitOfWork], ctx: ServiceContext
    ) -> None:
        self._jobs = jobs
        self._reading = reading
        self._writer = writer
        self._ctx = ctx

    def after_payment(self, sale: Sale) -> None:
        """Print where the lane's printer does so by itself."""
        number = str(sale.receipt.number) if sale.receipt is not None else ""
        make = lambda: self._receipt(sale.lane_id, sale.id, by_itself=True)  # noqa: E731
        self._jobs.submit(PrintJob(sale.lane_id, number, make))

    def again(self, lane_id: UUID, sale: Sale) -> None:
        """Print a receipt, at the printer of whichever lane asks; the drawer stays shut."""
        number = str(sale.receipt.number) if sale.receipt is not None else ""
        make = lambda: self._receipt(lane_id, sale.id, by_itself=False)  # noqa: E731
        self._jobs.submit(PrintJob(lane_id, number, make))

    def test(self, lane_id: UUID) -> None:
        """A few lines that show width, accents and the knife."""
        self._jobs.submit(PrintJob(lane_id, "", lambda: self._test(lane_id)))

    def _receipt(self, lane_id: UUID, sale_id: UUID, *, by_itself: bool) -> tuple[LanePrinter, bytes] | None:
        with self._reading() as unit:
            printer, sale = unit.receipts.printer_of(lane_id), unit.sales.get(sale_id)
            if sale is None or (by_itself and (printer is None or not printer.prints_by_itself)):
                return None
            if printer is None:
                raise NoPrinterError("this lane has no printer", lane=str(lane_id))
            shop = shop_settings(unit)
            wants_link = unit.receipts.settings().shows_member_link
        link = self._member_link(sale) if wants_link else ""
        words = words_for(shop.default_language, shop.country)
        from checkout.receipts.escpos_bytes import receipt_bytes  # noqa: PLC0415

        with self._reading() as unit:
            document = receipt_document(unit, sale, words, member_link=link)
        if document is None:
            return None
        drawer = by_itself and printer.opens_drawer and document.was_paid_in_cash and not sale.is_training
        return printer, receipt_bytes(document, printer, opens_drawer=drawer)

    def _member_link(self, sale: Sale) -> str:
        """A link for whoever showed a card; a number that was only typed gets none on paper (row 170)."""
        member = sale.member
        if member is None or member.account_id is None or member.trust < Trust.SIGNED or sale.is_training:
            return ""
        made = self._writer.submit(
            Priority.BACKGROUND, lambda unit: new_status_link(unit, self._ctx, member.customer_id)
        )
        return made.result(_LINK_TIMEOUT_S)

    def _test(self, lane_id: UUID) -> tuple[LanePrinter, bytes] | None:
        with self._reading() as unit:
            printer, shop = unit.receipts.printer_of(lane_id), shop_settings(unit)
            lane = unit.lanes.get(lane_id)
        if printer is None or lane is None:
            return None
        words = words_for(shop.default_language, shop.country)
        from checkout.receipts.escpos_bytes import EscposPaper  # noqa: PLC0415

        paper = EscposPaper(printer)
        ruler = "1234567890" * 5
        paper.write(
            [
                PrintLine(shop.name, is_bold=True, is_large=True, align="center"),
                *centred(words.text("Test print of lane {lane}", lane=lane.number), paper.columns),
                PrintLine(ruler[: paper.columns]),
                PrintLine("àâäçéèêëîïôöùûüÿ ÀÇÉÈ œæ «»"),
                PrintLine(words.money(123_450, shop.currency).rjust(paper.columns)),
            ]
        )
        return printer, paper.finish()
