"""The day's page: figures by lane and tender, counting the drawer, closes that stay."""

import re

from tests.integration.checkout.browser import OWN, add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML, desk


def lane_id(page: str) -> str:
    found = re.search(r'name="lane" value="([0-9a-f-]{36})"', page)
    assert found is not None
    return found[1]


def sell(counter: Counter, *items: str) -> None:
    counter.sell(*items)
    counter.pay()
    counter.settle()


def test_a_day_is_read_counted_and_closed_once(counter: Counter) -> None:
    async def story() -> None:
        sell(counter, "Croissant")
        sell(counter, "Tasse en grès")
        browser = desk(counter)
        page = await browser.page("/day", "fr")
        assert "2 ventes" in page
        assert "17,40 €" in page
        assert "Espèces" in page
        answer = await browser.fill("/day/close", lane=lane_id(page), number="1", float="x", counted="")
        assert answer.status_code == 422
        assert 'value="x"' in answer.text
        form = {"lane": lane_id(page), "number": "1", "float": "100", "counted": "117,30", "note": "soir"}
        answer = await browser.fill("/day/close", **form)
        assert answer.status_code == 303
        close = await browser.page(answer.headers["location"], "en")
        assert "These figures stay as they are" in close
        assert "117,40" in close
        assert "−0,10" in close
        again = await browser.fill("/day/close", **form)
        assert again.status_code == 422
        assert "closed in the meantime" in again.text
        assert "Nothing since then" in await browser.page("/day")
        table = await browser.get("/day/table.csv", headers={"accept-language": "fr"})
        assert "Espèces" in table.text
        assert "17.40" in table.text

    run(story())


def test_a_day_cannot_be_closed_over_an_open_sale(counter: Counter) -> None:
    async def story() -> None:
        browser = desk(counter)
        page = await browser.page("/day")
        counter.sell("Croissant")
        answer = await browser.fill("/day/close", lane=lane_id(page), number="1", counted="0")
        assert answer.status_code == 422
        assert "still open" in answer.text

    run(story())


def test_only_who_may_sees_and_closes_the_day(counter: Counter) -> None:
    async def story() -> None:
        page = await desk(counter).page("/day")
        add_staff(counter, "paul")
        browser = desk(counter, "paul")
        assert (await browser.get("/day", headers=HTML)).status_code == 403
        form = {"lane": lane_id(page), "number": "1", "counted": "0"}
        answer = await browser.post("/day/close", data=form, headers={"origin": OWN, **HTML})
        assert answer.status_code == 403
        unknown = await desk(counter).get("/day/closes/00000000-0000-0000-0000-000000000000", headers=HTML)
        assert unknown.status_code == 404
        assert (await desk(counter).get("/day?day=2199-99-99", headers=HTML)).status_code == 200

    run(story())
