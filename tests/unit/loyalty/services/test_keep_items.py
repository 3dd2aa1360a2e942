"""The catalogue's items: what is taken, what is refused, and what one scan means."""

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from loyalty.domain.audit import AuditAction
from loyalty.domain.barcode import barcode_spellings, check_digit
from loyalty.domain.catalogue import Item
from loyalty.domain.catalogue_edit import MAX_NAME_CHARS, ItemDraft, VariationDraft
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import PermissionDeniedError
from loyalty.services.attach import Identified
from loyalty.services.code_clash import why_no_barcode, why_no_reference
from loyalty.services.context import ServiceContext
from loyalty.services.find_goods import good_by_barcode
from loyalty.services.identify import ItemRead, read_code
from loyalty.services.keep_items import ItemFaults, add_item, archive_item, change_item, restore_item
from runtime.ids import new_id
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import CAMILLE, SIGNER, Counter, counter, evidence

HONEY = "3017620422003"


def kept(answer: Item | ItemFaults | Refused) -> Item:
    assert isinstance(answer, Item), answer
    return answer


def reasons(answer: Item | ItemFaults) -> dict[str, Refusal]:
    assert isinstance(answer, ItemFaults), answer
    return {field: refused.reason for field, refused in answer.by_field.items()}


def add(shop: Counter, name: str = "Tisane", barcode: str | None = None, *more: VariationDraft) -> Item:
    draft = ItemDraft(name, 450, barcode=barcode, variations=more)
    return kept(add_item(shop.uow, shop.ctx, shop.staff, draft))


def customer(shop: Counter, reference_id: str) -> Customer:
    made = Customer(new_id(), CustomerSource.DEMO, shop.ctx.clock.now(), reference_id=reference_id)
    shop.uow.customers.add(made)
    return made


def test_an_item_is_kept_with_its_variations_and_noted(shop: Counter) -> None:
    large = VariationDraft("Grande", 550, "LAT-G")
    item = add(shop, "  Latte\u202e  ", None, VariationDraft("Petite", 400), large)
    assert item.name == "Latte"
    assert [each.name for each in shop.uow.catalogue.variations(item.id)] == ["Petite", "Grande"]
    noted = shop.uow.audit.of_subject(f"item:{item.id}")
    assert [entry.action for entry in noted] == [AuditAction.ITEM_ADDED]
    assert noted[0].params == {"name": "Latte", "price_minor": 450}


def test_who_does_not_keep_the_catalogue_changes_nothing(shop: Counter) -> None:
    with pytest.raises(PermissionDeniedError):
        add_item(shop.uow, shop.ctx, shop.cashier, ItemDraft("Thé", 300))
    item = add(shop)
    with pytest.raises(PermissionDeniedError):
        archive_item(shop.uow, shop.ctx, shop.cashier, item.id)


def test_two_who_change_one_item_do_not_overwrite_each_other(shop: Counter) -> None:
    item = add(shop)
    first = ItemDraft("Tisane verte", 470)
    changed = kept(change_item(shop.uow, shop.ctx, shop.staff, first, item_id=item.id, seen=1))
    assert (changed.version, changed.price_minor) == (2, 470)
    second = ItemDraft("Tisane rouge", 480)
    refused = change_item(shop.uow, shop.ctx, shop.staff, second, item_id=item.id, seen=1)
    assert isinstance(refused, ItemFaults)
    assert reasons(refused) == {"item": Refusal.ITEM_CHANGED_MEANWHILE}
    assert shop.uow.catalogue.item(item.id) == changed


def test_names_and_places_that_do_not_fit_are_refused_each_at_its_field(shop: Counter) -> None:
    draft = ItemDraft(
        "\u202e", 100, category_id=new_id(), tax_ids=("nowhere",), barcode="a+b",
        variations=(VariationDraft("x" * (MAX_NAME_CHARS + 1), 1, "y" * 65),),
    )  # fmt: skip
    assert reasons(add_item(shop.uow, shop.ctx, shop.staff, draft)) == {  # type: ignore[arg-type]
        "name": Refusal.NAME_INVALID,
        "category": Refusal.CATEGORY_UNKNOWN,
        "taxes": Refusal.TAX_UNKNOWN,
        "barcode": Refusal.BARCODE_UNREADABLE,
        "variation_0_name": Refusal.NAME_TOO_LONG,
        "variation_0_barcode": Refusal.BARCODE_TOO_LONG,
    }


