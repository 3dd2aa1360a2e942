"""A lane beside another register: its total typed, what applies shown, recorded once, slips that say so."""

import pytest

from loyalty.domain.staff import Permission
from messaging.events.code_read import CodeRead
from tests.fakes.receipt_printer import LoopbackPrinter, interpret
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import Desk, desk
from tests.integration.checkout.test_receipt_pages import give_printer


async def make_companion(owner: Desk, mode: str = "register") -> None:
    answer = await owner.fill("/lanes/1/mode", mode=mode)
    assert (answer.status_code, answer.headers["location"]) == (303, "/lanes/1/mode?done=saved")
    owner.counter.settle()


def test_a_typed_total_shows_what_applies_and_is_recorded_once(counter: Counter) -> None:
    # part of row 195
    before = counter.balance("Camille")

    async def story() -> None:
        with LoopbackPrinter() as printer:
            give_printer(counter, printer.address)
            async with desk(counter) as owner:
                await make_companion(owner)
                page = await owner.page("/till/1")
                assert "Total with tax, as the register shows it" in page
                assert "Croissant" not in page
                assert (await owner.fill("/till/1/stated", amount="20,00")).status_code == 303
                sale = counter.till().sale
                assert sale is not None
                card = CodeRead(text=counter.card_of("Camille"), symbology="QRCode", source="camera")
                counter.send(counter.envelope(card, sale=sale.id))
                page = await owner.page("/till/1")
                assert "Camille" in page
                assert "Amis de la maison" in page
                assert "Will earn" in page
                assert "Paid at the register: record" in page
                assert "Take payment" not in page
                view = counter.till().sale
                assert view is not None
                assert view.member is not None
                assert view.discounts
                assert view.total_minor < 2000
                for _ in range(3):
                    await owner.fill("/till/1/recorded", sale=sale.id, total=view.total_minor)
                assert counter.balance("Camille") == before + view.points_to_earn
                page = await owner.page("/till/1")
                assert "Loyalty statement, not an invoice" in page
                (data,) = printer.wait_for(1)
                paper = interpret(data)
                assert "Relevé de fidélité" in paper.text
                assert "pas une facture" in paper.text
                assert "TVA" not in paper.text
                assert "Espèces" not in paper.text
                assert paper.drawer_kicks == 0

    run(story())


def test_bad_totals_and_payments_here_are_refused(counter: Counter) -> None:
    async def story() -> None:
        async with desk(counter) as owner:
            await owner.page("/till/1")
            refused = await owner.fill("/till/1/stated", amount="20")
            assert refused.headers["x-refused"] == "lane_sells_itself"
            await make_companion(owner)
            for typed in ("", "-1", "0", "abc", "1e3", "99999999999"):
                answer = await owner.fill("/till/1/stated", amount=typed)
                assert answer.status_code in {303, 422}, typed
                assert "amount_invalid" in answer.headers.get("location", "amount_invalid")
            assert counter.till().sale is None
            await owner.fill("/till/1/stated", amount="20")
            sale = counter.open_sale_id()
            answer = await owner.fill("/till/1/pay", sale=sale, total="2000", given_minor="2000")
            assert answer.headers["x-refused"] == "register_sells"
            answer = await owner.fill("/till/1/lines", item=counter.item("Croissant"))
            assert answer.headers["x-refused"] == "register_sells"
            answer = await owner.fill("/till/1/recorded", sale=sale, total="1")
            assert answer.headers["x-refused"] == "sale_changed"
            answer = await owner.fill("/lanes/1/mode", mode="comptoir")
            assert answer.status_code == 422
            assert "A sale is still open in this lane" in answer.text
            assert (await owner.fill("/lanes/1/mode", mode="both")).status_code == 422
            await owner.fill("/till/1/void", sale=sale)
            await make_companion(owner, "comptoir")
            assert "Croissant" in await owner.page("/till/1")

    run(story())


@pytest.mark.parametrize("permission", [Permission.SELL, Permission.MANAGE_DEVICES])
def test_only_who_runs_the_shop_says_who_sells(counter: Counter, permission: Permission) -> None:
    add_staff(counter, "jo", permission)

    async def story() -> None:
        async with desk(counter, "jo") as someone:
            assert (await someone.get("/lanes/1/mode")).status_code == 403
            assert (await someone.fill("/lanes/1/mode", mode="register")).status_code == 403

    run(story())


def test_the_page_of_receipts_leads_to_who_sells(counter: Counter) -> None:
    async def story() -> None:
        async with desk(counter) as owner:
            assert "/lanes/1/mode" in await owner.page("/receipt-settings")
            assert "Who sells at lane 1" in await owner.page("/lanes/1/mode")

    run(story())
