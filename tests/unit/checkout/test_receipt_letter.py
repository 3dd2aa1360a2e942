"""The drawn receipt, as the customer reads it."""

import unicodedata
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkout.web.receipt_letter import draw_receipt
from loyalty.errors import UnknownIdError
from loyalty.services.identify import read_code
from loyalty.services.redeem import choose_reward
from loyalty.services.send_receipt import ReceiptToDraw
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import SIGNER, ZOE, counter, evidence, service_context

LEAVE = "https://points.example.org/o/abc"
FRENCH = """\
Maison Lumen : voici votre ticket.

                Maison Lumen

                Ticket n° 1
        02/03/2026 11:00 · Caisse 1
--------------------------------------------
Tasse en grès                        32,00 €
  2 × 16,00 €
Amis de la maison                    −3,20 €
  10 % pour le groupe « Amis de la maison »,
  sur 32,00 €
Avantage utilisé : 2 € offerts       −2,00 €
  Avantage à 10 points
--------------------------------------------
Avant remises                        32,00 €
Total                                26,80 €

TVA 20 % sur 22,33 €                  4,47 €

Espèces                              50,00 €
Monnaie à rendre                     23,20 €
--------------------------------------------
Points gagnés                      26 points
  1 point par tranche de 1,00 €, sur 26,80 €
Points utilisés                   −10 points
Solde                              87 points

Adieu : https://points.example.org/o/abc"""


@pytest.fixture(scope="module")
def shop():
    with InMemoryDatabase().unit_of_work() as uow:
        yield counter(uow, service_context(FakeClock()))


@pytest.fixture(scope="module")
def asked(shop):
    """Zoé, friend of the house, bought two cups, used a reward and paid in cash."""
    sale = shop.sale("Tasse en grès", "Tasse en grès")
    header = evidence(sale)
    read_code(shop.uow, shop.ctx, header, SIGNER.static(shop.card(ZOE).id))
    tiers = shop.uow.programme.current().tiers
    choose_reward(shop.uow, header, tiers[0].id)
    shop.pay(sale, given_minor=5_000)
    return ReceiptToDraw(
        sale=shop.now(sale),
        language="fr",
        shows_account=True,
        opening="Maison Lumen\u202f: voici votre ticket.",
        closing=f"Adieu\u202f: {LEAVE}",
        opt_out_link=LEAVE,
    )


@pytest.fixture(scope="module")
def draw(shop, asked):
    def drawn(**changes):
        return draw_receipt(shop.uow, replace(asked, **changes))

    return drawn


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


def test_a_receipt_in_french(draw):
    # row 152
    assert plain(draw().text) == FRENCH


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "Reward for 10 points",
                "10% for the group",
                "Points earned 26 points",
                "Balance 87 points",
                "Cash",
            ],
        ),
        (
            "es",
            [
                "Ventaja de 10 puntos",
                "10 % para el grupo",
                "Puntos ganados 26",
                "Saldo 87",
                "Antes de descuentos",
            ],
        ),
        ("fr-CA", ["Avantage à 10 points"]),
        ("de", ["Avantage à 10 points"]),
    ],
)
def test_a_receipt_in_other_languages(draw, language, said):
    text = " ".join(plain(draw(language=language).text).split())
    for each in said:
        assert each in text


def test_text_and_html_say_the_same(draw):
    drawn = draw()
    read = Reader(drawn.html)
    shown = "".join(plain("".join(read.words)).split())
    for line in plain(drawn.text).splitlines():
        for word in line.split():
            assert word in shown or set(word) == {"-"}
    assert [attrs["href"] for tag, attrs in read.tags if tag == "a"] == [LEAVE]
    assert not {tag for tag, _ in read.tags} & {"img", "script", "link", "iframe", "form", "style"}


def test_without_the_account_no_points_stand_on_it_and_the_rewards_still_do(draw):
    # part of row 170
    drawn = draw(shows_account=False)
    for text in (drawn.text, drawn.html):
        assert "87" not in text
        assert "Points gagnés" not in text
        assert "2 € offerts" in plain(text)


@given(name=st.text(min_size=1, max_size=80))
def test_names_of_goods_are_text_and_nothing_hidden(draw, asked, name):
    # part of row 209
    quote = asked.sale.receipt.quote
    lines = tuple(replace(line, name=f"<b onload=x>{name}") for line in quote.lines)
    receipt = replace(asked.sale.receipt, quote=replace(quote, lines=lines))
    drawn = draw(sale=replace(asked.sale, receipt=receipt))
    assert not [char for char in drawn.text if unicodedata.category(char) in ("Cc", "Cs") and char != "\n"]
    assert not set(drawn.text) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069")
    assert "b" not in [tag for tag, _ in Reader(drawn.html).tags]


def test_what_the_shop_put_on_its_receipts_is_on_the_letter_too(shop, draw):
    before = shop.uow.receipts.settings()
    head = replace(before, address_lines=("12 rue des Lilas",), tax_numbers=("SIRET 732 829 320 00074",))
    shop.uow.receipts.save_settings(replace(head, closing="Ouvert de 8 h à 19 h"))
    for text in (draw().text, draw().html):
        for line in ("12 rue des Lilas", "SIRET 732 829 320 00074", "Ouvert de 8 h à 19 h"):
            assert line in plain(text)
    shop.uow.receipts.save_settings(before)


def test_an_open_sale_has_no_receipt(draw, asked):
    with pytest.raises(UnknownIdError):
        draw(sale=replace(asked.sale, receipt=None))
