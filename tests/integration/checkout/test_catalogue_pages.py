"""The catalogue's pages: what they show, take, refuse and keep; and what the till says of an unknown code."""

import re

from loyalty.domain.catalogue import Item
from loyalty.domain.catalogue_edit import ItemDraft, VariationDraft
from loyalty.services.keep_items import add_item
from messaging.events.code_read import CodeRead
from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk


def item_named(counter: Counter, name: str) -> Item:
    with counter.database.reading() as unit:
        return next(item for item in unit.catalogue.all_items() if item.name == name)


def save(counter: Counter, draft: ItemDraft) -> Item:
    with counter.database.unit_of_work() as unit:
        made = add_item(unit, counter.station.ctx, counter.shop.staff, draft)
        unit.commit()
    assert isinstance(made, Item), made
    return made


def test_only_who_keeps_the_catalogue_sees_it(counter: Counter) -> None:
    async def visit() -> None:
        async with desk(counter, "caisse") as cashier:
            for path in ("/catalogue", "/catalogue/new", "/catalogue/categories", "/catalogue/taxes"):
                assert (await cashier.get(path)).status_code == 403, path
            assert (await cashier.fill("/catalogue/new", name="x", price="1")).status_code == 403

    run(visit())


def test_the_list_is_by_shelf_and_finds_by_name_and_barcode(counter: Counter) -> None:
    save(counter, ItemDraft("Savon", 350, barcode="036000291452", variations=(VariationDraft("Grand", 500),)))

    async def visit() -> None:
        async with desk(counter) as owner:
            everything = await owner.page("/catalogue")
            assert everything.index("Savon") > everything.index("Without a category")
            by_name = await owner.page("/catalogue?q=savo")
            assert "1 item" in by_name
            assert "Grand 5,00 €" in by_name
            # the same number as the scanner reads it, with the zero of an EAN-13
            assert "Savon" in await owner.page("/catalogue?q=0036000291452")
            nothing = await owner.page("/catalogue?q=4006381333931")
            assert "/catalogue/new?barcode=4006381333931" in nothing
            assert "Savon" not in await owner.page("/catalogue?state=archived")

    run(visit())


def test_an_item_is_made_changed_archived_and_sold_again(counter: Counter) -> None:
    form = {
        "name": "Thé vert", "price": "4,50", "category": "", "barcode": "3 017620 422003", "position": "5",
        "tax": ["tva-5.5"], "variation_0_name": "Grand", "variation_0_price": "6", "variation_0_barcode": "TV-G",
    }  # fmt: skip

    async def visit() -> None:
        async with desk(counter) as owner:
            made = await owner.fill("/catalogue/new", **form)
            assert (made.status_code, made.headers["location"]) == (303, "/catalogue?done=added")
            item = item_named(counter, "Thé vert")
            assert (item.price_minor, item.barcode, item.position) == (450, "3017620422003", 5)
            page = await owner.page(f"/catalogue/{item.id}")
            assert 'value="TV-G"' in page
            changed = {**form, "name": "Thé noir", "version": "1", "variation_0_name": ""}
            faulty = await owner.fill(f"/catalogue/{item.id}", **{**changed, "price": "abc"})
            assert faulty.status_code == 422
            assert 'value="abc"' in faulty.text
            assert "Thé noir" in faulty.text
            changed |= {"variation_0_price": "", "variation_0_barcode": ""}
            assert (await owner.fill(f"/catalogue/{item.id}", **changed)).status_code == 303
            stale = await owner.fill(f"/catalogue/{item.id}", **{**changed, "name": "Thé blanc"})
            assert stale.status_code == 422
            assert "Somebody else changed this item" in stale.text
            assert 'name="version" value="2"' in stale.text
            assert item_named(counter, "Thé noir").version == 2
            assert (await owner.fill(f"/catalogue/{item.id}/archive")).status_code == 303
            assert "Thé noir" in await owner.page("/catalogue?state=archived")
            other = await owner.fill(
                "/catalogue/new", **{**form, "name": "Autre", "variation_0_barcode": "B"}
            )
            assert other.status_code == 303
            refused = await owner.fill(f"/catalogue/{item.id}/restore")
            assert refused.status_code == 422
            assert "This barcode belongs to “Autre”" in refused.text

    run(visit())


def test_a_barcode_that_is_a_members_is_refused_beside_its_field(counter: Counter) -> None:
    with counter.database.unit_of_work() as unit:
        member = unit.customers.member_by_phone("+33612000001")
        assert member is not None
        reference = member.customer.reference_id
        unit.rollback()

    async def visit() -> None:
        async with desk(counter) as owner:
            refused = await owner.fill("/catalogue/new", name="x", price="1", position="0", barcode=reference)
            assert refused.status_code == 422
            assert "This is a customer’s reference number" in refused.text
            assert 'aria-describedby="barcode-hint barcode-fault"' in refused.text

    run(visit())


def test_a_code_that_nobody_knows_is_told_at_the_till_with_what_was_read(counter: Counter) -> None:
    sale = counter.sell("Croissant")
    counter.send(
        counter.envelope(CodeRead(text="4006381333931", symbology="EAN13", source="camera"), sale=sale)
    )
    counter.settle()
    notice = counter.till().notice
    assert notice is not None
    assert (notice.kind, notice.read) == ("refused", "4006381333931")
    address = "https://shop.example/s/secret-of-a-member"
    counter.send(counter.envelope(CodeRead(text=address, symbology="QRCode", source="camera"), sale=sale))
    counter.settle()
    notice = counter.till().notice
    assert notice is not None
    assert notice.read is None


def test_categories_and_taxes_are_kept_on_their_pages(counter: Counter) -> None:
    async def visit() -> None:
        async with desk(counter) as owner:
            assert (await owner.fill("/catalogue/categories", name="Bazar")).status_code == 303
            again = await owner.fill("/catalogue/categories", name="bazar")
            assert again.status_code == 422
            assert "Another one is called “bazar” already" in again.text
            shown = await owner.page("/catalogue/categories")
            assert re.search(r'value="Bazar"', shown)
            added = await owner.fill("/catalogue/taxes", name="TVA 2,1 %", rate="2,1", inclusion="included")
            assert added.status_code == 303
            wrong = await owner.fill("/catalogue/taxes", name="TVA", rate="101", inclusion="on_top")
            assert wrong.status_code == 422
            assert "A percentage from 0 to 100" in wrong.text
            assert (await owner.fill("/catalogue/taxes/usual")).status_code == 303
            assert (await owner.page("/catalogue/taxes")).count('value="TVA 10 %"') == 1
            assert (await owner.fill("/catalogue/taxes/tva-2.1/remove")).status_code == 303
            assert "2.1%" not in await owner.page("/catalogue/taxes")

    run(visit())
