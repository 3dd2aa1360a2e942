"""The activity report, the reports as figures and CSV, unusual days."""

import csv
import io
import re
from datetime import date, timedelta
from uuid import UUID

from loyalty.domain.ledger import EntryKind
from loyalty.domain.sale import SaleChannel
from loyalty.domain.staff import Permission
from loyalty.services.adjust_points import adjust_points
from loyalty.services.daily_digest import add_digest
from loyalty.services.take_order import Contact, OrderedItem, OrderTaken, PaidOrder, take_order
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML, desk, sell_to

# --- activity and reports --------------------------------------------------------------------------


def test_the_activity_names_day_member_kind_lane_and_why(counter: Counter) -> None:
    # rows 126, 173
    sell_to(counter, "Camille", "Bougie parfumée")

    async def story() -> None:
        async with desk(counter) as browser:
            text = await browser.page("/activity")
            assert "Camille Moreau" in text
            assert "06 12 00 00 01" in text
            assert "1 point for each 1,00 € of 21,60 €" in text
            assert "Lane 1" in text
            only = await browser.page("/activity?kind=earn&by=lane")
            assert only.count('class="entry"') == 1
            assert 'data-kind="earn"' in only
            assert "Idris" not in await browser.page("/activity?member=0612000001")
            assert "Camille" in await browser.page("/activity?member=000123456&by=day")
            for by in ("member", "kind", "day"):
                assert "<tbody>" in await browser.page(f"/activity?by={by}")
            assert "Nothing here" in await browser.page("/activity?from=2020-01-01&to=2020-01-02")
            for query, sentence in (
                ("member=nobody", "Nobody is found under this number"),
                ("from=2026-13-01", "This is no day of the calendar"),
                ("from=2026-11-24&to=2026-11-01", "The last day is before the first one"),
                ("from=2001-01-01", "At most a year at once"),
            ):
                answer = await browser.get(f"/activity?{query}", headers={**HTML, "accept-language": "en"})
                assert answer.status_code == 422
                assert sentence in answer.text

    run(story())


def test_what_invoices_earned_is_in_activity_reports_and_profile(counter: Counter) -> None:
    # row 126
    tasse = OrderedItem(counter.item("Tasse en grès"))
    with counter.database.unit_of_work() as unit:
        for number in ("2026-001", "2026-002"):
            order = PaidOrder(SaleChannel.INVOICE, number, (tasse,), Contact("06 12 00 00 02"))
            assert isinstance(take_order(unit, counter.station.ctx, order), OrderTaken)
        unit.commit()
    sell_to(counter, "Idris", "Tasse en grès")
    idris = counter.customer_id("Idris")

    async def story() -> None:
        async with desk(counter) as browser:
            entries = await browser.page(f"/activity?customer={idris}")
            assert entries.count("<span>Invoices</span>") == 2
            assert "9001" not in entries
            lane = re.search(r'<option value="([^"]+)">Invoices</option>', entries)
            assert lane is not None
            only = await browser.page(f"/activity?lane={lane[1]}&by=lane")
            assert only.count('class="entry"') == 2
            assert '<th scope="row" class="roomy">Invoices</th>' in only
            assert "Invoices" in (await browser.get("/activity.csv", headers={"accept-language": "en"})).text
            assert '<th scope="row">Invoices</th>' in await browser.page("/reports")
            profile = await browser.page(f"/customers/{idris}")
            assert "32 points in all by invoices" in profile
            assert "Factures" in await browser.page(f"/customers/{idris}", "fr")
            assert "by invoices" not in await browser.page(f"/customers/{counter.customer_id('Camille')}")

    run(story())


def test_activity_masks_contact_data_without_the_permission(counter: Counter) -> None:
    # row 9
    add_staff(counter, "books", Permission.VIEW_REPORTS)

    async def story() -> None:
        async with desk(counter, "books") as browser:
            for path in ("/activity", "/activity.csv", "/activity?by=member"):
                text = (await browser.get(path)).text
                assert "12 00 00" not in text
                assert "+336" not in text
                assert "Camille" not in text
                assert "•• 01" in text

    run(story())


def test_activity_as_csv_is_whole_and_holds_no_formula(counter: Counter) -> None:
    # row 209
    customer = counter.customer_id("Camille")

    async def story() -> None:
        async with desk(counter) as browser:
            form = {"customer": str(customer), "direction": "add", "points": "5", "key": str(UUID(int=7)),
                    "reason": '=HYPERLINK("http://evil")\x07', "go": "book"}  # fmt: skip
            assert (await browser.fill("/points", **form)).status_code == 303
            answer = await browser.get("/activity.csv", headers={"accept-language": "en"})
            assert answer.headers["content-type"].startswith("text/csv")
            assert "attachment" in answer.headers["content-disposition"]
            rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
            assert len(rows) == 4
            assert rows[-1]["Points"] == "5"
            assert rows[-1]["By"] == "Lucie"
            for row in rows:
                for cell in row.values():
                    assert not cell.startswith(("=", "+", "@", "\t", "-"))
                    assert cell.isprintable()

    run(story())


