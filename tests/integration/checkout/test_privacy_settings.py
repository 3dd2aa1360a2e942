"""Privacy settings and the record of incidents through the page."""

from typing import Any

from loyalty.domain.staff import Permission
from tests.integration.checkout.browser import Browser, add_staff, run
from tests.integration.checkout.counter import Counter

PATH = "/settings/privacy"
GOOD: dict[str, Any] = {
    "purges_inactive": "yes",
    "retention_months": "24",
    "notice_days": "14",
    "minimum_age": "15",
    "privacy_contact": "donnees@lumen.example",
    "camera_notice": "",
    "privacy_policy": "https://lumen.example/vie-privee",
    "security_policy": "",
    "status_page": "https://status.lumen.example",
}


def test_the_shop_decides_how_long_people_are_kept(counter: Counter) -> None:
    # row 201
    add_staff(counter, "everything-else", *(set(Permission) - {Permission.MANAGE_SHOP}))

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("everything-else")
            assert (await browser.get(PATH)).status_code == 403
            assert (await browser.send_form(PATH, **GOOD)).status_code == 403
            browser.sign_in()
            assert 'value="36"' in (await browser.get(PATH)).text
            wrong = await browser.send_form(
                PATH, **{**GOOD, "retention_months": "3", "privacy_policy": "javascript:alert(1)"}
            )
            assert wrong.status_code == 422
            for field in ("retention_months", "privacy_policy"):
                assert f'id="{field}-fault"' in wrong.text
            assert (await browser.send_form(PATH, **GOOD)).status_code == 303
            page = (await browser.get(PATH)).text
            assert "donnees@lumen.example" in page

    run(story())
    with counter.database.reading() as unit:
        settings = unit.privacy.settings()
        deed = unit.audit.of_subject("settings:privacy")[-1]
    assert (settings.retention_months, settings.notice_days, settings.minimum_age) == (24, 14, 15)
    assert "privacy_contact" in str(deed.params["settings"])
    assert "lumen" not in str(deed.params)


def test_what_customers_read_reaches_the_kiosk_at_once(counter: Counter) -> None:
    # part of row 201
    before = counter.link.desired[-1][1] if counter.link.desired else None
    notice = "La caméra ne garde rien."

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            form = {**GOOD, "camera_notice": f"{notice}\u202e", "privacy_contact": "x" * 300}
            assert (await browser.send_form(PATH, **form)).status_code == 303
            counter.settle()
            long = counter.link.desired[-1][1]
            assert long.kiosk.privacy_contact == "x" * 80
            assert (await browser.send_form(PATH, **{**GOOD, "minimum_age": "0"})).status_code == 303
            counter.settle()
            last = counter.link.desired[-1][1]
            assert last.version == long.version + 1
            assert (last.kiosk.privacy_contact, last.kiosk.camera_notice) == ("donnees@lumen.example", None)
            assert last.kiosk.minimum_age == 0
            assert (long.kiosk.camera_notice, long.kiosk.minimum_age) == (notice, 15)
            assert before is None or before.version < long.version

    run(story())


def test_an_incident_is_written_down_and_who_was_told_is_added(counter: Counter) -> None:
    # row 201
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            form = {"happened_on": "2026-11-20", "what": "Une liste perdue", "told": ""}
            future = await browser.send_form(f"{PATH}/incidents", **{**form, "happened_on": "2027-01-01"})
            assert future.status_code == 422
            empty = await browser.send_form(f"{PATH}/incidents", **{**form, "what": " "})
            assert 'id="what-fault"' in empty.text
            assert (await browser.send_form(f"{PATH}/incidents", **form)).status_code == 303
            with counter.database.reading() as unit:
                (incident,) = unit.privacy.incidents()
            told = {**form, "told": "L’autorité, le 21", "incident": str(incident.id)}
            assert (await browser.send_form(f"{PATH}/incidents", **told)).status_code == 303
            assert "L’autorité, le 21" in (await browser.get(PATH)).text

    run(story())
    with counter.database.reading() as unit:
        (incident,) = unit.privacy.incidents()
    assert incident.changed_at is not None
