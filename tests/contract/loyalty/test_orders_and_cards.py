"""Invoices, online orders and linked payment cards, on each database."""

from dataclasses import replace

import pytest

from loyalty.domain.catalogue import ItemVariation
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.identification import IdentificationMethod
from loyalty.domain.payment_card import CardEntry, CardToken, LinkedCard
from loyalty.domain.pricing.engine import price_sale
from loyalty.domain.profile_settings import ProfileSettings
from loyalty.domain.sale import Sale, SaleChannel, TenderKind
from loyalty.domain.settlement import Offer
from loyalty.domain.trust import Trust
from loyalty.domain.why import Refusal, Refused
from loyalty.errors import ConflictError, InvalidValueError, PermissionDeniedError
from loyalty.services.activity import verify_activity
from loyalty.services.attach import Identified
from loyalty.services.basket import add_item
from loyalty.services.complete import Completed, Payment, complete_sale
from loyalty.services.context import ServiceContext
from loyalty.services.late_attachment import AttachedLate, attach_at_receipt
from loyalty.services.paying_card import cards_to_link, link_paying_card
from loyalty.services.payment_card import (
    SeenCard,
    identify_by_card,
    link_card,
    remember_card,
    unlink_card,
)
from loyalty.services.sale_record import sale_record
from loyalty.services.setup import pricing_terms
from loyalty.services.take_order import (
    CHANNEL_LANES,
    Contact,
    OrderedItem,
    OrderTaken,
    PaidOrder,
    preview_order,
    take_order,
)
from loyalty.services.till import till_view
from runtime.ids import new_id
from tests.fakes.clock import FakeClock
from tests.fakes.loyalty import InMemoryDatabase
from tests.fakes.shop import CAMILLE, IDRIS, UNKNOWN, ZOE, Counter, counter

Database = InMemoryDatabase
VISA = CardToken("Visa", "4242", "fp_7Jw0")
AMEX = CardToken("Amex", "0005", "fp_9Kx1")


def order(shop: Counter, channel: SaleChannel, **fields: object) -> PaidOrder:
    given: dict[str, object] = {
        "channel": channel,
        "external_id": "2026-001",
        "items": (OrderedItem(shop.item_id("Tasse en grès")),),
        "contact": Contact("06 12 00 00 02"),
        **fields,
    }
    return PaidOrder(**given)  # type: ignore[arg-type]


def taken(shop: Counter, wanted: PaidOrder) -> OrderTaken:
    done = take_order(shop.uow, shop.ctx, wanted)
    assert isinstance(done, OrderTaken), done
    return done


def reason(answer: object) -> Refusal:
    assert isinstance(answer, Refused), answer
    return answer.reason


