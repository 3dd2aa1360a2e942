"""Nothing that the staff's pages answer shows contact details to who may not see them, nor does the log."""

import asyncio

import pytest

from loyalty.domain.staff import OWNER_PERMISSIONS, Permission
from messaging.events.code_read import CodeRead
from tests.integration.checkout.browser import Browser, add_staff
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.streams import stream_of
from tests.integration.checkout.walked_shop import PHONE, SECRETS, address, fill, staff_routes

STREAM = "/till/{number}/events"
FRAGMENTS = (
    "/customers?q=Camille",
    "/customers/found?q=Camille",
    "/customers/found?q=Moreau",
    "/till/1/customers",
    "/till/1/member?q=Camille",
    "/till/1/member/found?q=Camille",
    "/points?member=000123456",
    "/points/move?member=000123456",
    "/activity?by=member",
    "/activity?group_by=member",
    "/customers/export/customers.xlsx",
)


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text.replace("\u00a0", " ").replace("\u202f", " ")]


def test_no_page_file_or_stream_tells_who_may_not_see_contact_details(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    # rows 8, 9, 75, X3
    caplog.set_level("DEBUG")
    add_staff(counter, "vera", *(OWNER_PERMISSIONS - {Permission.VIEW_CONTACT}))

    async def story() -> None:
        parameters = await fill(counter)
        card = CodeRead(text=counter.card_of("Camille"), symbology="QRCode", source="camera")
        sale = await asyncio.to_thread(counter.sell, "Croissant")
        await asyncio.to_thread(counter.send, counter.envelope(card, sale=sale))
        paths = [
            address(route, parameters)
            for route in staff_routes()
            if route.method == "GET" and route.path != STREAM
        ]
        found, seen = [], 0
        async with Browser(counter) as browser:
            token = browser.sign_in("vera")
            for path in (*paths, *FRAGMENTS):
                answer = await browser.get(path)
                assert answer.status_code < 500, path
                seen += answer.status_code == 200
                found += [(path, each) for each in leaks(answer.text + str(answer.headers))]
        assert seen > 75, seen
        async with stream_of(counter, token) as events:
            _, first = await anext(events)
            assert "Camille" in str(first)
            found += [(STREAM, each) for each in leaks(str(first))]
        assert found == []

    asyncio.run(story())
    assert not [record for record in caplog.records if leaks(record.getMessage()) and record.name != "httpx"]


def test_the_same_walk_finds_them_for_who_may(counter: Counter) -> None:
    # part of row 8: what the sweep looks for does stand there
    async def story() -> None:
        parameters = await fill(counter)
        async with Browser(counter) as browser:
            browser.sign_in()
            page = (await browser.get(f"/customers/{parameters['customer_id']}")).text
            assert len(leaks(page)) >= 6
            assert "6 98 76 54 32" in leaks((await browser.get("/customers?q=Camille")).text)
            assert PHONE in (await browser.get("/customers/export/customers.csv")).text

    asyncio.run(story())
