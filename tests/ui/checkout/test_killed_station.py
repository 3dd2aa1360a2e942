"""kill -9 of the real station in the middle of a sale: whoever sells goes on where they were."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from loyalty.adapters.sql.database import opened
from loyalty.domain.sale import SaleState, TenderKind
from loyalty.services.ledger_check import verify_ledger
from tests.fakes.broker import MosquittoBroker
from tests.integration.checkout.test_station_process import StationProcess, signed_card
from tests.patience import PATIENCE_MS
from tests.ui.checkout.conftest import shoot
from tests.ui.checkout.test_whole_sales import scan


@pytest.fixture
def broker(tmp_path: Path) -> MosquittoBroker:
    """Its keys alone: the broker itself is away the whole time, and sales go on."""
    folder = tmp_path / "broker"
    folder.mkdir()
    return MosquittoBroker(folder)


@pytest.fixture
def station(tmp_path: Path, broker: MosquittoBroker) -> Iterator[StationProcess]:
    folder = tmp_path / "station"
    folder.mkdir()
    made = StationProcess(folder, broker)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    text = made.configuration.read_text()
    made.configuration.write_text(
        text.replace("port = 0", f"port = {port}", 1)
    )  # the same one after a restart
    try:
        yield made.start()
    finally:
        if made.process is not None and made.process.poll() is None:
            made.end(signal.SIGKILL)


@pytest.fixture
def till(browser: Browser, station: StationProcess) -> Iterator[Page]:
    context = browser.new_context(locale="fr-FR", viewport={"width": 1180, "height": 820})
    page = context.new_page()
    page.goto(f"{station.address}/demo?token=token-of-this-run")
    page.goto(f"{station.address}/till/1")
    yield page
    context.close()


def kill_and_restart(page: Page, station: StationProcess) -> None:
    assert station.end(signal.SIGKILL) == -signal.SIGKILL
    expect(page.locator("#offline")).to_be_visible(timeout=PATIENCE_MS)
    station.start()
    expect(page.locator("#offline")).to_be_hidden(timeout=PATIENCE_MS)


def test_the_open_sale_is_there_with_all_that_was_on_it(
    till: Page, station: StationProcess, broker: MosquittoBroker
) -> None:
    # part of row 167: the station is killed in the middle of a sale
    for name in ("Bougie parfumée", "Tasse en grès", "Tasse en grès"):
        till.locator(".good", has_text=name).click()
    expect(till.locator("#total")).to_contain_text("56,00")
    scan(till, signed_card(broker, station, "000123458"))
    expect(till.locator("#member-name")).to_have_text("Zoé Lefèvre")
    till.locator("#more-discount summary").click()
    till.locator("#line").select_option(label="Bougie parfumée")
    till.locator("#off-amount").fill("4")
    till.locator("#reason").fill("ébréchée")
    till.locator("#more-discount button").click()
    expect(till.locator(".reduction[data-kind=staff]")).to_be_visible()
    till.locator(".reward.ready .button").first.click()
    expect(till.locator(".reduction[data-kind=reward]")).to_be_visible()
    till.locator("#more-payment summary").click()
    till.locator("#tip").fill("2")
    till.locator("#pay-gift_card").fill("10")
    expect(till.locator("#total")).to_be_visible()  # only what is drawn has an inner text
    before = {
        part: till.locator(part).inner_text()
        for part in ("#ticket .lines", "#total", "#member-name", "#points")
    }
    reductions = till.locator(".reduction").all_inner_texts()
    assert len(reductions) == 3  # of staff, group and reward

    kill_and_restart(till, station)

    for part, text in before.items():
        expect(till.locator(part)).to_have_text(text, use_inner_text=True)
    expect(till.locator(".reduction")).to_have_text(reductions, use_inner_text=True)
    expect(till.locator("#tip")).to_have_value("2")
    expect(till.locator("#pay-gift_card")).to_have_value("10")
    shoot(till, "till-after-the-kill")
    till.reload()  # also for a browser that was opened anew
    expect(till.locator(".reduction")).to_have_text(reductions, use_inner_text=True)
    expect(till.locator("#tip")).to_have_value("2")  # what was typed outlives the reload too
    expect(till.locator("#pay-gift_card")).to_have_value("10")
    till.locator(".split .button.wide").click()
    expect(till.locator(".receipt")).to_be_visible()
    with opened(station.database_url) as database, database.reading() as unit:
        lane = unit.lanes.all()[0]
        sale = unit.sales.last_closed_in_lane(lane.id)
        assert sale is not None
        assert sale.receipt is not None
        assert [each.kind for each in sale.receipt.all_tenders] == [TenderKind.GIFT_CARD, TenderKind.CASH]
        assert sale.receipt.tip_minor == 200
        assert not verify_ledger(unit).faults


def test_a_payment_cut_off_by_the_kill_is_taken_once(till: Page, station: StationProcess) -> None:
    # part of row 167: nothing lost, nothing counted twice
    for attempt in range(4):
        till.locator(".good", has_text="Croissant").click()
        expect(till.locator("#total")).to_contain_text("1,40")
        sale_id = till.locator("#pay [name=sale]").input_value()
        till.evaluate(
            """(sale) => { for (let i = 0; i < 3; i += 1) fetch("/till/1/pay", {method: "POST",
            body: new URLSearchParams({sale, total: "140", all_by: "card"})}).catch(() => {}); }""",
            sale_id,
        )
        till.wait_for_timeout(5 * attempt)
        kill_and_restart(till, station)
        pay = till.get_by_role("button", name="Compte juste")
        if pay.is_visible():  # killed before it was booked: it is taken now
            pay.click()
        expect(till.locator(".receipt")).to_be_visible()
        with opened(station.database_url) as database, database.reading() as unit:
            lane = unit.lanes.all()[0]
            sale = unit.sales.last_closed_in_lane(lane.id)
            assert sale is not None
            assert (str(sale.id), sale.state) == (sale_id, SaleState.COMPLETED)
            assert sale.receipt is not None
            assert sale.receipt.number == attempt + 1
            assert len(sale.receipt.all_tenders) == 1
        till.get_by_role("button", name="Nouvelle vente").click()
        expect(till.locator(".ticket-empty")).to_be_visible()
