from datetime import timedelta
from uuid import UUID

import pytest

from codes import CardSigner
from codes.card import STEP_S
from loyalty.domain.catalogue import Item
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.identification import Attachment, IdentificationMethod
from loyalty.domain.sale import Sale
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused
from loyalty.services.attach import Identified
from loyalty.services.basket import hold_sale
from loyalty.services.identify import ItemRead, NumberUnknown, identify_by_number, read_code
from loyalty.services.quote import quote_sale
from loyalty.services.redeem import redeem_by_staff
from loyalty.services.replace_card import replace_card
from loyalty.services.staff_at_sale import confirm_discount
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.shop import CAMILLE, IDRIS, SIGNER, UNKNOWN, ZOE, Counter, evidence


def read(
    shop: Counter, sale: Sale | None, text: str, symbology: str = "QRCode", session_id: UUID | None = None
) -> Identified | ItemRead | Refused:
    return read_code(shop.uow, shop.ctx, evidence(sale, session_id), text, symbology)


def identified(answer: object) -> Identified:
    assert isinstance(answer, Identified), answer
    return answer


def step_now(clock: FakeClock) -> int:
    return int(clock.now().timestamp()) // STEP_S


def test_a_typed_number_is_trust_zero(shop: Counter) -> None:
    # rows 116, 135
    sale = shop.sale("Croissant")
    found = identified(identify_by_number(shop.uow, shop.ctx, evidence(sale), "06 12 00 00 01"))
    assert (found.method, found.trust) == (IdentificationMethod.TYPED_NUMBER, Trust.TYPED)
    assert found.attachment is Attachment.ATTACHED


def test_an_unknown_number_is_noted_and_attaches_nobody(shop: Counter) -> None:
    # row 170
    sale = shop.sale("Croissant")
    assert identify_by_number(shop.uow, shop.ctx, evidence(sale), UNKNOWN) == NumberUnknown(UNKNOWN)  # type: ignore[arg-type]
    assert shop.now(sale) == sale


def test_a_typed_number_that_is_none_is_refused(shop: Counter) -> None:
    answer = identify_by_number(shop.uow, shop.ctx, evidence(None), "12")
    assert answer == Refused(Refusal.PHONE_NUMBER_INVALID)


def test_a_printed_card_puts_the_member_on_the_sale_at_trust_two(shop: Counter) -> None:
    # rows 76, 112, 169
    sale = shop.sale("Croissant")
    found = identified(read(shop, sale, SIGNER.static(shop.card(CAMILLE).id)))
    assert (found.method, found.trust) == (IdentificationMethod.SIGNED_CARD, Trust.SIGNED)
    member = shop.now(sale).member
    assert member is not None
    assert member.customer_id == shop.member(CAMILLE).customer.id


def test_a_card_in_lower_case_is_the_same_card(shop: Counter) -> None:
    text = SIGNER.static(shop.card(CAMILLE).id).lower()
    assert identified(read(shop, shop.sale(), text)).trust is Trust.SIGNED


def test_a_fresh_rotating_code_is_proof_the_first_time_only(shop: Counter, clock: FakeClock) -> None:
    # row 169
    text = SIGNER.rotating(shop.card(CAMILLE).id, step_now(clock))
    assert identified(read(shop, None, text)).trust is Trust.PROVEN
    assert identified(read(shop, None, text)).trust is Trust.SIGNED


@pytest.mark.parametrize(("age", "trust"), [(-1, 3), (1, 3), (-2, 2), (2, 2), (100_000, 2)])
def test_a_rotating_code_is_fresh_for_a_step_to_either_side(
    shop: Counter, clock: FakeClock, age: int, trust: int
) -> None:
    # row 169
    text = SIGNER.rotating(shop.card(CAMILLE).id, step_now(clock) - age)
    assert identified(read(shop, None, text)).trust == trust


def test_a_bare_reference_is_trust_one_with_its_zeros(shop: Counter) -> None:
    # rows 91, 100, 169, X10
    found = identified(read(shop, shop.sale("Croissant"), "000123456", "Code128"))
    assert (found.method, found.trust) == (IdentificationMethod.REFERENCE, Trust.REFERENCE)
    assert found.member.customer.given_name == "Camille"
    assert read(shop, None, "123456") == Refused(Refusal.NOT_RECOGNISED, {"detail": "unknown_reference"})


@pytest.mark.parametrize(
    "address",
    ["https://lumen.example/m?ref=000123456", "http://x.example/c/000123456", "https://x.example/#000123456"],
)
def test_an_address_that_contains_a_reference_is_trust_one(shop: Counter, address: str) -> None:
    # row 100
    assert identified(read(shop, None, address)).trust is Trust.REFERENCE


