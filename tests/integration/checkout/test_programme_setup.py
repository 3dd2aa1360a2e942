"""The questions that set up a first programme."""

from loyalty.domain.accrual import VisitRule
from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk, fields_of, forget_programme, programme


def test_a_counter_is_led_through_a_few_questions(counter: Counter) -> None:
    # row 138
    forget_programme(counter)

    async def story() -> None:
        async with desk(counter) as browser:
            assert "Set up the programme" in await browser.page("/programme")
            assert "no programme yet" in await browser.page("/home")
            text = await browser.page("/programme/setup")
            assert "Step 1 of 6" in text

            async def step(go: str = "next", **changed: str) -> str:
                answer = await browser.fill("/programme/setup", **{**fields_of(text), **changed, "go": go})
                assert answer.status_code in (200, 303, 422), answer.status_code
                return answer.text

            text = await step(earn_by="visit")
            assert "Points for a visit" in text
            text = await step(visit_minimum="nothing")
            assert "An amount from 0,00 €" in text
            assert 'value="nothing"' in text
            text = await step(visit_minimum="5")
            text = await step(points_name_one="tampon", points_name_many="tampons")
            text = await step()
            assert "Give the reward a name" in text
            text = await step(reward_name="Café offert", reward_points="10")
            text = await step("back")
            assert 'value="Café offert"' in text
            text = await step()
            text = await step(expiry="never")
            assert "This is your programme" in text
            assert "1 tampon for each visit of more than 5,00 €" in text
            answer = await browser.fill("/programme/setup", **{**fields_of(text), "go": "publish"})
            assert answer.headers["location"] == "/programme?done=published"
            assert (await browser.get("/programme/setup")).headers["location"] == "/programme"

    run(story())
    made = programme(counter)
    assert made.version == 1
    assert made.accrual == VisitRule(1, 500)
    assert made.tiers[0].name == "Café offert"
