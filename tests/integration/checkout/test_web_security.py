"""Who gets in: session, permission, lane, origin and host, on every page, post and stream."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkout.web.app import PAGES, PUBLIC_PATHS, behind_door, create_app
from checkout.web.door import MAX_BODY_BYTES
from loyalty.domain.staff import Permission, Role, StaffMember
from loyalty.services.sign_in import start_session
from loyalty.services.status_link import new_status_link, revoke_status_links
from loyalty.services.tokens import new_token, token_hash
from messaging.events.code_read import CodeRead
from runtime.ids import new_id
from tests.integration.checkout.counter import DEMO_TOKEN, Counter, make_counter

OWN = "http://127.0.0.1:8080"


class Browser(httpx.AsyncClient):
    """A client that behaves as a page of the station: own origin on posts, cookies kept."""

    def __init__(self, counter: Counter) -> None:
        self.app = create_app(counter.web)
        super().__init__(
            transport=httpx.ASGITransport(behind_door(self.app, counter.web), raise_app_exceptions=False),
            base_url=OWN,
        )
        self.counter = counter

    def sign_in(self, login: str = "demo", *, lane: int | None = 1) -> str:
        with self.counter.database.unit_of_work() as unit:
            found = unit.staff.by_login(login)
            assert found is not None
            token = start_session(unit, self.counter.station.ctx, found[0]).token
            unit.commit()
        self.cookies.set("comptoir_session", token)
        if lane is not None:
            self.cookies.set("comptoir_lane", str(lane))
        return token

    async def send_form(self, path: str, **form: Any) -> httpx.Response:
        return await self.post(path, data=form, headers={"origin": OWN})


def run(story: Any) -> None:
    asyncio.run(story)


def add_staff(counter: Counter, login: str, *permissions: Permission) -> None:
    role = Role(new_id(), login, frozenset(permissions))
    with counter.database.unit_of_work() as unit:
        unit.staff.save_role(role)
        unit.staff.add(StaffMember(new_id(), login, login, role), "!")
        unit.commit()


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


# --- streams ----------------------------------------------------------------------------------------


@asynccontextmanager
async def stream_of(counter: Counter, token: str, last: str = "") -> AsyncIterator[Any]:
    """An open stream as pairs of id and data, read from the bare ASGI application."""
    app = behind_door(create_app(counter.web), counter.web)
    sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
    gone = asyncio.Event()
    headers = [
        (b"host", b"127.0.0.1:8080"),
        (b"accept", b"text/event-stream"),
        (b"cookie", f"comptoir_session={token}; comptoir_lane=1".encode()),
        *([(b"last-event-id", last.encode())] if last else []),
    ]
    scope = {"type": "http", "method": "GET", "path": "/till/1/events", "raw_path": b"/till/1/events",
             "query_string": b"", "headers": headers, "scheme": "http", "server": ("127.0.0.1", 8080),
             "client": ("127.0.0.1", 1), "http_version": "1.1", "root_path": ""}  # fmt: skip

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    task = asyncio.create_task(app(scope, receive, sent.put))
    start = await asyncio.wait_for(sent.get(), 5)
    assert start["status"] == 200

    async def events() -> AsyncIterator[tuple[str, dict[str, Any]]]:
        while True:
            message = await asyncio.wait_for(sent.get(), 5)
            if not message.get("more_body", False):
                return
            text = message["body"].decode()
            if "data: " in text:
                fields = dict(line.split(": ", 1) for line in text.strip().splitlines())
                yield fields["id"], json.loads(fields["data"])

    try:
        yield events()
    finally:
        gone.set()
        await asyncio.wait_for(task, 5)


def test_a_stream_begins_with_a_snapshot_and_brings_each_change(counter: Counter) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            token = browser.sign_in()
        async with stream_of(counter, token) as events:
            _, first = await anext(events)
            assert set(first["parts"]) == {"state", "ticket", "member"}
            assert first["toast"] is None
            await asyncio.to_thread(counter.sell, "Tasse en grès")
            _, second = await anext(events)
            assert second["number"] > first["number"]
            card = CodeRead(text=counter.card_of("Camille"), symbology="QRCode", source="camera")
            sale = counter.open_sale_id()
            await asyncio.to_thread(counter.send, counter.envelope(card, sale=sale))
            async for _, change in events:
                if change["toast"]:
                    assert "Camille Moreau" in change["toast"]
                    break

    run(story())


def test_a_stream_resumes_after_the_last_event_and_a_stranger_to_this_run_gets_a_snapshot(
    counter: Counter,
) -> None:
    async def story() -> None:
        async with Browser(counter) as browser:
            token = browser.sign_in()
        async with stream_of(counter, token) as events:
            last, first = await anext(events)
        await asyncio.to_thread(counter.sell, "Tasse en grès", "Croissant")
        newest = counter.station.feeds.newest(1)
        assert newest is not None
        async with stream_of(counter, token, last) as events:
            numbers = [(await anext(events))[1]["number"]]
            while numbers[-1] < newest.number:
                numbers.append((await anext(events))[1]["number"])
            assert numbers == list(range(first["number"] + 1, newest.number + 1))
        async with stream_of(counter, token, f"0123456789ab-{first['number']}") as events:
            assert (await anext(events))[1]["number"] == newest.number

    run(story())


@pytest.mark.parametrize("how", ["session", "staff", "sign-out elsewhere"])
def test_a_revoked_session_closes_its_streams_within_a_second(counter: Counter, how: str) -> None:
    # row 211
    async def story() -> None:
        async with Browser(counter) as browser:
            token = browser.sign_in()
            async with stream_of(counter, token) as events:
                await anext(events)
                began = asyncio.get_running_loop().time()
                await asyncio.to_thread(revoke, browser, how)
                async for _ in events:
                    continue
                assert asyncio.get_running_loop().time() - began < 1.0

    def revoke(_browser: Browser, way: str) -> None:
        staff = counter.shop.staff
        with counter.database.unit_of_work() as unit:
            if way == "staff":
                from dataclasses import replace

                unit.staff.save(replace(staff, is_active=False))
            else:
                unit.staff_sessions.end_all_of(staff.id, counter.clock.now())
            unit.commit()

    run(story())


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
FIELDS = ["sale", "item", "quantity", "tier", "reward", "given", "given_minor", "total", "number"]
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