def test_an_address_that_names_two_members_names_nobody(shop: Counter) -> None:
    answer = read(shop, None, "https://x.example/000123456?other=000123457")
    assert isinstance(answer, Refused)
    assert answer.reason is Refusal.NOT_RECOGNISED


def test_a_customer_without_a_reference_is_not_found_by_scan(shop: Counter) -> None:
    # row 92
    shop.uow.customers.add(Customer(new_id(), CustomerSource.DIRECTORY, shop.ctx.clock.now(), given_name="X"))
    for text in ("None", "", " ", "null", "0"):
        assert isinstance(read(shop, None, text), Refused)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("not a member", Refusal.NOT_RECOGNISED),
        ("0001234567", Refusal.NOT_RECOGNISED),
        ("a\x00b", Refusal.NOT_RECOGNISED),
        ("x" * 10_000, Refusal.NOT_RECOGNISED),
        ("\ufffd\ufffd", Refusal.NOT_RECOGNISED),
        ("CM1" + "A" * 140, Refusal.CODE_MALFORMED),
        ("CM1" + "é" * 140, Refusal.CODE_MALFORMED),
    ],
)
def test_what_is_no_code_of_ours_is_not_recognised(shop: Counter, text: str, reason: Refusal) -> None:
    sale = shop.sale("Croissant")
    answer = read(shop, sale, text)
    assert isinstance(answer, Refused)
    assert answer.reason is reason
    assert shop.now(sale) == sale


def test_a_card_of_another_shop_is_refused(shop: Counter) -> None:
    stranger = CardSigner(b"\x07" * 32)
    answer = read(shop, None, stranger.static(shop.card(CAMILLE).id))
    assert answer == Refused(Refusal.CODE_OF_ANOTHER_SHOP)


def test_a_card_with_a_wrong_signature_is_refused(shop: Counter) -> None:
    text = SIGNER.static(shop.card(CAMILLE).id)
    forged = text[:60] + ("A" if text[60] != "A" else "B") + text[61:]
    assert read(shop, None, forged) == Refused(Refusal.CODE_SIGNATURE_WRONG)


def test_a_signed_card_that_was_never_issued_is_not_recognised(shop: Counter) -> None:
    answer = read(shop, None, SIGNER.static(new_id()))
    assert isinstance(answer, Refused)
    assert answer.reason is Refusal.NOT_RECOGNISED


def test_a_replaced_card_is_refused_at_once_and_the_new_one_has_the_points(shop: Counter) -> None:
    # row 200
    old = shop.card(CAMILLE)
    new = replace_card(shop.uow, shop.ctx, shop.member(CAMILLE).customer.id, shop.staff)
    assert read(shop, None, SIGNER.static(old.id)) == Refused(Refusal.CARD_REVOKED)
    found = identified(read(shop, None, SIGNER.static(new.id)))
    assert found.member.account is not None
    assert found.member.account.balance == 34


def test_an_item_goes_into_the_sale_that_was_shown(shop: Counter) -> None:
    sale = shop.sale()
    answer = read(shop, sale, "3700123400024", "EAN13")
    assert isinstance(answer, ItemRead)
    assert [line.name for line in answer.sale.lines] == ["Miel de lavande, 500 g"]


def test_an_item_for_no_sale_or_a_closed_one_is_refused(shop: Counter) -> None:
    answer = read(shop, None, "3700123400024", "EAN13")
    assert isinstance(answer, Refused)
    assert answer.reason is Refusal.SALE_UNKNOWN
    sale = shop.sale("Croissant")
    shop.pay(sale)
    answer = read(shop, sale, "3700123400024", "EAN13")
    assert isinstance(answer, Refused)
    assert answer.reason is Refusal.SALE_CLOSED


def test_a_text_that_is_both_is_an_item_in_a_retail_code_and_a_member_elsewhere(shop: Counter) -> None:
    shop.uow.catalogue.save_item(Item(new_id(), "Jeu", 500, None, barcode="000123456"))
    sale = shop.sale()
    assert isinstance(read(shop, sale, "000123456", "EAN13"), ItemRead)
    assert isinstance(read(shop, sale, "000123456", "Code128"), Identified)


def test_the_discount_is_there_whatever_the_way_the_member_came(shop: Counter) -> None:
    # rows 79, 110, 112
    ways = {
        "card": lambda sale: read(shop, sale, SIGNER.static(shop.card(CAMILLE).id)),
        "reference": lambda sale: read(shop, sale, "000123456"),
    }
    for number, way in enumerate(ways.values()):
        sale = shop.sale("Tasse en grès")
        identified(way(sale))
        quote = quote_sale(shop.uow, shop.now(sale))
        assert (quote.discount_minor, quote.total_minor) == (160, 1440)
        shop.pay(sale, key=f"way-{number}")


