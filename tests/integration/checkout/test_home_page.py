"""The staff's first page, and the programme's pages without the permission."""

import pytest

from loyalty.domain.staff import Permission
from tests.integration.checkout.browser import add_staff, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import desk, programme

# --- home ------------------------------------------------------------------------------------------


def test_home_shows_what_the_role_allows_and_nothing_else(counter: Counter) -> None:
    # row 211
    add_staff(counter, "books", Permission.VIEW_REPORTS)

    async def story() -> None:
        async with desk(counter) as browser:
            whole = await browser.page("/home")
            for path in (
                "/lanes",
                "/programme",
                "/promotions",
                "/activity",
                "/reports",
                "/points",
                "/health",
            ):
                assert f'href="{path}"' in whole
            assert (await browser.get("/")).headers["location"] == "/home"
        async with desk(counter, "books") as browser:
            part = await browser.page("/home")
            assert 'href="/activity"' in part
            for path in ("/lanes", "/programme", "/promotions", "/points"):
                assert f'href="{path}"' not in part
        async with desk(counter, "caisse") as browser:
            assert (await browser.get("/")).headers["location"] == "/till/1"

    run(story())


@pytest.mark.parametrize(
    "path",
    ["/programme", "/programme/versions", "/programme/change", "/programme/change/rule",
     "/programme/change/points", "/programme/change/rewards/new", "/programme/publish", "/programme/setup",
     "/programme/try", "/promotions", "/promotions/new", "/activity", "/activity.csv", "/reports",
     "/reports/months.csv", "/points"],
)  # fmt: skip
def test_a_page_is_refused_without_its_permission(counter: Counter, path: str) -> None:
    # row 211
    async def story() -> None:
        async with desk(counter, "caisse") as browser:
            assert (await browser.get(path)).status_code == 403

    run(story())


@pytest.mark.parametrize(
    "path",
    ["/programme/change/rule", "/programme/change/points", "/programme/change/rewards/new",
     "/programme/change/switch", "/programme/change/discard", "/programme/publish", "/programme/setup",
     "/promotions/new", "/points"],
)  # fmt: skip
def test_a_form_is_refused_without_its_permission_and_from_elsewhere(counter: Counter, path: str) -> None:
    # row 211
    async def story() -> None:
        async with desk(counter, "caisse") as browser:
            assert (await browser.send_form(path)).status_code == 403
        async with desk(counter) as browser:
            elsewhere = await browser.post(path, data={}, headers={"origin": "http://evil.example"})
            assert elsewhere.status_code == 403
            assert elsewhere.json() == {"error": "foreign_origin"}

    run(story())
    assert programme(counter).version == 1
