"""Categories and taxes: order, names, what is in use stays, the country's taxes."""

from dataclasses import replace

import pytest

from loyalty.domain.audit import AuditAction
from loyalty.domain.catalogue import Category, TaxInclusion, TaxRate
from loyalty.domain.catalogue_edit import ItemDraft, TaxDraft
from loyalty.domain.country import preset
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError
from loyalty.services.keep_items import add_item
from loyalty.services.keep_shelves import (
    add_usual_taxes,
    move_category,
    remove_category,
    remove_tax,
    save_category,
    save_tax,
)
from loyalty.services.setup import shop_settings
from tests.fakes.shop import Counter


def category(shop: Counter, name: str) -> Category:
    made = save_category(shop.uow, shop.ctx, shop.staff, name)
    assert isinstance(made, Category), made
    return made


def test_a_category_comes_last_moves_up_and_is_called_otherwise(shop: Counter) -> None:
    before = [each.name for each in shop.uow.catalogue.categories()]
    made = category(shop, "Bazar")
    assert [each.name for each in shop.uow.catalogue.categories()] == [*before, "Bazar"]
    move_category(shop.uow, shop.staff, made.id, -1)
    assert [each.name for each in shop.uow.catalogue.categories()] == [*before[:-1], "Bazar", before[-1]]
    save_category(shop.uow, shop.ctx, shop.staff, "Cave", made.id)
    noted = shop.uow.audit.of_subject(f"category:{made.id}")
    assert noted[-1].params == {"name": "Cave", "before": "Bazar"}


def test_two_categories_do_not_share_a_name(shop: Counter) -> None:
    category(shop, "Bazar")
    assert save_category(shop.uow, shop.ctx, shop.staff, " bazar ") == Refused(
        Refusal.CATALOGUE_NAME_TAKEN, {"name": "bazar"}
    )


def test_a_category_with_items_stays(shop: Counter) -> None:
    made = category(shop, "Bazar")
    add_item(shop.uow, shop.ctx, shop.staff, ItemDraft("Sel", 100, made.id))
    refused = remove_category(shop.uow, shop.ctx, shop.staff, made.id)
    assert refused == Refused(Refusal.CATEGORY_IN_USE, {"items": 1})
    empty = category(shop, "Vide")
    assert remove_category(shop.uow, shop.ctx, shop.staff, empty.id) == empty


def test_a_changed_tax_holds_for_its_items_and_is_noted_with_what_it_was(shop: Counter) -> None:
    made = save_tax(shop.uow, shop.ctx, shop.staff, TaxDraft("TVA 2,1 %", 21_000, TaxInclusion.INCLUDED))
    assert isinstance(made, TaxRate)
    assert made.id == "tva-2.1"
    item = add_item(shop.uow, shop.ctx, shop.staff, ItemDraft("Journal", 200, tax_ids=(made.id,)))
    save_tax(shop.uow, shop.ctx, shop.staff, TaxDraft("TVA 3 %", 30_000, TaxInclusion.INCLUDED), made.id)
    found = shop.uow.catalogue.item(item.id)  # type: ignore[union-attr]
    assert found is not None
    assert [rate.rate_ppm for rate in found.tax_rates] == [30_000]
    assert shop.uow.audit.of_subject("tax:tva-2.1")[-1].params["before_ppm"] == 21_000
    refused = remove_tax(shop.uow, shop.ctx, shop.staff, made.id)
    assert refused == Refused(Refusal.TAX_IN_USE, {"items": 1})


@pytest.mark.parametrize("locale", ["fr-CA", "fr-FR", "en-US", "fr-CH"])
def test_a_country_brings_its_taxes(shop: Counter, locale: str) -> None:
    # part of row 198
    usual = preset(locale)
    assert usual is not None
    settings = replace(shop_settings(shop.uow), country=usual.country, default_language=usual.language)
    shop.uow.shop.save(settings)
    there = {rate.name for rate in shop.uow.catalogue.tax_rates()}
    added = add_usual_taxes(shop.uow, shop.ctx, shop.staff)
    assert {rate.name for rate in added} == {rate.name for rate in usual.taxes} - there
    assert {rate.name for rate in usual.taxes} <= {rate.name for rate in shop.uow.catalogue.tax_rates()}
    assert add_usual_taxes(shop.uow, shop.ctx, shop.staff) == ()
    noted = [shop.uow.audit.of_subject(f"tax:{rate.id}")[-1].action for rate in added]
    assert noted == [AuditAction.TAX_CHANGED] * len(added)


def test_who_does_not_keep_the_catalogue_changes_no_tax(shop: Counter) -> None:
    with pytest.raises(PermissionDeniedError):
        add_usual_taxes(shop.uow, shop.ctx, shop.cashier)
    with pytest.raises(PermissionDeniedError):
        save_category(shop.uow, shop.ctx, shop.cashier, "x")