def test_pages_of_activity_follow_each_other_without_gap_or_repetition(counter: Counter) -> None:
    customer = counter.customer_id("Zoé")

    async def story() -> None:
        async with desk(counter) as browser:
            for number in range(60):
                form = {"customer": str(customer), "direction": "add", "points": "1", "reason": f"n° {number}",
                        "key": str(UUID(int=number + 1)), "go": "book"}  # fmt: skip
                assert (await browser.fill("/points", **form)).status_code == 303
            seen: list[str] = []
            path: str | None = "/activity?kind=adjust"
            while path:
                text = await browser.page(path)
                seen += re.findall(r"n° \d+", text)
                following = re.search(r'href="(/activity\?[^"]*after=[^"]*)"', text)
                path = following[1].replace("&amp;", "&") if following else None
            assert len(seen) == len(set(seen)) == 60

    run(story())


def test_reports_count_the_visits_that_pricing_counts_and_the_points(counter: Counter) -> None:
    # row 166
    sell_to(counter, "Camille", "Bougie parfumée")
    sell_to(counter, "Idris", "Tasse en grès")
    counter.sell("Croissant")
    counter.pay()

    async def story() -> None:
        async with desk(counter) as browser:
            text = await browser.page("/reports")
            assert re.search(r"Visits that count, this month</dt><dd class=\"value\">2<", text)
            assert text.count("<svg") >= 3
            assert 'role="img"' in text
            assert "November 2026" in text
            answer = await browser.get("/reports/months.csv", headers={"accept-language": "en"})
            rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
            assert len(rows) == 12
            assert rows[-1]["Month"] == "2026-11"
            assert rows[-1]["Visits that count"] == "2"
            with counter.database.reading() as unit:
                booked = unit.reports.sums_by_kind(counter.clock.now() - timedelta(days=5), counter.clock.now()
                                                   + timedelta(days=1))  # fmt: skip
            issued = booked[EntryKind.EARN] + booked[EntryKind.OPENING]
            assert rows[-1]["Issued"] == str(issued)

    run(story())


def test_five_earning_visits_on_a_day_are_listed_as_unusual(counter: Counter) -> None:
    # row 185
    for _ in range(5):
        sell_to(counter, "Camille", "Tasse en grès")

    async def story() -> None:
        async with desk(counter) as browser:
            text = await browser.page("/reports")
            assert "5 visits on 24 November 2026" in text
            assert "Camille Moreau" in text

    run(story())


def test_the_digest_of_a_day_names_who_came_often_and_what_colleagues_did(counter: Counter) -> None:
    # row 185
    add_staff(counter, "books", Permission.VIEW_REPORTS)
    for _ in range(5):
        sell_to(counter, "Camille", "Tasse en grès")
    with counter.database.unit_of_work() as unit:
        customer_id = counter.customer_id("Idris")
        for key in ("a", "b"):
            adjust_points(
                unit, counter.station.ctx, customer_id, 1, counter.shop.staff, reason="geste", key=key
            )
        unit.commit()

    async def story() -> None:
        async with desk(counter) as browser:
            text = await browser.page("/reports/digest?day=2026-11-24")
            assert "Camille Moreau" in text
            assert "5 visits on 24 November 2026" in text
            row = re.search(r'<th scope="row" class="roomy">Lucie</th>(.*?)</tr>', text)
            assert row is not None
            assert re.findall(r">([^<>]+)</td>", row[1]) == ["0", "0,00 €", "0", "2"]
            assert "Nothing stood out" in await browser.page("/reports/digest")
            for day, sentence in (
                ("2026-13-01", "no day of the calendar"),
                ("2027-01-01", "A day up to today"),
            ):
                answer = await browser.get(
                    f"/reports/digest?day={day}", headers={**HTML, "accept-language": "en"}
                )
                assert answer.status_code == 422
                assert sentence in answer.text
            assert "stood out yesterday" not in await browser.page("/home")
        counter.clock.set_wall(counter.clock.now() + timedelta(days=1))
        with counter.database.unit_of_work() as unit:
            assert add_digest(unit, counter.station.ctx) == date(2026, 11, 24)
            unit.commit()
        async with desk(counter, "books") as browser:
            assert "Something stood out yesterday" in await browser.page("/home")
            text = await browser.page("/reports/digest")
            assert "5 visits on 24 November 2026" in text
            assert "Camille" not in text
            assert "12 00 00" not in text
        async with desk(counter, "caisse") as browser:
            assert (await browser.get("/reports/digest")).status_code == 403

    run(story())