def test_a_variation_that_is_left_out_is_archived_and_two_may_change_barcodes(shop: Counter) -> None:
    item = add(shop, "Latte", None, VariationDraft("S", 1, "A-1"), VariationDraft("L", 2, "A-2"))
    small, large = shop.uow.catalogue.variations(item.id)
    swapped = ItemDraft(
        "Latte", 450,
        variations=(VariationDraft("L", 2, "A-1", large.id), VariationDraft("S", 1, "A-2", small.id)),
    )  # fmt: skip
    kept(change_item(shop.uow, shop.ctx, shop.staff, swapped, item_id=item.id, seen=1))
    assert [each.id for each in shop.uow.catalogue.variations(item.id)] == [large.id, small.id]
    without = ItemDraft("Latte", 450, variations=(VariationDraft("L", 2, "A-1", large.id),))
    kept(change_item(shop.uow, shop.ctx, shop.staff, without, item_id=item.id, seen=2))
    assert [each.name for each in shop.uow.catalogue.variations(item.id)] == ["L"]
    assert good_by_barcode(shop.uow, "A-2") is None


def test_an_archived_item_frees_its_barcode_and_comes_back_without_taking_one(shop: Counter) -> None:
    item = add(shop, "Miel", HONEY)
    archived = kept(archive_item(shop.uow, shop.ctx, shop.staff, item.id))
    assert not archived.is_active
    assert good_by_barcode(shop.uow, HONEY) is None
    other = add(shop, "Autre miel", HONEY)
    refused = restore_item(shop.uow, shop.ctx, shop.staff, item.id)
    assert refused == Refused(Refusal.BARCODE_TAKEN, {"item": "Autre miel"})
    archive_item(shop.uow, shop.ctx, shop.staff, other.id)
    assert kept(restore_item(shop.uow, shop.ctx, shop.staff, item.id)).is_active


def test_one_number_in_two_lengths_is_one_barcode(shop: Counter) -> None:
    add(shop, "Savon", "036000291452")
    fault = add_item(shop.uow, shop.ctx, shop.staff, ItemDraft("Autre", 1, barcode="0 036000 291452"))
    assert reasons(fault) == {"barcode": Refusal.BARCODE_TAKEN}  # type: ignore[arg-type]
    both = ItemDraft("Y", 1, barcode="04252614", variations=(VariationDraft("v", 1, "042100005264"),))
    assert reasons(add_item(shop.uow, shop.ctx, shop.staff, both)) == {  # type: ignore[arg-type]
        "variation_0_barcode": Refusal.BARCODE_TAKEN
    }


def test_a_membership_code_is_no_barcode(shop: Counter) -> None:
    customer(shop, "000777")
    card = SIGNER.static(new_id())
    address = "https://shop.example/m?ref=000777"
    assert why_no_barcode(shop.uow, card) == Refused(Refusal.BARCODE_IS_MEMBERSHIP_CODE)
    assert why_no_barcode(shop.uow, address) == Refused(Refusal.BARCODE_IS_MEMBERSHIP_CODE)
    assert why_no_barcode(shop.uow, "000777") == Refused(Refusal.BARCODE_IS_REFERENCE)
    customer(shop, "000777")
    assert why_no_barcode(shop.uow, "000777") == Refused(Refusal.BARCODE_IS_REFERENCE)
    assert why_no_barcode(shop.uow, "00777") is None


