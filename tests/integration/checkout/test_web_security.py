"""Who gets in: session, permission, lane, origin and host, on every page and post."""

import re
from collections.abc import AsyncIterator

import pytest
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkout.web.app import PAGES, PUBLIC_PATHS
from checkout.web.door import MAX_BODY_BYTES
from loyalty.domain.staff import Permission
from messaging.events.code_read import CodeRead
from runtime.ids import new_id
from tests.integration.checkout.browser import OWN, Browser, add_staff, run
from tests.integration.checkout.counter import Counter

# --- the door ---------------------------------------------------------------------------------------


def test_no_route_but_the_public_ones_answers_without_a_session(counter: Counter) -> None:
    # row 211
    async def story() -> None:
        async with Browser(counter) as browser:
            walked = 0
            for route in [route for module in PAGES for route in module.router.routes]:
                if not isinstance(route, APIRoute) or route.path in PUBLIC_PATHS:
                    continue
                path = re.sub(r"\{\w+(?::uuid)?\}", str(new_id()), route.path.replace("{number}", "1"))
                for method in route.methods:
                    answer = await browser.request(method, path, headers={"origin": OWN})
                    assert answer.status_code == 401, (method, path)
                    walked += 1
            assert walked >= 12

    run(story())


def test_a_page_asked_for_without_a_session_leads_to_the_sign_in(counter: Counter) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            answer = await browser.get("/till/1", headers={"accept": "text/html"})
            assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/till/1")

    run(story())


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "https://127.0.0.1:8080"},
        {"origin": "http://127.0.0.1:9999"},
        {},
        {"referer": "http://evil.example/"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_a_post_from_another_origin_is_refused(counter: Counter, headers: dict[str, str]) -> None:
    # row 211
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            answer = await browser.post("/till/1/open", headers=headers)
            assert (answer.status_code, answer.json()) == (403, {"error": "foreign_origin"})

    run(story())
    assert counter.till().sale is None


@pytest.mark.parametrize("headers", [{"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}])
def test_a_stream_for_another_origin_is_refused(counter: Counter, headers: dict[str, str]) -> None:
    # row 211
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            answer = await browser.get("/till/1/events", headers={"accept": "text/event-stream", **headers})
            assert answer.status_code == 403

    run(story())


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "localhost.", "127.0.0.2"])
def test_another_host_name_is_refused_everywhere(counter: Counter, host: str) -> None:
    # row 211
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            for path in ("/", "/sign-in", "/till/1", "/static/comptoir.css", "/alive"):
                assert (await browser.get(path, headers={"host": host})).status_code == 421

    run(story())


def test_every_answer_carries_the_protecting_headers(counter: Counter) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            for path in ("/till/1", "/sign-in", "/nothing", "/static/comptoir.css", "/s/nothing"):
                headers = (await browser.get(path)).headers
                policy = headers["content-security-policy"]
                assert "default-src 'none'" in policy
                assert "unsafe" not in policy
                assert "frame-ancestors 'none'" in policy
                assert headers["x-content-type-options"] == "nosniff"
                assert "referrer-policy" in headers
            assert (await browser.get("/till/1")).headers["cache-control"] == "no-store"

    run(story())


def test_pages_hold_no_inline_script_or_style(counter: Counter) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            counter.sell("Tasse en grès")
            for path in ("/till/1", "/lanes", "/health", "/sign-in", "/claim", "/nothing"):
                text = (await browser.get(path, headers={"accept": "text/html"})).text
                assert " style=" not in text, path
                assert "onclick" not in text, path
                assert "<script>" not in text, path
                assert "http://" not in text.replace("http://www.w3.org", ""), path

    run(story())


def test_a_body_that_is_too_long_is_refused_announced_or_not(counter: Counter) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            long = b"login=" + b"a" * (MAX_BODY_BYTES + 1)
            headers = {"origin": OWN, "content-type": "application/x-www-form-urlencoded"}
            assert (await browser.post("/sign-in", content=long, headers=headers)).status_code == 413

            async def pieces() -> AsyncIterator[bytes]:
                for _ in range(80):
                    yield b"a" * 1024

            answer = await browser.post("/sign-in", content=pieces(), headers=headers)
            assert answer.status_code >= 400

    run(story())


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_do_not_exist(counter: Counter, method: str) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            assert (await browser.request(method, "/till/1")).status_code == 405

    run(story())


# --- session, permission, lane ----------------------------------------------------------------------


def test_the_session_cookie_is_for_this_site_and_no_script(counter: Counter) -> None:
    async def story() -> None:
        from loyalty.services.claim import open_claim

        with counter.database.unit_of_work() as unit:
            for staff in unit.staff.all():
                unit.staff_sessions.end_all_of(staff.id, counter.clock.now())
            unit.staff.set_password_hash(counter.shop.staff.id, counter.web.hasher.hash("une longue phrase"))
            open_claim(unit, counter.station.ctx)
            unit.commit()
        async with Browser(counter) as browser:
            answer = await browser.send_form(
                "/sign-in", login="demo", password="une longue phrase", next="/health"
            )
            assert (answer.status_code, answer.headers["location"]) == (303, "/health")
            cookie = answer.headers["set-cookie"].lower()
            assert "httponly" in cookie
            assert "samesite=lax" in cookie
            assert (await browser.get("/health")).status_code == 200
            assert (await browser.send_form("/sign-out")).status_code == 303
            assert (await browser.get("/health")).status_code == 401

    run(story())


def test_five_wrong_passwords_lock_and_say_so(counter: Counter) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            codes = [
                (await browser.send_form("/sign-in", login="demo", password="falsch")).status_code
                for _ in range(6)
            ]
            assert codes == [422] * 5 + [429]

    run(story())


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/\\evil.example", "x", "/a\nb"])
def test_signing_in_never_leads_to_another_site(path: str) -> None:
    from checkout.web.pages.sign_in import own_path

    assert own_path(path) == "/"


def test_a_session_that_is_over_opens_nothing(counter: Counter) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            assert (await browser.get("/till/1")).status_code == 200
            counter.clock.advance(13 * 3600)
            assert (await browser.get("/till/1")).status_code == 401
            assert (await browser.send_form("/till/1/open")).status_code == 401

    run(story())


def test_who_may_not_sell_sees_no_till_and_who_may_not_confirm_no_button(counter: Counter) -> None:
    # row 211
    add_staff(counter, "books", Permission.MANAGE_CATALOGUE)
    add_staff(counter, "trainee", Permission.SELL)

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("books")
            for path in ("/till/1", "/till/1/state", "/till/1/events", "/lanes"):
                assert (await browser.get(path)).status_code == 403, path
            assert (await browser.send_form("/till/1/open")).status_code == 403
            browser.sign_in("trainee")
            sale = counter.sell("Bougie parfumée")
            card = CodeRead(text="000123458", symbology="Code128", source="scanner")
            counter.send(counter.envelope(card, sale=sale))
            counter.settle()
            member = counter.till().sale.member  # type: ignore[union-attr]
            assert member is not None
            assert member.rewards[0].state == "needs_confirmation"
            assert '/rewards"' not in (await browser.get("/till/1")).text
            tier = str(member.rewards[0].tier_id)
            answer = await browser.send_form("/till/1/rewards", sale=str(sale), tier=tier)
            assert answer.status_code == 403

    run(story())


def test_a_browser_that_took_one_lane_touches_no_other(counter: Counter) -> None:
    # row 211
    from loyalty.domain.shop import Lane

    with counter.database.unit_of_work() as unit:
        unit.lanes.save(Lane(new_id(), number=2, device="s0001.k02"))
        unit.commit()
    counter.station.settings_changed()
    counter.settle()
    counter.station.refresher.all_changed()
    counter.settle()

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("caisse", lane=1)
            assert (await browser.get("/till/1/state")).status_code == 200
            assert (await browser.get("/till/2/state")).status_code == 403
            assert (await browser.get("/till/2/events")).status_code == 403
            assert (await browser.send_form("/till/2/open")).status_code == 403
            assert (await browser.get("/till/2")).headers["location"] == "/lanes"
            assert (await browser.get("/till/3/state")).status_code == 404
            assert (await browser.send_form("/lanes", number=2)).headers["location"] == "/till/2"
            assert (await browser.get("/till/2/state")).status_code == 200
            assert (await browser.get("/till/1/state")).status_code == 403

    run(story())


def test_contact_data_is_masked_without_the_permission(counter: Counter) -> None:
    # row 9
    # X3
    sale = counter.sell("Tasse en grès")
    card = CodeRead(text=counter.card_of("Camille"), symbology="QRCode", source="camera")
    counter.send(counter.envelope(card, sale=sale))
    counter.settle()

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("caisse")
            masked = await browser.get("/till/1/state")
            assert masked.json()["sale"]["member"]["phone_number"] == "•• 01"
            assert "06 12 00 00 01" not in (await browser.get("/till/1")).text
            assert "12 00 00" not in masked.text
            browser.sign_in("demo")
            whole = await browser.get("/till/1/state")
            assert whole.json()["sale"]["member"]["phone_number"] == "06 12 00 00 01"

    run(story())


# --- forms with anything in them --------------------------------------------------------------------

PATHS = [
    "/till/1/open",
    "/till/1/lines",
    "/till/1/lines/0192f3c0-0000-7000-8000-000000000001",
    "/till/1/void",
    "/till/1/discount",
    "/till/1/rewards",
    "/till/1/rewards/remove",
    "/till/1/member/remove",
    "/till/1/pay",
    "/lanes",
    "/sign-out",
]


FIELDS = ["sale", "item", "by", "tier", "reward", "given", "given_minor", "total", "number"]
junk = st.one_of(
    st.text(max_size=60),
    st.integers(-(10**20), 10**20).map(str),
    st.sampled_from(
        ["0192f3c0-0000-7000-8000-000000000001", "NaN", "1e309", "\x00", "\u202e", "' OR 1=1 --"]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PATHS), form=st.dictionaries(st.sampled_from(FIELDS), junk, max_size=5))
def test_no_form_content_breaks_a_page_or_books_anything(
    counter: Counter, path: str, form: dict[str, str]
) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            encodable = {key: value.encode("utf-8", "replace").decode() for key, value in form.items()}
            answer = await browser.send_form(path, **encodable)
            assert answer.status_code in {200, 303, 404, 422}, answer.text

    run(story())
    sale = counter.till().sale
    assert sale is None or sale.state == "open"
    assert counter.balance("Camille") == 34
