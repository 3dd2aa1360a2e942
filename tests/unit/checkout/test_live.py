"""Feeds of lanes: changes reach open streams at once, missed ones are made up, closing ends streams."""

import asyncio
import threading

import pytest

from checkout.live import LaneFeeds


def test_a_change_published_on_another_thread_reaches_the_stream() -> None:
    async def story() -> str:
        feeds: LaneFeeds[str] = LaneFeeds()
        stream = feeds.subscribe(1)
        threading.Thread(target=feeds.publish, args=(1, "view")).start()
        change = await stream.next(5)
        assert change is not None
        return change.view

    assert asyncio.run(story()) == "view"


def test_a_stream_of_another_lane_hears_nothing() -> None:
    async def story() -> None:
        feeds: LaneFeeds[str] = LaneFeeds()
        stream = feeds.subscribe(2)
        feeds.publish(1, "of lane one")
        with pytest.raises(TimeoutError):
            await stream.next(0.05)

    asyncio.run(story())


def test_what_was_missed_comes_in_order_and_a_long_absence_gets_the_newest_alone() -> None:
    feeds: LaneFeeds[int] = LaneFeeds()
    numbers = [feeds.publish(1, value).number for value in range(100)]
    assert [change.view for change in feeds.missed(1, numbers[-3])] == [98, 99]
    assert [change.view for change in feeds.missed(1, numbers[0])] == [99]
    assert feeds.missed(1, numbers[-1]) == []
    assert [change.view for change in feeds.missed(1, 10**9)] == [99]


def test_a_page_that_does_not_read_loses_older_states_and_keeps_the_newest() -> None:
    async def story() -> int:
        feeds: LaneFeeds[int] = LaneFeeds()
        stream = feeds.subscribe(1)
        for value in range(500):
            feeds.publish(1, value)
        await asyncio.sleep(0)
        last = -1
        while True:
            try:
                change = await stream.next(0.05)
            except TimeoutError:
                return last
            assert change is not None
            last = change.view

    assert asyncio.run(story()) == 499


def test_closing_ends_every_stream() -> None:
    async def story() -> None:
        feeds: LaneFeeds[str] = LaneFeeds()
        streams = [feeds.subscribe(lane) for lane in (1, 1, 2)]
        feeds.close_all()
        assert [await stream.next(5) for stream in streams] == [None, None, None]

    asyncio.run(story())


def test_a_draft_is_drawn_and_only_a_released_one_is_shown() -> None:
    async def story() -> tuple[list[str], list[str]]:
        feeds: LaneFeeds[str] = LaneFeeds()
        drawn: list[str] = []
        stream = feeds.subscribe(1, on_draft=lambda change: drawn.append(change.view))
        feeds.draft(1, "its transaction failed")
        committed = feeds.draft(1, "committed")
        await asyncio.sleep(0.01)
        assert feeds.newest(1) is None
        with pytest.raises(TimeoutError):
            await stream.next(0.05)
        feeds.release(1, committed)
        change = await stream.next(5)
        assert change is not None
        return drawn, [change.view]

    assert asyncio.run(story()) == (["its transaction failed", "committed"], ["committed"])