def test_a_surer_identification_of_the_same_member_raises_the_trust(shop: Counter) -> None:
    sale = shop.sale("Croissant")
    identify_by_number(shop.uow, shop.ctx, evidence(sale), CAMILLE)
    found = identified(read(shop, sale, SIGNER.static(shop.card(CAMILLE).id)))
    assert found.attachment is Attachment.RAISED
    again = identified(identify_by_number(shop.uow, shop.ctx, evidence(sale), CAMILLE))
    assert again.attachment is Attachment.UNCHANGED
    member = shop.now(sale).member
    assert member is not None
    assert member.trust is Trust.SIGNED


def test_a_typed_number_does_not_push_out_a_scanned_member(shop: Counter) -> None:
    sale = shop.sale("Croissant")
    read(shop, sale, SIGNER.static(shop.card(CAMILLE).id))
    found = identified(identify_by_number(shop.uow, shop.ctx, evidence(sale), IDRIS))
    assert found.attachment is Attachment.OTHER_MEMBER
    assert found.sale is None
    member = shop.now(sale).member
    assert member is not None
    assert member.customer_id == shop.member(CAMILLE).customer.id


@pytest.mark.parametrize("confirmed", ["discount", "reward"])
def test_a_typed_number_takes_nothing_off_that_staff_confirmed(shop: Counter, confirmed: str) -> None:
    # row 170, X15
    sale = shop.sale("Tasse en grès")
    identify_by_number(shop.uow, shop.ctx, evidence(sale), ZOE)
    if confirmed == "discount":
        confirm_discount(shop.uow, sale.id, shop.cashier)
    else:
        tier = shop.uow.programme.current().tiers[0]  # type: ignore[union-attr]
        redeem_by_staff(shop.uow, shop.ctx, sale.id, tier.id, shop.cashier)
    before = shop.now(sale)
    assert quote_sale(shop.uow, before).discounts
    identify_by_number(shop.uow, shop.ctx, evidence(sale), UNKNOWN)
    found = identified(identify_by_number(shop.uow, shop.ctx, evidence(sale), IDRIS))
    assert found.attachment is Attachment.OTHER_MEMBER
    assert shop.now(sale) == before, "known or unknown, the screen shows the same"


def test_a_number_typed_again_corrects_the_one_before(shop: Counter) -> None:
    sale = shop.sale("Tasse en grès")
    identify_by_number(shop.uow, shop.ctx, evidence(sale), ZOE)
    found = identified(identify_by_number(shop.uow, shop.ctx, evidence(sale), IDRIS))
    assert found.attachment is Attachment.REPLACED


def test_a_second_card_replaces_the_first_and_takes_its_rewards_off(shop: Counter) -> None:
    sale = shop.sale("Croissant")
    read(shop, sale, SIGNER.static(shop.card(CAMILLE).id))
    found = identified(read(shop, sale, SIGNER.static(shop.card(ZOE).id)))
    assert found.attachment is Attachment.REPLACED
    assert shop.now(sale).rewards == ()


def test_a_late_scan_is_recorded_and_attaches_to_nothing(shop: Counter) -> None:
    # row 171, X14
    session = new_id()
    first = shop.sale("Croissant")
    shop.pay(first)
    second = shop.sale("Croissant")
    text = SIGNER.static(shop.card(CAMILLE).id)
    found = identified(read(shop, first, text, session_id=session))
    assert (found.attachment, found.sale) == (Attachment.SALE_CLOSED, None)
    assert shop.now(second).member is None
    record = shop.uow.identifications.last_of_session(session)
    assert record is not None
    assert (record.sale_id, record.attachment) == (None, Attachment.SALE_CLOSED)


def test_a_scan_of_an_ended_session_attaches_to_nothing(shop: Counter) -> None:
    # row 171
    session = new_id()
    sale = shop.sale("Croissant")
    shop.uow.sessions.end(session, "s0001.k01", "idle", shop.ctx.clock.now())
    found = identified(read(shop, sale, "000123456", session_id=session))
    assert found.attachment is Attachment.SESSION_ENDED
    assert shop.now(sale).member is None


def test_a_scan_where_no_sale_was_shown_attaches_to_none(shop: Counter) -> None:
    # X14
    sale = shop.sale("Croissant")
    assert identified(read(shop, None, "000123456")).attachment is Attachment.NO_SALE
    assert shop.now(sale).member is None


def test_a_held_sale_gets_nobody(shop: Counter) -> None:
    # X14
    sale = shop.sale("Croissant")
    hold_sale(shop.uow, sale.id, shop.staff)
    assert identified(read(shop, sale, "000123456")).attachment is Attachment.SALE_CLOSED


def test_the_devices_clock_decides_nothing(shop: Counter, clock: FakeClock) -> None:
    # X14: every header of these tests says 1970
    clock.advance(timedelta(days=400).total_seconds())
    found = identified(read(shop, shop.sale("Croissant"), "000123456"))
    assert found.attachment is Attachment.ATTACHED