def test_an_items_barcode_is_no_reference(shop: Counter) -> None:
    add(shop, "Savon", "036000291452", VariationDraft("Grand", 1, "SAV-G"))
    assert why_no_reference(shop.uow, "0036000291452") == Refused(
        Refusal.REFERENCE_IS_BARCODE, {"item": "Savon"}
    )
    assert why_no_reference(shop.uow, "SAV-G") == Refused(
        Refusal.REFERENCE_IS_BARCODE, {"item": "Savon, Grand"}
    )
    assert why_no_reference(shop.uow, "sav-g") is None


@pytest.mark.parametrize("read", ["036000291452", "0036000291452"])
def test_a_scan_adds_the_item_in_whichever_length_it_is_read(shop: Counter, read: str) -> None:
    add(shop, "Savon", "036000291452")
    sale = shop.sale("Croissant")
    answer = read_code(shop.uow, shop.ctx, evidence(sale), read, "EAN13")
    assert isinstance(answer, ItemRead)
    assert [line.name for line in shop.now(sale).lines] == ["Croissant", "Savon"]


def test_a_scan_of_a_variation_adds_that_variation(shop: Counter) -> None:
    item = add(shop, "Latte", None, VariationDraft("Grand", 550, "LAT-G"))
    sale = shop.sale("Croissant")
    answer = read_code(shop.uow, shop.ctx, evidence(sale), "LAT-G", "Code128")
    assert isinstance(answer, ItemRead)
    added = shop.now(sale).lines[-1]
    assert (added.item_id, added.name, added.unit_price_minor) == (item.id, "Latte, Grand", 550)


_BODY = st.text("0123456789", min_size=11, max_size=11)
_CODES = st.one_of(
    _BODY.map(lambda body: body + check_digit(body)),
    _BODY.map(lambda body: f"0{body}{check_digit(body)}"),
    st.text("0123456789", min_size=1, max_size=8),
    st.from_regex(r"[A-Za-z0-9][A-Za-z0-9 ._/-]{0,6}[A-Za-z0-9]", fullmatch=True),
    st.sampled_from(["04252614", "042100005264", "0042100005264", "REF-1", "000777"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    entries=st.lists(st.tuples(st.booleans(), _CODES), max_size=8),
    symbology=st.sampled_from(["unknown", "Code128", "QRCode", "EAN13", "UPCA"]),
)
def test_a_code_names_at_most_one_thing_and_always_the_same(
    ctx: ServiceContext, entries: list[tuple[bool, str]], symbology: str
) -> None:
    """Whatever is entered in whatever order, once the checks are asked a scan means one thing in every length."""
    # row 106
    with InMemoryDatabase().unit_of_work() as uow:
        _enter_and_read(counter(uow, ctx), entries, symbology)


def _enter_and_read(shop: Counter, entries: list[tuple[bool, str]], symbology: str) -> None:
    meant: dict[str, UUID] = {}
    for is_item, code in entries:
        if is_item:
            added = add_item(shop.uow, shop.ctx, shop.staff, ItemDraft("x", 1, barcode=code))
            if isinstance(added, Item):
                meant.update(dict.fromkeys(barcode_spellings(added.barcode or ""), added.id))
        elif why_no_reference(shop.uow, code) is None and not shop.uow.customers.is_reference(code):
            meant[code] = customer(shop, code).id
    sale = shop.sale("Croissant")
    for code, subject in meant.items():
        answer = read_code(shop.uow, shop.ctx, evidence(sale), code, symbology)
        again = read_code(shop.uow, shop.ctx, evidence(None), code, symbology)
        if isinstance(answer, ItemRead):
            assert answer.good.item.id == subject
            assert isinstance(again, Refused)
        else:
            assert isinstance(answer, Identified), (code, answer)
            assert answer.member.customer.id == subject


def test_a_signed_card_is_never_an_item_whatever_the_catalogue_holds(shop: Counter) -> None:
    card = SIGNER.static(shop.card(CAMILLE).id)
    shop.uow.catalogue.save_item(Item(new_id(), "Pris", 1, None, barcode=card))
    answer = read_code(shop.uow, shop.ctx, evidence(shop.sale("Croissant")), card, "EAN13")
    assert isinstance(answer, Identified)
