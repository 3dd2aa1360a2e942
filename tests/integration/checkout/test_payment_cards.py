"""A payment card becomes a customer's: asked for at the receipt, linked and unlinked on their page."""

from uuid import UUID

from checkout.till.view import SaleView
from loyalty.domain.audit import AuditAction
from loyalty.domain.payment_card import LinkedCard
from loyalty.domain.sale import Sale
from loyalty.domain.staff import Permission
from loyalty.services.activity import verify_activity
from loyalty.services.keep_registers import KeyMade
from tests.integration.checkout.browser import Browser, add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML, desk
from tests.integration.checkout.registers import make_companion, make_register, till
from tests.integration.checkout.test_register_card import CARD
from tests.integration.checkout.test_till_sale import at_till

ENGLISH = {**HTML, "accept-language": "en"}
LINK = "link the card"


async def pay_by_card(counter: Counter, made: KeyMade, reference: str) -> UUID:
    """The register sells for 34.50 and is paid with ``CARD``, while nobody is on the sale."""
    async with till(counter, made) as pos:
        await pos.at_lane("/sales", {"reference": reference, "total_minor": 3450, "card": CARD})
    return at_receipt(counter).id


def at_receipt(counter: Counter) -> SaleView:
    counter.settle()
    shown = counter.till().sale
    assert shown is not None
    assert shown.state == "paid"
    return shown


def linked_of(counter: Counter, name: str) -> list[LinkedCard]:
    with counter.database.reading() as unit:
        return list(unit.linked_cards.of_customer(counter.customer_id(name)))


def stored(counter: Counter, sale_id: UUID) -> Sale:
    with counter.database.reading() as unit:
        found = unit.sales.get(sale_id)
    assert found is not None
    return found


def test_an_unknown_card_is_linked_at_the_receipt_and_brings_the_rewards_the_next_time(
    counter: Counter,
) -> None:
    # row 145
    make_companion(counter)
    made = make_register(counter)
    add_staff(counter, "seller", Permission.SELL, Permission.VIEW_CUSTOMERS)
    camille, before = counter.customer_id("Camille"), counter.balance("Camille")

    async def story() -> None:
        sale_id = await pay_by_card(counter, made, "T-1")
        shown = at_receipt(counter)
        assert shown.member is not None
        assert shown.member.is_bare
        bare = stored(counter, sale_id).member
        assert bare is not None
        browser = at_till(counter)
        page = (await browser.get("/till/1", headers=ENGLISH)).text
        assert "a card that stands for nobody yet" in page
        assert LINK not in page, "nobody is there to link it to"
        form = {"sale": str(sale_id), "last_four": "4242", "checked": "1"}
        nobody = await browser.send_form("/till/1/card", **form)
        assert nobody.headers["x-refused"] == "no_member"

        await browser.send_form("/till/1/member", sale=str(sale_id), customer=str(camille))
        shown = at_receipt(counter)
        assert shown.member is not None
        assert shown.member.name == "Camille Moreau"
        assert counter.balance("Camille") > before, "the sale earns for who took the bare profile's place"
        with counter.database.reading() as unit:
            assert unit.activity.purchases(bare.customer_id) == ()
            assert verify_activity(unit).faults == ()
        page = (await browser.get("/till/1", headers=ENGLISH)).text
        assert "Link Visa •••• 4242 to Camille Moreau?" in page
        assert "I made sure: link the card" in page
        typed = await browser.send_form("/till/1/card", sale=str(sale_id), last_four="4242")
        assert typed.headers["x-refused"] == "trust_too_low", "a number that was typed proves nothing"
        other = await browser.send_form("/till/1/card", **{**form, "last_four": "0005"})
        assert other.headers["x-refused"] == "card_unknown"
        async with Browser(counter) as seller:
            seller.sign_in("seller")
            assert LINK not in (await seller.get("/till/1", headers=ENGLISH)).text
            assert (await seller.send_form("/till/1/card", **form)).status_code == 403
        for _ in range(2):  # sent twice, linked once
            done = await browser.send_form("/till/1/card", **form)
            assert "done=linked" in done.headers["location"]
        assert [(each.card.brand, each.card.last_four) for each in linked_of(counter, "Camille")] == [
            ("Visa", "4242")
        ]
        assert LINK not in (await browser.get("/till/1", headers=ENGLISH)).text
        with counter.database.reading() as unit:
            gone = unit.customers.get(bare.customer_id)
            assert gone is not None
            assert gone.merged_into == camille, "the profile of the card leads to hers"
            deeds = unit.audit.of_subject(f"customer:{camille}")
        assert [dict(each.params) for each in deeds if each.action is AuditAction.CARD_LINKED] == [
            {"brand": "Visa", "last_four": "4242"}
        ]

        async with till(counter, made) as pos:
            await pos.at_lane("/sale", {"reference": "T-2", "total_minor": 3000})
            there = await pos.at_lane("/card", {"card": CARD})
            assert there["sale"]["member"]["name"].startswith("Camille")
            assert "available" in {each["state"] for each in there["sale"]["member"]["rewards"]}

    run(story())


