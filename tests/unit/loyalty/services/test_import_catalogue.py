"""Items from files: what rows come to, why some are refused, and that a second time changes nothing."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.domain.catalogue_edit import ItemDraft, VariationDraft
from loyalty.domain.catalogue_import import CatalogueRow, ImportPlan, Planned
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.why import Refusal
from loyalty.errors import PermissionDeniedError
from loyalty.services.context import ServiceContext
from loyalty.services.import_catalogue import slices, store_planned
from loyalty.services.keep_items import add_item, change_item
from loyalty.services.plan_catalogue_import import plan_import
from runtime.ids import new_id
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import Counter, counter

ROWS = (
    CatalogueRow(2, "Thé vert", 450, category="Thés", tax_names=("TVA 10 %",), barcode="036000291452"),
    CatalogueRow(3, "Latte", 400, variation="Petit", category="Café", tax_names=("TVA 10 %",)),
    CatalogueRow(4, "Latte", 550, variation="Grand", category="Café", barcode="LAT-G"),
    CatalogueRow(5, "Savon", 390),
)


def take_in(shop: Counter, rows: tuple[CatalogueRow, ...]) -> ImportPlan:
    plan = plan_import(shop.uow, rows)
    for part in slices(plan.to_store):
        store_planned(shop.uow, shop.ctx, shop.staff, part)
    return plan


def kinds(plan: ImportPlan) -> list[str]:
    return [each.kind.value for each in plan.items]


def test_a_file_is_taken_in_and_a_second_time_changes_nothing(shop: Counter) -> None:
    plan = plan_import(shop.uow, ROWS)
    assert plan.faults == ()
    assert kinds(plan) == ["new", "new", "new"]
    assert plan.new_categories == ("Thés",)
    take_in(shop, ROWS)
    latte = next(item for item in shop.uow.catalogue.items() if item.name == "Latte")
    sold = [(each.name, each.price_minor) for each in shop.uow.catalogue.variations(latte.id)]
    assert sold == [("Petit", 400), ("Grand", 550)]
    assert [rate.name for rate in latte.tax_rates] == ["TVA 10 %"]
    before = list(shop.uow.catalogue.all_items())
    again = take_in(shop, ROWS)
    assert kinds(again) == ["same", "same", "same"]
    assert again.to_store == ()
    assert list(shop.uow.catalogue.all_items()) == before


def test_a_changed_cell_changes_its_item_and_what_the_file_leaves_out_stays(shop: Counter) -> None:
    take_in(shop, ROWS)
    plan = take_in(shop, (CatalogueRow(2, "thé vert", 480, barcode="0036000291452"),))
    assert kinds(plan) == ["changed"]
    tea = next(item for item in shop.uow.catalogue.items() if item.name.casefold() == "thé vert")
    assert (tea.price_minor, tea.version) == (480, 2)
    assert [rate.name for rate in tea.tax_rates] == ["TVA 10 %"]
    shelves = {each.id: each.name for each in shop.uow.catalogue.categories()}
    assert shelves[tea.category_id] == "Thés"  # type: ignore[index]


def test_each_fault_is_told_at_its_line_and_column_and_leaves_its_item_out(shop: Counter) -> None:
    reference = Customer(new_id(), CustomerSource.DEMO, shop.ctx.clock.now(), reference_id="000777")
    shop.uow.customers.add(reference)
    rows = (
        CatalogueRow(2, "A", 100, barcode="000777"),
        CatalogueRow(3, "B", 100, tax_names=("TVA 99 %",)),
        CatalogueRow(4, "C", 100, barcode="036000291452"),
        CatalogueRow(5, "D", 100, barcode="0036000291452"),
        CatalogueRow(6, "E", 100, variation="x" * 90),
        CatalogueRow(7, "F", 100, item_id=new_id()),
        CatalogueRow(8, "G", 100),
    )
    plan = plan_import(shop.uow, rows)
    assert {(each.line, each.column, each.refused.reason) for each in plan.faults} == {
        (2, "barcode", Refusal.BARCODE_IS_REFERENCE),
        (3, "taxes", Refusal.TAX_UNKNOWN),
        (5, "barcode", Refusal.BARCODE_TAKEN),
        (6, "variation", Refusal.NAME_TOO_LONG),
        (7, "id", Refusal.ITEM_UNKNOWN),
    }
    assert [each.draft.name for each in plan.items] == ["C", "G"]


def test_two_items_of_one_name_are_told_apart_by_their_number(shop: Counter) -> None:
    first = add_item(shop.uow, shop.ctx, shop.staff, ItemDraft("Confiture", 500))
    add_item(shop.uow, shop.ctx, shop.staff, ItemDraft("Confiture", 600))
    by_name = plan_import(shop.uow, (CatalogueRow(2, "Confiture", 700),))
    assert [each.refused.reason for each in by_name.faults] == [Refusal.NAMED_TWICE]
    by_number = take_in(shop, (CatalogueRow(2, "Confiture de figues", 700, item_id=first.id),))  # type: ignore[union-attr]
    assert kinds(by_number) == ["changed"]
    assert shop.uow.catalogue.item(first.id).name == "Confiture de figues"  # type: ignore[union-attr]


def test_what_somebody_changed_since_the_look_is_left_as_it_is(shop: Counter) -> None:
    item = add_item(
        shop.uow, shop.ctx, shop.staff, ItemDraft("Thé", 300, variations=(VariationDraft("S", 1),))
    )
    plan = plan_import(shop.uow, (CatalogueRow(2, "Thé", 350),))
    change_item(shop.uow, shop.ctx, shop.staff, ItemDraft("Thé", 320), item_id=item.id, seen=1)  # type: ignore[union-attr]
    assert store_planned(shop.uow, shop.ctx, shop.staff, plan.to_store) == 0
    assert shop.uow.catalogue.item(item.id).price_minor == 320  # type: ignore[union-attr]


def test_who_does_not_keep_the_catalogue_stores_nothing(shop: Counter) -> None:
    plan = plan_import(shop.uow, ROWS)
    with pytest.raises(PermissionDeniedError):
        store_planned(shop.uow, shop.ctx, shop.cashier, plan.to_store)


_ROWS = st.builds(
    CatalogueRow,
    line=st.integers(2, 60),
    name=st.sampled_from(["A", "a", "B", "Croissant", "\u202e", "x" * 90]),
    price_minor=st.integers(0, 500),
    variation=st.none() | st.sampled_from(["S", "s", "L", "\u202e"]),
    category=st.none() | st.sampled_from(["Café", "café", "Neuf"]),
    tax_names=st.none() | st.sampled_from([(), ("TVA 10 %",), ("rien",)]),
    barcode=st.none() | st.sampled_from(["1", "2", "036000291452", "0036000291452", "a+b", "000123456"]),
    position=st.none() | st.integers(0, 3),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80, deadline=None)
@given(rows=st.lists(_ROWS, max_size=8))
def test_whatever_rows_come_a_second_time_changes_nothing(
    ctx: ServiceContext, rows: list[CatalogueRow]
) -> None:
    with InMemoryDatabase().unit_of_work() as uow:
        shop = counter(uow, ctx)
        numbered = tuple(replace(row, line=at + 2) for at, row in enumerate(rows))
        first = take_in(shop, numbered)
        again = plan_import(shop.uow, numbered)
        assert again.count(Planned.NEW) == again.count(Planned.CHANGED) == 0
        assert len(again.items) == len(first.items)
