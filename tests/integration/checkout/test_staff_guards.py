"""Guards against fraud by staff: their own account, rewards they confirm, what they give back."""

import re
from uuid import UUID

from loyalty.domain.loyalty_settings import LoyaltySettings
from loyalty.domain.message import MessageKind
from loyalty.domain.staff import Permission
from messaging.events.code_read import CodeRead
from runtime.ids import new_id
from tests.integration.checkout.browser import OWN, add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk
from tests.integration.checkout.test_checkout_settings import post, texts
from tests.integration.checkout.test_sales_pages import sell_to
from tests.integration.checkout.test_till_member import member_name


def is_owner(counter: Counter, given_name: str = "Camille") -> UUID:
    """From now on the signed-in owner is this customer."""
    customer_id = counter.customer_id(given_name)
    with counter.database.unit_of_work() as unit:
        owner = unit.staff.by_login("demo")
        assert owner is not None
        unit.staff.link_customer(owner[0].id, customer_id)
        unit.commit()
    return customer_id


def test_nobody_puts_themselves_on_a_sale_whichever_way(counter: Counter) -> None:
    # row 206
    camille = is_owner(counter)
    before = counter.balance("Camille")
    sale = counter.sell("Tasse en grès")
    form = {"sale": str(sale), "customer": str(camille)}
    assert post(counter, "/till/1/member", **form).endswith("=own_account")
    assert post(counter, "/till/1/member", **form, checked="1").endswith("=own_account")
    assert post(counter, "/till/1/scan", text=counter.card_of("Camille")).endswith("=own_account")
    assert post(counter, "/till/1/scan", text="000123456").endswith("=own_account")
    assert member_name(counter) is None
    counter.pay()
    assert post(counter, "/till/1/member", **form).endswith("=own_account")
    assert member_name(counter) is None
    assert counter.balance("Camille") == before


def test_who_scans_themselves_at_the_kiosk_of_their_own_lane_earns_and_redeems_nothing(
    counter: Counter,
) -> None:
    # row 206
    is_owner(counter)
    before = counter.balance("Camille")
    sale = counter.sell("Tasse en grès")
    read = CodeRead(text=counter.card_of("Camille", rotating=True), symbology="QRCode", source="camera")
    counter.send(counter.envelope(read, sale=sale))
    view = counter.till().sale
    assert view is not None
    assert view.member is not None
    tier = str(view.member.rewards[0].tier_id)
    assert post(counter, "/till/1/rewards", sale=str(sale), tier=tier).endswith("=own_account")
    paid = post(counter, "/till/1/pay", sale=str(sale), total=str(view.total_minor), all_by="card")
    assert paid.endswith("=own_account")
    assert counter.balance("Camille") == before
    assert "ask a colleague" in texts(counter, paid)


def test_nobody_corrects_or_books_points_of_their_own(counter: Counter) -> None:
    # row 206
    camille = is_owner(counter)
    before = counter.balance("Camille")

    async def story() -> None:
        browser = desk(counter)
        for path in ("/points", "/points/opening"):
            form = {"customer": str(camille), "points": "50", "reason": "x", "origin": "x", "key": "0" * 32}
            answer = await browser.fill(path, **form, go="book")
            assert answer.status_code in {422, 409}, (path, answer.status_code)

    run(story())
    assert counter.balance("Camille") == before


def test_a_member_hears_of_a_reward_that_staff_confirmed_and_there_is_a_cap(counter: Counter) -> None:
    # row 206
    with counter.database.unit_of_work() as unit:
        unit.programme.save_settings(LoyaltySettings(confirmed_redemptions_a_day=1))
        unit.commit()
    camille = str(counter.customer_id("Camille"))

    def confirm() -> str:
        sale = counter.sell("Tasse en grès", "Tasse en grès", "Tasse en grès")
        post(counter, "/till/1/member", sale=str(sale), customer=camille)
        view = counter.till().sale
        assert view is not None
        assert view.member is not None
        cheapest = min(view.member.rewards, key=lambda each: each.points)
        assert cheapest.state == "needs_confirmation"
        where = post(counter, "/till/1/rewards", sale=str(sale), tier=str(cheapest.tier_id))
        counter.pay()
        return where

    assert confirm() == "/till/1"
    assert confirm() == "/till/1?refused=confirmation_limit_reached"
    with counter.database.reading() as unit:
        told = [each for each in unit.messages.recent(50) if each.kind is MessageKind.REDEMPTION_CONFIRMED]
    assert [str(each.customer_id) for each in told] == [camille]


def test_refunds_and_late_attachments_are_listed_by_colleague_and_period(counter: Counter) -> None:
    # row 206
    refunded = sell_to(counter, "Camille", "Tasse en grès")
    late = counter.sell("Croissant")
    counter.pay()

    async def story() -> None:
        browser = desk(counter)
        form = {
            "part": "whole",
            "key": str(new_id()),
            "reason": "Cassée à la maison",
            "go": "book",
            "tender": "cash",
        }
        assert (await browser.fill(f"/sales/{refunded}/refund", **form)).status_code == 303
        camille = str(counter.customer_id("Camille"))
        browser.cookies.set("comptoir_lane", "1")
        put = await browser.post(
            "/till/1/member",
            data={"sale": str(late), "customer": camille},
            headers={"origin": OWN},
        )
        assert put.headers["location"] == "/till/1", put.headers
        page = await browser.page("/reports/staff")
        assert "Cassée à la maison" in page
        assert "Sale refunded" in page
        assert "Member put on a past sale" in page
        with counter.database.reading() as unit:
            back = unit.refunds.of_sale(refunded)[0].quote.amount_minor
        assert re.search(rf"{back // 100}[.,]{back % 100:02}", page)
        table = await browser.get("/reports/staff.csv")
        assert table.headers["content-type"].startswith("text/csv")
        assert "Cassée à la maison" in table.text
        assert table.text.count("\r\n") == 3
        empty = await browser.page("/reports/staff?from=2026-01-01&to=2026-01-31")
        assert "Nothing in this period" in empty
        wrong = await browser.get("/reports/staff?from=2026-02-01&to=2026-01-31")
        assert wrong.status_code == 422

    run(story())


def test_who_may_not_see_reports_sees_nothing_of_colleagues(counter: Counter) -> None:
    add_staff(counter, "caisse2", Permission.SELL)

    async def story() -> None:
        browser = desk(counter, "caisse2")
        for path in ("/reports/staff", "/reports/staff.csv"):
            assert (await browser.get(path)).status_code == 403

    run(story())
