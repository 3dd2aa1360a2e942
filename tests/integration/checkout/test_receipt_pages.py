"""Receipts printed at the counter: by themselves, again, away printers, settings, and the page to print."""

from collections.abc import Iterator

import pytest

from checkout.till.view import PrinterView
from loyalty.domain.receipt_settings import LanePrinter, PrinterKind
from messaging.events.code_read import CodeRead
from tests.fakes.receipt_printer import LoopbackPrinter, interpret
from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk


@pytest.fixture
def printer() -> Iterator[LoopbackPrinter]:
    with LoopbackPrinter() as device:
        yield device


def give_printer(counter: Counter, address: str, *, by_itself: bool = True) -> None:
    with counter.database.unit_of_work() as unit:
        unit.receipts.save_printer(
            LanePrinter(
                counter.shop.lane.id,
                PrinterKind.NETWORK,
                address,
                prints_by_itself=by_itself,
                opens_drawer=True,
            )
        )
        unit.commit()


def sell_to_camille(counter: Counter) -> str:
    sale = counter.sell("Croissant", "Café crème")
    card = CodeRead(text=counter.card_of("Camille"), symbology="QRCode", source="camera")
    counter.send(counter.envelope(card, sale=sale))
    counter.pay()
    counter.settle()
    return str(sale)


def trouble_at_the_till(counter: Counter) -> PrinterView | None:
    """Once everything that waited was tried."""
    counter.station.prints._jobs.join()
    return counter.till().printer


def test_a_paid_sale_prints_once_with_points_and_the_members_code(
    counter: Counter, printer: LoopbackPrinter
) -> None:
    # row 186
    give_printer(counter, printer.address)
    sell_to_camille(counter)
    (data,) = printer.wait_for(1)
    paper = interpret(data)
    assert "Croissant" in paper.text
    assert "Points gagnés" in paper.text
    assert (paper.cuts, paper.drawer_kicks) == (1, 1)
    ((_, link),) = paper.qr_codes
    assert "/s/" in link
    counter.settle()
    assert counter.till().printer is None


def test_an_away_printer_holds_nothing_up_and_the_receipt_comes_later(
    counter: Counter, printer: LoopbackPrinter
) -> None:
    with LoopbackPrinter() as gone:
        away = gone.address
    give_printer(counter, away)
    sale = sell_to_camille(counter)
    view = counter.till()
    assert view.sale is not None
    assert view.sale.state == "paid"
    assert view.sale.receipt is not None
    number = view.sale.receipt.number
    assert trouble_at_the_till(counter) == PrinterView(code="printer_away", receipt=str(number))
    give_printer(counter, printer.address)

    async def print_again() -> None:
        async with desk(counter) as cashier:
            await cashier.get("/till/1")
            answer = await cashier.fill(f"/receipts/{sale}/print", lane="1")
            assert (answer.status_code, answer.headers["location"]) == (303, "/till/1")
            assert (await cashier.fill(f"/receipts/{sale}/print", lane="2")).status_code == 403

    run(print_again())
    (data,) = printer.wait_for(1)
    assert f"n° {number}" in interpret(data).text
    assert interpret(data).drawer_kicks == 0
    assert trouble_at_the_till(counter) is None


def test_paper_at_a_lane_without_a_printer_is_said_to_be_missing(counter: Counter) -> None:
    sale = sell_to_camille(counter)
    assert trouble_at_the_till(counter) is None

    async def print_it() -> None:
        async with desk(counter) as cashier:
            await cashier.get("/till/1")
            assert (await cashier.fill(f"/receipts/{sale}/print", lane="1")).status_code == 303

    run(print_it())
    trouble = trouble_at_the_till(counter)
    assert trouble is not None
    assert trouble.code == "no_printer"


def test_a_printer_is_set_tested_and_removed_on_its_page(counter: Counter, printer: LoopbackPrinter) -> None:
    form = {"kind": "network", "paper": "58", "profile": "TM-T88II", "by_itself": "1"}

    async def visit() -> None:
        async with desk(counter) as owner:
            wrong = await owner.fill("/lanes/1/printer", **form, address="http://printer/")
            assert wrong.status_code == 422
            assert "An address such as" in wrong.text
            file = await owner.fill("/lanes/1/printer", **{**form, "kind": "usb"}, file="/etc/passwd")
            assert "The file of a printer" in file.text
            kept = await owner.fill("/lanes/1/printer", **form, address=printer.address)
            assert kept.status_code == 303
            assert (await owner.fill("/lanes/1/printer/test")).status_code == 303
            (data,) = printer.wait_for(1)
            paper = interpret(data, "TM-T88II")
            assert "Essai d’impression de la caisse 1" in paper.text.replace("\n", " ")
            assert "àâäçéèêëîïôöùûüÿ" in paper.text
            assert "/lanes/1/printer" in await owner.page("/receipt-settings")
            assert (await owner.fill("/lanes/1/printer/remove")).status_code == 303
        with counter.database.reading() as unit:
            assert unit.receipts.printer_of(counter.shop.lane.id) is None

    run(visit())


def test_what_stands_on_receipts_is_set_and_shown(counter: Counter) -> None:
    # row 152
    sale = sell_to_camille(counter)

    async def visit() -> None:
        async with desk(counter) as owner:
            many = await owner.fill("/receipt-settings", address="\n".join("abcdefgh"))
            assert many.status_code == 422
            assert "At most 6 lines" in many.text
            kept = await owner.fill(
                "/receipt-settings", address="14, rue de l’Église\n63000 Clermont-Ferrand",
                tax_numbers="SIRET 732 829 320 00074", closing="Merci\x1b@", statement="1",
            )  # fmt: skip
            assert kept.status_code == 303
            slip = await owner.page(f"/receipts/{sale}?paper=a4")
            assert "63000 Clermont-Ferrand" in slip
            assert "Relevé de fidélité, pas une facture" in slip
            assert "Amis de la maison" in slip or "Points gagnés" in slip
            assert "\x1b" not in slip
            assert (await owner.get("/receipts/00000000-0000-0000-0000-000000000001")).status_code == 404

    run(visit())


def test_a_cashier_sets_no_printer_and_no_receipt(counter: Counter) -> None:
    async def visit() -> None:
        async with desk(counter, "caisse") as cashier:
            for path in ("/receipt-settings", "/lanes/1/printer"):
                assert (await cashier.get(path)).status_code == 403, path
            assert (await cashier.fill("/lanes/1/printer/test")).status_code == 403

    run(visit())