def test_an_invoice_earns_from_its_contact_details_once_however_often_it_is_reported(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # rows 114, 123, 124, 126
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        for _ in range(3):
            done = taken(shop, order(shop, SaleChannel.INVOICE))
        assert done.completed.is_repeated
        assert not done.invites
        assert shop.balance(IDRIS) == 24
        next_month = taken(shop, order(shop, SaleChannel.INVOICE, external_id="2026-001/2"))
        assert next_month.completed.receipt.balance_after == 40
        uow.commit()
    clock.advance(1)
    with database.reading() as uow:
        stored = uow.sales.get(done.completed.sale.id)
        assert stored is not None
        assert stored.member is not None
        assert stored.channel is SaleChannel.INVOICE
        earned = uow.customer_activity.points_earned
        assert earned(stored.member.customer_id, SaleChannel.INVOICE) == 32
        assert earned(stored.member.customer_id, SaleChannel.ONLINE) == 0
        lanes = uow.reports.by_lane(stored.opened_at, clock.now())
        assert [(each.sales, each.points_earned) for each in lanes] == [(2, 32)]
        lane = uow.lanes.get(lanes[0].lane_id)
        assert lane is not None
        assert (lane.number, lane.is_active) == (CHANNEL_LANES[SaleChannel.INVOICE], False)


def test_the_payer_of_an_invoice_who_is_no_member_is_invited(database: Database, ctx: ServiceContext) -> None:
    # row 122
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        done = taken(shop, order(shop, SaleChannel.INVOICE, contact=Contact(UNKNOWN)))
        assert done.invites
        assert done.completed.receipt.quote.points_to_earn == 0
        assert taken(shop, order(shop, SaleChannel.INVOICE, external_id="2", contact=Contact())).invites


def test_an_invoice_never_redeems(database: Database, ctx: ServiceContext) -> None:
    # row 125
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        programme = uow.programme.current()
        assert programme is not None
        wanted = order(shop, SaleChannel.INVOICE, contact=Contact(ZOE), tier_ids=(programme.tiers[0].id,))
        assert reason(take_order(uow, ctx, wanted)) is Refusal.INVOICES_EARN_ONLY
        assert shop.balance(ZOE) == 71


def test_an_online_order_earns_and_uses_the_chosen_reward_by_itself(
    database: Database, ctx: ServiceContext
) -> None:
    # row 151
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        programme = uow.programme.current()
        assert programme is not None
        wanted = order(
            shop,
            SaleChannel.ONLINE,
            contact=Contact(ZOE),
            tier_ids=(programme.tiers[0].id, programme.tiers[0].id),
            expected_total_minor=1200,
        )
        done = taken(shop, wanted)
        assert done.completed.receipt.quote.total_minor == 1200
        assert shop.balance(ZOE) == 71 - 20 + 12
        assert taken(shop, wanted).completed.is_repeated
        uow.commit()
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        empty = order(shop, SaleChannel.INVOICE, items=())
        assert preview_order(uow, ctx, empty) == Refused(Refusal.ORDER_EMPTY)
        preview = preview_order(uow, ctx, order(shop, SaleChannel.ONLINE, external_id="next"))
        assert not isinstance(preview, Refused)
        assert preview.points_to_earn == 16
    with database.unit_of_work() as uow:
        assert counter(uow, ctx).balance(IDRIS) == 8


def test_an_order_that_cannot_be_taken_says_why_and_stands_in_nobodys_way(
    database: Database, ctx: ServiceContext
) -> None:
    # row 151
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        programme = uow.programme.current()
        assert programme is not None
        dear = programme.tiers[2].id

        def refused(**fields: object) -> Refusal:
            return reason(take_order(uow, ctx, order(shop, SaleChannel.ONLINE, **fields)))

        assert refused(items=()) is Refusal.ORDER_EMPTY
        assert refused(items=(OrderedItem(new_id()),)) is Refusal.ITEM_UNKNOWN
        item = shop.item_id("Croissant")
        assert refused(items=(OrderedItem(item, 0),)) is Refusal.QUANTITY_OUT_OF_RANGE
        assert refused(items=(OrderedItem(item, -1),)) is Refusal.QUANTITY_OUT_OF_RANGE
        assert refused(tier_ids=(dear,)) is Refusal.NOT_ENOUGH_POINTS
        assert refused(tier_ids=(new_id(),)) is Refusal.TIER_UNKNOWN
        assert refused(tier_ids=(dear,), contact=Contact(UNKNOWN)) is Refusal.NO_MEMBER
        assert refused(expected_total_minor=1) is Refusal.SALE_CHANGED
        assert taken(shop, order(shop, SaleChannel.ONLINE)).completed.receipt.balance_after == 24


def test_paying_with_the_linked_card_brings_the_member_and_the_rewards(
    database: Database, ctx: ServiceContext
) -> None:
    # row 145
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        camille = shop.member(CAMILLE).customer.id
        linked = link_card(uow, ctx, camille, VISA, shop.staff)
        assert isinstance(linked, LinkedCard)
        assert link_card(uow, ctx, camille, VISA, shop.staff) == linked
        other = link_card(uow, ctx, shop.member(ZOE).customer.id, VISA, shop.staff)
        assert reason(other) is Refusal.CARD_OF_ANOTHER_MEMBER
        uow.commit()
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        sale = shop.sale("Tasse en grès")
        assert reason(identify_by_card(uow, ctx, sale.id, AMEX, shop.staff)) is Refusal.CARD_UNKNOWN
        found = identify_by_card(uow, ctx, sale.id, VISA, shop.staff)
        assert isinstance(found, Identified)
        assert (found.method, found.trust) == (IdentificationMethod.PAYMENT_CARD, Trust.SIGNED)
        view = till_view(uow, shop.shop.lane, shop.staff)
        assert view.member is not None
        assert view.member.loyalty is not None
        assert [offer.is_available for offer in view.member.loyalty.rewards][:2] == [True, True]
        offers = (Offer(TenderKind.CARD, 1440, VISA),)
        done = complete_sale(uow, ctx, sale.id, Payment("k", offers=offers), shop.staff)
        assert isinstance(done, Completed)
        assert done.receipt.balance_after == 34 + 14
        uow.commit()
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        stored = uow.sales.get(sale.id)
        assert stored is not None
        assert stored.receipt == done.receipt
        unlinked = unlink_card(uow, ctx, camille, linked.id, shop.staff)
        assert isinstance(unlinked, LinkedCard)
        assert list(uow.linked_cards.of_customer(camille)) == []
        again = unlink_card(uow, ctx, camille, linked.id, shop.staff)
        assert reason(again) is Refusal.CARD_UNKNOWN
        zoe = link_card(uow, ctx, shop.member(ZOE).customer.id, VISA, shop.staff)
        assert isinstance(zoe, LinkedCard)
        with pytest.raises(ConflictError):
            uow.linked_cards.add(replace(zoe, id=new_id()))


def test_only_staff_who_may_identify_link_cards(database: Database, ctx: ServiceContext) -> None:
    # row 145
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        with pytest.raises(PermissionDeniedError):
            link_card(uow, ctx, shop.member(ZOE).customer.id, VISA, shop.cashier)


@pytest.mark.parametrize("fingerprint", ["4242424242424242", "4242 4242 4242 4242", "4242-4242-4242-4242"])
def test_a_card_number_is_refused_at_the_door(fingerprint: str) -> None:
    # row 145
    with pytest.raises(InvalidValueError):
        CardToken("Visa", "4242", fingerprint)


def test_an_unknown_card_makes_a_profile_that_a_member_can_take_over(
    database: Database, ctx: ServiceContext
) -> None:
    # row 2
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        seen = []
        for key in ("one", "two"):
            sale = shop.pay(shop.sale("Croissant"), key).sale
            seen.append(remember_card(uow, ctx, sale.id, AMEX))
        first, second = seen
        assert isinstance(first, SeenCard)
        assert isinstance(second, SeenCard)
        assert (first.is_new, second.is_new) == (True, False)
        assert first.customer == second.customer
        assert first.customer.source is CustomerSource.PAYMENT
        assert reason(remember_card(uow, ctx, sale.id, AMEX)) is Refusal.ANOTHER_MEMBER
        assert reason(remember_card(uow, ctx, new_id(), AMEX)) is Refusal.SALE_UNKNOWN
        assert reason(remember_card(uow, ctx, shop.sale("Croissant").id, AMEX)) is Refusal.SALE_NOT_COMPLETED
        taken_over = link_card(uow, ctx, shop.member(IDRIS).customer.id, AMEX, shop.staff)
        assert isinstance(taken_over, LinkedCard)


def test_who_is_put_on_a_sale_takes_the_place_of_the_profile_that_its_card_made(
    database: Database, ctx: ServiceContext, clock: FakeClock
) -> None:
    # rows 2, 28, part of row 145
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        idris = shop.member(IDRIS).customer.id
        sales = []
        for key in ("one", "two"):
            sale = shop.sale("Tasse en grès")
            total = price_sale(sale, pricing_terms(uow, sale)).total_minor
            offer = Offer(TenderKind.CARD, total, card=VISA)
            done = complete_sale(uow, ctx, sale.id, Payment(key, offers=(offer,)), shop.staff)
            assert isinstance(done, Completed)
            sales.append(done.sale)
            clock.advance(1)
        first, second = sales
        assert first.member is not None
        bare = first.member.customer_id
        assert cards_to_link(uow, second) == ()
        uow.commit()
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        before = shop.balance(IDRIS)
        record = sale_record(uow, ctx, second.id, shop.staff)
        assert record is not None
        assert record.may_attach
        late = attach_at_receipt(uow, ctx, second.id, idris, shop.staff)
        assert isinstance(late, AttachedLate)
        assert shop.balance(IDRIS) == before + late.points > before
        other = attach_at_receipt(uow, ctx, second.id, shop.member(ZOE).customer.id, shop.staff)
        assert reason(other) is Refusal.ANOTHER_MEMBER
        assert [len(uow.activity.purchases(each)) for each in (bare, idris)] == [1, 1]
        assert cards_to_link(uow, late.sale) == (VISA,)

        def link(*, last_four: str = "4242", is_checked: bool = True) -> object:
            return link_paying_card(uow, ctx, second.id, last_four, shop.staff, is_checked=is_checked)

        assert reason(link(is_checked=False)) is Refusal.TRUST_TOO_LOW
        assert reason(link(last_four="0005")) is Refusal.CARD_UNKNOWN
        linked = link()
        assert isinstance(linked, LinkedCard)
        assert link() == linked
        assert [len(uow.activity.purchases(each)) for each in (bare, idris)] == [0, 2]
        assert verify_activity(uow).faults == ()
        assert shop.balance(IDRIS) == before + late.points, "what the card paid before earns nothing now"
        uow.commit()


def test_a_variation_is_sold_under_its_own_name_and_price(database: Database, ctx: ServiceContext) -> None:
    # row 120
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        latte = shop.item_id("Café crème")
        large = ItemVariation(new_id(), latte, "grand", 420, barcode="2000000000015")
        uow.catalogue.save_variation(large)
        uow.commit()
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)
        assert list(uow.catalogue.variations(latte)) == [large]
        assert uow.catalogue.variation_by_barcode("2000000000015") == large
        sale = shop.sale("Café crème")
        changed = add_item(uow, sale.id, latte, 2, large.id)
        assert isinstance(changed, Sale)
        assert [(line.name, line.unit_price_minor, line.quantity) for line in changed.lines] == [
            ("Café crème", 320, 1),
            ("Café crème, grand", 420, 2),
        ]
        assert reason(add_item(uow, sale.id, shop.item_id("Croissant"), 1, large.id)) is Refusal.ITEM_UNKNOWN
        uow.commit()
    with database.reading() as uow:
        stored = uow.sales.get(sale.id)
        assert stored == changed


