"""A gift card from its switch in the catalogue to the receipts of buying it and of paying with it."""

from checkout.till.offers import Offered
from loyalty.domain.catalogue import Item
from loyalty.domain.sale import TenderKind
from loyalty.domain.settlement import Offer
from messaging.events.code_read import CodeRead
from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk
from tests.integration.checkout.test_catalogue_import_page import send
from tests.integration.checkout.test_catalogue_pages import item_named

FORM = {"name": "Carte cadeau", "price": "50", "category": "", "barcode": "", "position": "9"}


def make_gift_card(counter: Counter) -> Item:
    async def visit() -> None:
        async with desk(counter) as owner:
            made = await owner.fill("/catalogue/new", **FORM, gift_card="on")
            assert made.status_code == 303
            assert "Gift card" in await owner.page("/catalogue")

    run(visit())
    return item_named(counter, "Carte cadeau")


def show_card(counter: Counter, name: str) -> None:
    counter.send(
        counter.envelope(
            CodeRead(text=counter.card_of(name), symbology="QRCode", source="camera"),
            sale=counter.open_sale_id(),
        )
    )


def test_buying_a_gift_card_and_paying_with_it_earn_once(counter: Counter) -> None:
    # part of row 206: buying and using a gift card do not both earn
    card = make_gift_card(counter)
    assert card.is_gift_card
    counter.sell("Carte cadeau", "Tasse en grès")
    show_card(counter, "Camille")
    before = counter.balance("Camille")
    sale = counter.till().sale
    assert sale is not None
    assert sale.total_minor == 5000 + 1440  # the group's ten per cent are off the cup alone
    counter.pay()
    bought = counter.till().sale
    assert bought is not None
    assert bought.receipt is not None
    assert counter.balance("Camille") == before + 14
    with counter.database.reading() as unit:
        kept = unit.sales.get(bought.id)
    assert kept is not None
    assert [line.is_gift_card for line in kept.lines] == [True, False]

    async def look() -> None:
        async with desk(counter) as owner:
            receipt = await owner.page(f"/receipts/{bought.id}")
            assert "dépense : Carte cadeau (50,00" in receipt

    run(look())
    counter.sell("Bougie parfumée")
    show_card(counter, "Camille")
    spent = counter.till().sale
    assert spent is not None
    by_card = Offered((Offer(TenderKind.GIFT_CARD, spent.total_minor),), 0)
    assert counter.do(lambda till: till.pay(spent.id, by_card, spent.total_minor)) is None
    counter.settle()
    assert counter.balance("Camille") == before + 14 + spent.total_minor // 100


def test_the_switch_is_shown_kept_and_taken_off(counter: Counter) -> None:
    card = make_gift_card(counter)

    async def visit() -> None:
        async with desk(counter) as owner:
            assert 'name="gift_card" value="on" checked' in await owner.page(f"/catalogue/{card.id}")
            wrong = await owner.fill(
                f"/catalogue/{card.id}", **{**FORM, "price": "?"}, gift_card="on", version="1"
            )
            assert wrong.status_code == 422
            assert 'name="gift_card" value="on" checked' in wrong.text
            await owner.fill(f"/catalogue/{card.id}", **FORM, version="1")
            assert not item_named(counter, "Carte cadeau").is_gift_card

    run(visit())


def test_a_file_says_what_is_a_gift_card_and_one_that_does_not_leaves_it(counter: Counter) -> None:
    make_gift_card(counter)

    async def visit() -> None:
        async with desk(counter) as owner:
            along = await owner.get("/catalogue/export.csv", headers={"accept-language": "fr"})
            assert "Carte-cadeau" in along.text
            assert "There is nothing to store." in (await send(owner, along.content)).text
            await send(owner, b"Nom;Prix\r\nCarte cadeau;60\r\n")
            await owner.fill("/catalogue/import/store")
            changed = item_named(counter, "Carte cadeau")
            assert (changed.price_minor, changed.is_gift_card) == (6000, True)
            await send(owner, b"Nom;Prix;Carte cadeau\r\nBon;20;oui\r\nSavon;4;non\r\n")
            await owner.fill("/catalogue/import/store")
            assert item_named(counter, "Bon").is_gift_card
            assert not item_named(counter, "Savon").is_gift_card
            unclear = await send(owner, "Nom;Prix;Carte cadeau\r\nBon;20;peut-être\r\n".encode())
            assert "“peut-être” is neither yes nor no" in unclear.text

    run(visit())
