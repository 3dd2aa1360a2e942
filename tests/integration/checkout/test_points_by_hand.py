"""Points that staff give or take: looked at, booked once, refused with the reason."""

from uuid import UUID

import pytest

from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk, fields_of

# --- points by hand --------------------------------------------------------------------------------


def test_points_by_hand_are_looked_at_then_booked_once_with_their_reason(counter: Counter) -> None:
    # row 181
    async def story() -> None:
        async with desk(counter) as browser:
            found = await browser.page("/points?member=06+12+00+00+01")
            assert "Camille Moreau" in found
            form = fields_of(found) | {"points": "6", "direction": "take", "reason": "Erreur de caisse"}
            look = await browser.fill("/points", **form)
            assert "Is this right?" in look.text
            assert "New balance: 28 points" in look.text
            assert counter.balance("Camille") == 34
            for _ in range(2):
                assert (await browser.fill("/points", **form, go="book")).status_code == 303
            assert counter.balance("Camille") == 28
            assert "By hand: Erreur de caisse" in await browser.page("/activity")

    run(story())


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"points": "0"}, "A number from 1 to 1 000 000"),
        ({"points": "999999999"}, "A number from 1 to 1 000 000"),
        ({"reason": " \x00 "}, "Say why"),
        ({"points": "35", "go": "book"}, "1 point missing"),
    ],
)
def test_points_by_hand_are_refused_with_the_reason(
    counter: Counter, changed: dict[str, str], sentence: str
) -> None:
    # row 181
    async def story() -> None:
        async with desk(counter) as browser:
            found = await browser.page("/points?member=000123456")
            form = fields_of(found) | {"points": "5", "direction": "take", "reason": "x", **changed}
            answer = await browser.fill("/points", **form)
            assert answer.status_code == 422
            assert sentence in answer.text

    run(story())
    assert counter.balance("Camille") == 34


def test_nobody_changes_their_own_points(counter: Counter) -> None:
    # row 206
    with counter.database.unit_of_work() as unit:
        unit.staff.link_customer(counter.shop.staff.id, counter.customer_id("Camille"))
        unit.commit()

    async def story() -> None:
        async with desk(counter) as browser:
            assert "Nobody changes the points of their own account" in await browser.page(
                "/points?member=000123456"
            )
            form = {"customer": str(counter.customer_id("Camille")), "direction": "add", "points": "5",
                    "key": str(UUID(int=7)), "reason": "x", "go": "book"}  # fmt: skip
            assert (await browser.fill("/points", **form)).status_code == 422

    run(story())
    assert counter.balance("Camille") == 34
