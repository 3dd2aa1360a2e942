"""Completed sales of two countries, as receipts show them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from checkout.receipts.build import receipt_document
from checkout.receipts.document import ReceiptDocument
from checkout.words import words_for
from loyalty.domain.catalogue import Item
from loyalty.domain.country import preset
from loyalty.domain.receipt_settings import ReceiptSettings
from loyalty.domain.sale import Sale, TenderKind
from loyalty.domain.settlement import Offer
from loyalty.domain.trust import Trust
from loyalty.services.attach import Identified
from loyalty.services.basket import add_item
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.identify import read_code
from loyalty.services.quote import quote_sale
from loyalty.services.redeem import redeem_by_staff
from loyalty.services.setup import shop_settings
from loyalty.services.staff_at_sale import confirm_discount
from runtime.ids import new_id
from tests.fakes.shop import SIGNER, ZOE, Counter, evidence

LINK = "https://fidelite.example/s/Vq3kYw0Zr8mT2sXb"

QUEBEC = ReceiptSettings(
    address_lines=("1200, rue Saint-Denis", "Montréal (Québec) H2X 3J6", "514 555-0134"),
    tax_numbers=("TPS 123456789 RT0001", "TVQ 1234567890 TQ0001"),
    closing="Merci de votre visite, à bientôt.",
)
FRANCE = ReceiptSettings(
    address_lines=("14, rue de l’Église", "63000 Clermont-Ferrand"),
    tax_numbers=("SIRET 732 829 320 00074", "TVA FR40303265045"),
    closing="Échange sous 30 jours avec ce ticket.",
)


@dataclass
class SoldSale:
    shop: Counter
    sale: Sale

    def document(self, settings: ReceiptSettings, link: str = LINK) -> ReceiptDocument:
        self.shop.uow.receipts.save_settings(settings)
        shop = shop_settings(self.shop.uow)
        words = words_for(shop.default_language, shop.country)
        found = receipt_document(self.shop.uow, self.sale, words, member_link=link)
        assert found is not None
        return found


def sell(
    shop: Counter,
    locale: str,
    goods: Sequence[tuple[str, int, int, tuple[str, ...]]],
    *,
    given_minor: int,
    card: bool = True,
    reward: bool = False,
    **changed: Any,
) -> SoldSale:
    """A sale of goods (name, price, quantity, tax ids of the country's preset), paid in cash."""
    country = preset(locale)
    assert country is not None
    settings = replace(
        shop_settings(shop.uow), country=country.country, currency=country.currency,
        timezone=country.timezone, default_language=country.language,
        smallest_coin_minor=country.smallest_coin_minor, **changed,
    )  # fmt: skip
    shop.uow.shop.save(settings)
    sale = shop.sale()
    rates = {rate.id: rate for rate in country.taxes}
    for name, price_minor, quantity, tax_ids in goods:
        item = Item(new_id(), name, price_minor, None, tuple(rates[each] for each in tax_ids))
        shop.uow.catalogue.save_item(item)
        assert isinstance(add_item(shop.uow, sale.id, item.id, quantity), Sale)
    if card:
        code = SIGNER.static(shop.card(ZOE).id)
        found = read_code(shop.uow, shop.ctx, evidence(shop.now(sale)), code)
        assert isinstance(found, Identified)
        assert found.trust is Trust.SIGNED
        if quote_sale(shop.uow, shop.now(sale)).proposal is not None:
            confirm_discount(shop.uow, sale.id, shop.staff)
    if reward:
        programme = shop.uow.programme.current()
        assert programme is not None
        redeem_by_staff(shop.uow, shop.ctx, sale.id, programme.tiers[0].id, shop.staff)
    offer = Offer(TenderKind.CASH, given_minor)
    paid = complete_sale(shop.uow, shop.ctx, sale.id, Payment("pay-1", offers=(offer,)), shop.staff)
    assert isinstance(paid, Completed), paid
    return SoldSale(shop, paid.sale)
