"""The drawn receipt, as the customer reads it."""

import unicodedata
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.web.receipt_letter import draw_receipt
from loyalty.domain.programme import PointsName
from loyalty.domain.sale import Tender, TenderKind
from loyalty.services.identify import read_code
from loyalty.services.redeem import choose_reward
from loyalty.services.send_receipt import ReceiptToDraw
from loyalty.services.setup import shop_settings
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import SIGNER, ZOE, counter, evidence, service_context

LEAVE = "https://points.example.org/o/abc"
FRENCH = """\
Maison Lumen : voici votre ticket.

Ticket n° 1 · 02/03/2026 11:00

Tasse en grès                        32,00 €
  16,00 € × 2
Amis de la maison                    −3,20 €
  10 % pour le groupe « Amis de la maison »,
  sur 32,00 €
2 € offerts                          −2,00 €
  Avantage à 10 points
--------------------------------------------
Total                                26,80 €
dont TVA 20 %                         4,47 €
Espèces                              50,00 €
Monnaie à rendre                     23,20 €

26 points gagnés
1 point par tranche de 1,00 €, sur 26,80 €
10 points utilisés
Nouveau solde : 87 points

Adieu : https://points.example.org/o/abc"""


@pytest.fixture(scope="module")
def asked():
    """Zoé, friend of the house, bought two cups, used a reward and paid in cash."""
    clock = FakeClock()
    with InMemoryDatabase().unit_of_work() as uow:
        shop = counter(uow, service_context(clock))
        sale = shop.sale("Tasse en grès", "Tasse en grès")
        header = evidence(sale)
        read_code(uow, shop.ctx, header, SIGNER.static(shop.card(ZOE).id))
        tiers = uow.programme.current().tiers
        choose_reward(uow, header, tiers[0].id)
        receipt = shop.pay(sale, given_minor=5_000).receipt
        return ReceiptToDraw(
            sale=shop.now(sale),
            receipt=receipt,
            shop=shop_settings(uow),
            points_name=PointsName("point", "points"),
            language="fr",
            shows_account=True,
            opening="Maison Lumen\u202f: voici votre ticket.",
            closing=f"Adieu\u202f: {LEAVE}",
            opt_out_link=LEAVE,
        )


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


class Reader(HTMLParser):
    """The words of a letter in HTML, and its tags."""

    def __init__(self, html):
        super().__init__()
        self.words, self.tags = [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


def test_a_receipt_in_french(asked):
    # row 152
    assert plain(draw_receipt(asked).text) == FRENCH


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "Reward for 10 points",
                "10% for the group",
                "26 points earned",
                "New balance: 87 points",
                "Cash",
            ],
        ),
        (
            "es",
            ["Recompensa de 10 puntos", "10 % para el grupo", "26 points más", "Nuevo saldo: 87", "Efectivo"],
        ),
        ("fr-CA", ["Avantage à 10 points"]),
        ("de", ["Avantage à 10 points"]),
    ],
)
def test_a_receipt_in_other_languages(asked, language, said):
    text = " ".join(plain(draw_receipt(replace(asked, language=language)).text).split())
    for each in said:
        assert each in text


def test_text_and_html_say_the_same(asked):
    drawn = draw_receipt(asked)
    read = Reader(drawn.html)
    shown = "".join(plain("".join(read.words)).split())
    for line in plain(drawn.text).splitlines():
        for word in line.split():
            assert word in shown or set(word) == {"-"}
    assert [attrs["href"] for tag, attrs in read.tags if tag == "a"] == [LEAVE]
    assert not {tag for tag, _ in read.tags} & {"img", "script", "link", "iframe", "form", "style"}


def test_without_the_account_no_points_stand_on_it_and_the_rewards_still_do(asked):
    # part of row 170
    drawn = draw_receipt(replace(asked, shows_account=False))
    for text in (drawn.text, drawn.html):
        assert "87" not in text
        assert "gagnés" not in text
        assert "2 € offerts" in plain(text)


@given(name=st.text(min_size=1, max_size=80))
def test_names_of_goods_are_text_and_nothing_hidden(asked, name):
    # part of row 209
    quote = asked.receipt.quote
    lines = tuple(replace(line, name=f"<b onload=x>{name}") for line in quote.lines)
    receipt = replace(asked.receipt, quote=replace(quote, lines=lines))
    drawn = draw_receipt(replace(asked, receipt=receipt, sale=replace(asked.sale, receipt=receipt)))
    assert not [char for char in drawn.text if unicodedata.category(char) in ("Cc", "Cs") and char != "\n"]
    assert not set(drawn.text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069")
    assert "b" not in [tag for tag, _ in Reader(drawn.html).tags]


def test_tips_rounding_and_several_tenders_add_up(asked):
    tenders = (Tender(TenderKind.CARD, 1_000, 1_000), Tender(TenderKind.CASH, 1_785, 2_000))
    receipt = replace(asked.receipt, tenders=tenders, tip_minor=100, cash_rounding_minor=5)
    text = plain(draw_receipt(replace(asked, receipt=receipt)).text)
    for label, amount in (
        ("Pourboire", "1,00 €"),
        ("Arrondi", "0,05 €"),
        ("Carte bancaire", "10,00 €"),
        ("Espèces", "20,00 €"),
        ("Monnaie à rendre", "2,15 €"),
    ):
        assert [line for line in text.splitlines() if line.startswith(label) and line.endswith(amount)]