def test_paying_by_an_unknown_card_makes_a_profile_by_itself(database: Database, ctx: ServiceContext) -> None:
    # rows 2, 3
    with database.unit_of_work() as uow:
        shop = counter(uow, ctx)

        def pay(key: str, entry: CardEntry | None, name: str | None) -> Sale:
            sale = shop.sale("Croissant")
            total = price_sale(sale, pricing_terms(uow, sale)).total_minor
            card = CardToken("Visa", "4242", "fp_by_itself", entry, name)
            payment = Payment(key, offers=(Offer(TenderKind.CARD, total, card=card),))
            done = complete_sale(uow, ctx, sale.id, payment, shop.staff)
            assert isinstance(done, Completed), done
            repeated = complete_sale(uow, ctx, sale.id, payment, shop.staff)
            assert isinstance(repeated, Completed)
            assert repeated.sale.member == done.sale.member
            assert done.sale == uow.sales.get(sale.id)
            assert done.receipt.tender.card == card.bare
            return done.sale

        def customer(sale: Sale) -> Customer:
            assert sale.member is not None
            assert sale.member.account_id is None, "a profile made by itself is no member"
            found = uow.customers.get(sale.member.customer_id)
            assert found is not None
            return found

        first = customer(pay("one", CardEntry.CONTACTLESS, "ROUX/CAMILLE"))
        assert (first.source, first.display_name) == (CustomerSource.PAYMENT, None)
        second = customer(pay("two", CardEntry.CHIP_AND_PIN, "ROUX/CAMILLE"))
        assert (second.id, second.display_name) == (first.id, "Camille Roux")
        for entry, names in ((CardEntry.CHIP_AND_PIN, ["Camille Roux"]), (CardEntry.CONTACTLESS, [])):
            record = sale_record(uow, ctx, pay(f"seen-{entry}", entry, "ROUX/CAMILLE").id, shop.staff)
            assert record is not None
            assert [each.display_name for each in record.holders.values()] == names
        third = customer(pay("three", CardEntry.CHIP_AND_PIN, "4242 4242 4242 4242"))
        assert third == second
        cards = uow.customer_activity.cards(first.id, 10)
        assert [(card.brand, card.last_four, card.sales) for card in cards] == [("Visa", "4242", 5)]
        assert uow.customer_activity.visits(first.id).visits == 5
        uow.profiles.save_settings(ProfileSettings(remembers_cards=False))
        assert pay("four", CardEntry.CHIP_AND_PIN, "ROUX/CAMILLE").member is None
        assert isinstance(
            link_card(
                uow,
                ctx,
                shop.member(IDRIS).customer.id,
                CardToken("Visa", "4242", "fp_by_itself"),
                shop.staff,
            ),
            LinkedCard,
        )
