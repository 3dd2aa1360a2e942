"""Live streams begin with a snapshot, resume, and end with the session."""

import asyncio

import pytest

from checkout.web import watch
from messaging.events.code_read import CodeRead
from tests.integration.checkout.browser import Browser, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.streams import looking, stream_of


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
def test_a_revoked_session_closes_its_streams_within_a_second(
    counter: Counter, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # row 211
    looks: list[bool] = []
    monkeypatch.setattr(watch, "session_of", looking(looks))
    assert 2 * watch.CHECK_EVERY_S < 1.0

    async def story() -> None:
        async with Browser(counter) as browser:
            token = browser.sign_in()
            async with stream_of(counter, token) as events:
                await anext(events)
                await asyncio.to_thread(revoke, browser, how)
                before = len(looks)
                async for _ in events:
                    continue
                assert len(looks) - before <= 2, "one look may have begun before; the next one ends it"

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
