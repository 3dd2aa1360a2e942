"""One's own account and taking over a till by PIN, through the pages."""

from tests.integration.checkout.browser import Browser, run
from tests.integration.checkout.counter import PASSWORD, Counter
from tests.integration.checkout.test_staff_pages import staff_id


def test_a_pin_is_set_with_the_password_and_takes_over_the_till(counter: Counter) -> None:
    # part of row 213
    with counter.database.unit_of_work() as unit:
        unit.staff.set_password_hash(staff_id(counter, "demo"), counter.web.hasher.hash(PASSWORD))
        unit.commit()

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            wrong = await browser.send_form("/account/pin", pin="2580", pin_password="x")
            assert wrong.status_code == 422
            assert 'id="pin_password-fault"' in wrong.text
            simple = await browser.send_form("/account/pin", pin="1234", pin_password=PASSWORD)
            assert 'id="pin-fault"' in simple.text
            assert (
                await browser.send_form("/account/pin", pin="2580", pin_password=PASSWORD)
            ).status_code == 303
            assert "Changer de vendeur" in (await browser.get("/till/1")).text
            owner = staff_id(counter, "demo")
            refused = await browser.send_form("/till/1/switch", who=owner, pin="9999")
            assert refused.status_code == 422
            assert (await browser.send_form("/till/1/switch", who=owner, pin="2580")).status_code == 303
            assert (await browser.get("/till/1")).status_code == 200
            for path in ("/staff", "/audit", "/points", "/settings/privacy"):
                assert (await browser.get(path)).status_code in (403, 404), path
            export = f"/customers/{counter.customer_id('Camille')}/export"
            assert (await browser.send_form(export)).status_code == 403

    run(story())


def test_a_till_is_taken_over_only_at_the_own_lane_and_with_a_session(counter: Counter) -> None:
    # part of row 211
    async def story() -> None:
        async with Browser(counter) as browser:
            who = staff_id(counter, "demo")
            assert (await browser.send_form("/till/1/switch", who=who, pin="2580")).status_code == 401
            browser.sign_in(lane=2)
            assert (await browser.send_form("/till/1/switch", who=who, pin="2580")).status_code == 403

    run(story())
