"""What opens without a session: the first owner's claim, members' links, the demo's page."""

from typing import Any

from loyalty.services.status_link import new_status_link, revoke_status_links
from loyalty.services.tokens import new_token, token_hash
from tests.integration.checkout.browser import Browser, run
from tests.integration.checkout.counter import DEMO_TOKEN, Counter, make_counter

# --- the first owner, the member's page, the demo ---------------------------------------------------


def test_no_claim_makes_a_second_owner(counter: Counter) -> None:
    with counter.database.unit_of_work() as unit:
        token = new_token()
        unit.claims.put(token_hash(token), counter.clock.now())
        unit.commit()

    async def story() -> None:
        async with Browser(counter) as browser:
            assert (await browser.get(f"/claim?token={token}")).status_code == 200
            wrong = await browser.send_form(
                "/claim", token="wrong", login="zoe", display_name="Zoé", password="une longue phrase"
            )
            assert wrong.status_code == 422
            taken = await browser.send_form(
                "/claim", token=token, login="zoe", display_name="Zoé", password="une longue phrase"
            )
            assert taken.status_code == 422, "the demo's shop has staff already"

    run(story())


def test_unknown_and_revoked_links_get_one_and_the_same_page(counter: Counter) -> None:
    customer = counter.customer_id("Camille")
    ctx = counter.station.ctx
    with counter.database.unit_of_work() as unit:
        token = new_status_link(unit, ctx, customer).rsplit("/", 1)[1]
        unit.commit()

    async def story() -> None:
        async with Browser(counter) as browser:
            good = await browser.get(f"/s/{token}")
            assert good.status_code == 200
            assert "Camille" in good.text
            assert "Moreau" not in good.text
            assert "12 00 00" not in good.text
            assert "<script" not in good.text
            assert good.headers["referrer-policy"] == "no-referrer"
            assert "noindex" in good.headers["x-robots-tag"]
            assert "script-src" not in good.headers["content-security-policy"]
            with counter.database.unit_of_work() as unit:
                revoke_status_links(unit, ctx, customer)
                unit.commit()
            revoked = await browser.get(f"/s/{token}")
            unknown = await browser.get(f"/s/{'x' * len(token)}")
            endless = await browser.get(f"/s/{'x' * 3000}")
            assert revoked.status_code == unknown.status_code == endless.status_code == 404
            assert revoked.text == unknown.text == endless.text

    run(story())


def test_the_demo_s_page_asks_for_the_token_of_this_run_and_is_not_there_without_the_setting(
    tmp_path: Any,
) -> None:
    made = make_counter(tmp_path, is_demo_page=True)

    async def story() -> None:
        async with Browser(made) as browser:
            for path in ("/demo", "/demo?token=wrong", "/demo/kiosk", "/demo/messages"):
                assert (await browser.get(path)).status_code == 404, path
            assert (await browser.send_form("/demo/touch", x=0.5, y=0.5)).status_code == 404
            entered = await browser.get(f"/demo?token={DEMO_TOKEN}")
            assert entered.headers["location"] == "/demo"
            assert DEMO_TOKEN not in entered.headers["location"]
            assert "DÉMO" in (await browser.get("/demo", headers={"accept-language": "fr"})).text
            assert (await browser.get("/till/1")).status_code == 200

    try:
        run(story())
    finally:
        made.station.stop()
        made.database.close()


def test_the_demo_s_page_leaves_other_data_alone(tmp_path: Any) -> None:
    made = make_counter(tmp_path, is_demo_page=True)
    from dataclasses import replace

    with made.database.unit_of_work() as unit:
        unit.shop.save(replace(made.shop.settings, is_demo=False, revision=2))
        unit.commit()

    async def story() -> None:
        async with Browser(made) as browser:
            assert (await browser.get(f"/demo?token={DEMO_TOKEN}")).status_code == 404

    try:
        run(story())
    finally:
        made.station.stop()
        made.database.close()


def test_without_the_setting_there_is_no_demo(counter: Counter) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            assert (await browser.get(f"/demo?token={DEMO_TOKEN}")).status_code == 404

    run(story())
