"""Receipts of Québec and France as a printer draws them: bytes by a socket, lines compared, QR codes read."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkout.printing.reach import send_to_printer
from checkout.receipts.escpos_bytes import known_profiles, receipt_bytes
from loyalty.domain.receipt_settings import LanePrinter, PaperWidth, PrinterKind
from runtime.ids import new_id
from tests.fakes.receipt_printer import LoopbackPrinter, Paper, interpret
from tests.fakes.shop import Counter
from tests.unit.checkout.receipts.sales import FRANCE, LINK, QUEBEC, SoldSale, sell

GOLDEN = Path(__file__).parent / "golden"


def printer(paper: PaperWidth = PaperWidth.MM_80, profile: str = "default") -> LanePrinter:
    return LanePrinter(new_id(), PrinterKind.NETWORK, "127.0.0.1", paper, profile, opens_drawer=True)


def quebec(shop: Counter) -> SoldSale:
    both = ("gst", "qst")
    goods = [("Café filtre équitable, 340 g", 1499, 2, both), ("Crème brûlée à l’érable", 825, 1, both)]
    return sell(shop, "fr-CA", goods, given_minor=5000, name="Épicerie Côté & Fils")


def france(shop: Counter) -> SoldSale:
    goods = [
        ("Pain de campagne aux noix, 500 g", 420, 1, ("vat-5.5",)),
        ("Thé glacé maison à la pêche de vigne", 390, 2, ("vat-10",)),
        ("Sac en toile « Maison Lumen »", 900, 1, ("vat-20",)),
    ]
    return sell(shop, "fr-FR", goods, given_minor=2500, reward=True)


SALES = {"quebec": (quebec, QUEBEC), "france": (france, FRANCE)}


def printed(data: bytes, to: LanePrinter) -> Paper:
    """What a printer on a socket draws of the bytes."""
    with LoopbackPrinter() as device:
        send_to_printer(replace(to, address=device.address), data)
        (received,) = device.wait_for(1)
    assert received == data
    return interpret(received)


@pytest.mark.parametrize("name", SALES)
@pytest.mark.parametrize("paper", PaperWidth)
def test_a_receipt_comes_out_as_it_was_checked_by_hand(
    shop: Counter, name: str, paper: PaperWidth, tmp_path: Path
) -> None:
    # rows 152, 186
    make, head = SALES[name]
    to = printer(paper)
    drawn = printed(receipt_bytes(make(shop).document(head), to, opens_drawer=True), to)
    assert (drawn.cuts, drawn.drawer_kicks) == (1, 1)
    assert set(drawn.pages) <= {"cp858"}
    picture = drawn.draw(paper.columns)
    picture.save(tmp_path / f"{name}-{paper.value}.png")
    read = zxingcpp.read_barcodes(np.asarray(picture))
    assert [code.text for code in read] == [LINK]
    expected = (GOLDEN / f"{name}_{paper.value}.txt").read_text(encoding="utf-8")
    assert drawn.text.strip() == expected.strip()


@pytest.mark.parametrize("profile", known_profiles())
def test_every_known_printer_gets_letters_that_it_has(shop: Counter, profile: str) -> None:
    to = printer(PaperWidth.MM_58, profile)
    data = receipt_bytes(france(shop).document(FRANCE, link=""), to)
    drawn = interpret(data, profile)
    assert "Clermont-Ferrand" in drawn.text
    assert "Thé glacé" in drawn.text or "The glace" in drawn.text
    assert "€" in drawn.text or "EUR" in drawn.text
    assert "?" not in drawn.text
    drawn.draw(PaperWidth.MM_58.columns)


def test_a_statement_says_what_it_is_not_and_holds_no_tax_and_no_payment(shop: Counter) -> None:
    # part of row 195
    document = quebec(shop).document(replace(QUEBEC, is_statement=True))
    text = interpret(receipt_bytes(document, printer())).text.replace("\n", " ")
    assert "Relevé de fidélité, pas une facture" in text
    assert "La facture est celle que la caisse a imprimée." in text
    assert "Points gagnés" in text
    for word in ("TPS 5", "TVQ 9", "Espèces", "Monnaie", "Hors taxes"):
        assert word not in text, word
    assert document.taxes == document.payments == ()


def test_paper_tells_nothing_of_a_number_that_was_only_typed(shop: Counter) -> None:
    # part of row 170
    sold = france(shop)
    assert sold.sale.member is not None
    typed = replace(sold, sale=replace(sold.sale, member=replace(sold.sale.member, trust=0)))  # type: ignore[arg-type]
    text = interpret(receipt_bytes(typed.document(FRANCE, link=""), printer())).text
    assert "Points gagnés" in text
    assert "Solde" not in text


def test_a_training_receipt_is_marked_at_both_ends(shop: Counter) -> None:
    sold = france(shop)
    receipt = sold.sale.receipt
    assert receipt is not None
    training = replace(sold, sale=replace(sold.sale, receipt=replace(receipt, is_training=True)))
    drawn = interpret(receipt_bytes(training.document(FRANCE), printer()))
    marked = [line for line in drawn.lines if "FORMATION" in line.text]
    assert len(marked) == 2
    assert all(line.was_inverse and line.is_bold for line in marked)


_ANY = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(name=_ANY, address=_ANY, profile=st.sampled_from(known_profiles()), paper=st.sampled_from(PaperWidth))
def test_whatever_is_typed_nothing_steers_the_printer(
    shop_document: SoldSale, name: str, address: str, profile: str, paper: PaperWidth
) -> None:
    # part of row 209
    document = shop_document.document(FRANCE)
    row = replace(document.lines[0], text=f"\x1b@{name}\x1dV\x00", notes=(name,))
    hostile = replace(document, shop_name=f"{name}\x1bp\x00", head=(address,), lines=(row,), member_link="")
    drawn = interpret(receipt_bytes(hostile, printer(paper, profile)), profile)
    assert drawn.drawer_kicks == 0
    assert drawn.cuts <= 1
    drawn.draw(paper.columns)


@pytest.fixture
def shop_document(shop: Counter) -> SoldSale:
    return france(shop)
