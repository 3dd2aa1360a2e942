"""Promotions, and what a sale would earn."""

import re

import pytest

from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML, a_promotion, desk, programme


def test_a_promotion_is_made_runs_and_is_cancelled(counter: Counter) -> None:
    # row 134
    async def story() -> None:
        async with desk(counter) as browser:
            assert "No promotion runs" in await browser.page("/promotions")
            windows = {"hours": "windows", "days_1": ["1", "2"], "start_1": "14:00", "end_1": "16:00"}
            await browser.fill("/promotions/new", **a_promotion(**windows))
            await browser.fill("/promotions/new", **a_promotion(name="À venir", first_day="2026-12-01",
                               gives="points_addition", points="10", minimum="20", limit="1", per="day"))  # fmt: skip
            text = await browser.page("/promotions")
            assert "Runs, not at this hour" in text
            assert "Planned" in text
            assert "Tuesday" in text
            assert "14:00" in text
            assert "1 time a day for each member" in text
            counter.clock.advance(3 * 3600)  # 14:00 in the shop
            assert "Runs now" in await browser.page("/promotions")
            first = re.findall(r"/promotions/([0-9a-f-]{36})/cancel", text)
            for each in first:
                assert (await browser.fill(f"/promotions/{each}/cancel")).status_code == 303
            assert (await browser.fill(f"/promotions/{first[0]}/cancel")).headers["location"].endswith("over")
            assert "Cancelled" in await browser.page("/promotions")

    run(story())


def test_the_eleventh_promotion_and_a_name_of_71_characters_are_refused(counter: Counter) -> None:
    # row 134
    async def story() -> None:
        async with desk(counter) as browser:
            long = await browser.fill("/promotions/new", **a_promotion(name="z" * 71))
            assert long.status_code == 422
            assert "The name has 71 characters; at most 70 fit." in long.text
            for number in range(10):
                answer = await browser.fill("/promotions/new", **a_promotion(name=f"P{number}"))
                assert answer.status_code == 303
            eleventh = await browser.fill("/promotions/new", **a_promotion(name="P10"))
            assert eleventh.status_code == 422
            assert "10 promotions run or are planned already" in eleventh.text
            assert 'value="P10"' in eleventh.text
            assert 'href="/promotions/new"' not in await browser.page("/promotions")

    run(story())


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"multiplier": "1"}, "A number of more than 1 and at most 10"),
        ({"multiplier": "abc"}, "A number of more than 1 and at most 10"),
        ({"first_day": "2026-02-30"}, "This is no day of the calendar"),
        ({"last_day": "2026-11-01"}, "The last day is before the first one"),
        ({"first_day": "2026-11-01", "last_day": "2026-11-02"}, "This promotion is over already"),
        ({"hours": "windows"}, "Choose at least one"),
        ({"hours": "windows", "days_1": "1", "start_1": "25:00"}, "A time such as 14:30"),
        ({"goods": "items"}, "Choose at least one"),
        ({"limit": "31"}, "A number from 1 to 30"),
        ({"minimum": "-1"}, "An amount from"),
    ],
)
def test_a_promotion_that_cannot_be_is_refused_with_the_reason(
    counter: Counter, changed: dict[str, str], sentence: str
) -> None:
    async def story() -> None:
        async with desk(counter) as browser:
            answer = await browser.fill("/promotions/new", **a_promotion(**changed))
            assert answer.status_code == 422
            assert sentence in answer.text

    run(story())


# --- what would this sale earn ---------------------------------------------------------------------


def test_trying_a_sale_shows_every_reason_and_stores_nothing(counter: Counter) -> None:
    # row 173
    candle, coffee = counter.item("Bougie parfumée"), counter.item("Café filtre")
    tier = programme(counter).tiers[0].id
    group = counter.shop.group.id

    async def story() -> None:
        async with desk(counter) as browser:
            await browser.fill("/promotions/new", **a_promotion())
            query = f"item-{candle}=1&item-{coffee}=2&member=card&group={group}&tier={tier}&day=2026-11-24&time=15%3A00"
            text = await browser.page(f"/programme/try?{query}")
            assert "10% for the group “Amis de la maison”, on 29,00 €" in text
            assert "Reward for 10 points" in text
            assert "1 point for each 1,00 € of 24,10 €" in text
            assert "24 more points: promotion “Points doublés”, points × 2" in text
            assert "48 points" in text
            nobody = await browser.page(f"/programme/try?item-{candle}=1&member=none")
            assert "No points: the customer is not in the programme" in nobody
            typed = await browser.page(f"/programme/try?item-{candle}=1&member=typed&group={group}")
            assert "waits for your tap" in typed
            wrong = await browser.get(f"/programme/try?item-{candle}=-1", headers=HTML)
            assert wrong.status_code == 422
            assert (
                await browser.get("/programme/try?item-x=1&day=&tier=zz", headers=HTML)
            ).status_code == 200

    run(story())
    assert counter.till().sale is None
    assert counter.balance("Camille") == 34
