"""The audit log through the page: who may read it, what it finds, that it says no contact data."""

import html
import re

from loyalty.domain.audit import AuditAction
from loyalty.domain.staff import Permission
from loyalty.services.audit import note_deed
from tests.integration.checkout.browser import Browser, add_staff, run
from tests.integration.checkout.counter import Counter


def test_only_who_may_read_the_log_reads_it(counter: Counter) -> None:
    # row 74
    add_staff(counter, "everything-else", *(set(Permission) - {Permission.VIEW_AUDIT}))

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("everything-else")
            for path in ("/audit", "/audit/log.csv"):
                assert (await browser.get(path)).status_code == 403

    run(story())


def test_deeds_are_found_by_person_kind_subject_and_period(counter: Counter) -> None:
    customer = counter.customer_id("Camille")

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            await browser.send_form("/sign-in", login="caisse", password="wrong")
            await browser.send_form("/sign-in", login="+33612000001", password="wrong")
            form = {"purpose": "marketing_sms", "state": "granted", "channel": "letter", "words": "Oui"}
            await browser.send_form(f"/customers/{customer}/consents", **form)
            whole = (await browser.get("/audit")).text
            assert "Consentement noté" in whole
            assert "2 connexions ont échoué" in whole
            assert "0612" not in whole.replace(" ", "")
            assert "33612000001" not in whole
            by_kind = (await browser.get("/audit?kind=consent_recorded")).text
            assert by_kind.count("<li><time") == 1
            nobody = (await browser.get("/audit?who=nobody")).text
            assert nobody.count("<li><time") == 2
            by_who = (await browser.get(f"/audit?who={counter.shop.staff.id}")).text
            assert by_who.count("<li><time") == 1
            about = (await browser.get(f"/audit?about={customer}")).text
            assert about.count("<li><time") == 1
            empty = await browser.get("/audit?from=2026-01-01&to=2026-01-02")
            assert "Rien" in empty.text
            wrong = await browser.get("/audit?from=tomorrow&to=x&kind=nothing&who=x&after=x")
            assert wrong.status_code == 422

    run(story())


def test_a_long_log_is_read_page_by_page_and_kept_as_a_table(counter: Counter) -> None:
    with counter.database.unit_of_work() as unit:
        for number in range(150):
            params = {"name": f"=cmd|{number}"}
            note_deed(
                unit,
                counter.station.ctx,
                counter.shop.staff,
                action=AuditAction.PROMOTION_ADDED,
                subject="promotion:1",
                params=params,
            )
        unit.commit()

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            first = (await browser.get("/audit")).text
            assert first.count("<li><time") == 100
            (link,) = re.findall(r'href="(/audit\?[^"]*after=[^"]*)"', first)
            second = (await browser.get(html.unescape(link))).text
            assert second.count("<li><time") == 50
            table = (await browser.get("/audit/log.csv")).text
            assert table.count("\r\n") == 151
            assert "\n=" not in table
            assert ";=" not in table

    run(story())