def test_the_profile_lists_payment_cards_links_one_that_paid_and_unlinks_it(counter: Counter) -> None:
    # row 145
    make_companion(counter)
    made = make_register(counter)
    add_staff(counter, "reader", Permission.VIEW_CUSTOMERS)
    camille, zoe = counter.customer_id("Camille"), counter.customer_id("Zoé")

    async def story() -> None:
        sale_id = await pay_by_card(counter, made, "T-1")
        await at_till(counter).send_form("/till/1/member", sale=str(sale_id), customer=str(camille))
        at_receipt(counter)
        form = {"sale": str(sale_id), "last_four": "4242"}
        async with desk(counter) as owner:
            french = await owner.page(f"/customers/{camille}", "fr")
            assert "Cartes de paiement" in french
            assert "J’ai vérifié : associer la carte" in french
            assert "tok_7Jw0aQ" not in french
            wrong = await owner.fill(f"/customers/{zoe}/payment-cards", **form)
            assert wrong.status_code == 422, "a sale of somebody else says nothing of hers"
            assert linked_of(counter, "Zoé") == []
            done = await owner.fill(f"/customers/{camille}/payment-cards", **form)
            assert done.headers["location"] == f"/customers/{camille}?done=linked#payment-cards"
            (linked,) = linked_of(counter, "Camille")
            shown = await owner.page(f"/customers/{camille}?done=linked", "fr")
            assert "La carte de paiement est associée" in shown
            assert "Oui, dissocier la carte" in shown
            elsewhere = await owner.fill(f"/customers/{zoe}/payment-cards/{linked.id}/unlink")
            assert elsewhere.status_code == 422
            async with Browser(counter) as reader:
                reader.sign_in("reader")
                page = (await reader.get(f"/customers/{camille}", headers=ENGLISH)).text
                assert "Visa •••• 4242" in page
                assert "Unlink" not in page
            gone = await owner.fill(f"/customers/{camille}/payment-cards/{linked.id}/unlink")
            assert gone.headers["location"] == f"/customers/{camille}?done=unlinked#payment-cards"
            assert linked_of(counter, "Camille") == []
            again = await owner.fill(f"/customers/{camille}/payment-cards/{linked.id}/unlink")
            assert again.status_code == 422
        with counter.database.reading() as unit:
            deeds = [each.action for each in unit.audit.of_subject(f"customer:{camille}")]
        assert AuditAction.CARD_UNLINKED in deeds

    run(story())


def test_nobody_links_a_card_to_their_own_account(counter: Counter) -> None:
    # part of row 206
    make_companion(counter)
    made = make_register(counter)
    camille = counter.customer_id("Camille")

    async def story() -> None:
        sale_id = await pay_by_card(counter, made, "T-1")
        await at_till(counter).send_form("/till/1/member", sale=str(sale_id), customer=str(camille))
        at_receipt(counter)
        with counter.database.unit_of_work() as unit:
            unit.staff.link_customer(counter.shop.staff.id, camille)
            unit.commit()
        form = {"sale": str(sale_id), "last_four": "4242", "checked": "1"}
        own = await at_till(counter).send_form("/till/1/card", **form)
        assert own.headers["x-refused"] == "own_account"
        assert linked_of(counter, "Camille") == []

    run(story())
