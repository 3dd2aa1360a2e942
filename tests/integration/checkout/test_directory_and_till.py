"""The directory and the till show the same people, and what only one of them can do."""

import re
from uuid import uuid4

from checkout.public.app import create_public_app
from checkout.web.app import PAGES
from tests.integration.checkout.browser import run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import Desk, desk
from tests.integration.checkout.test_customer_pages import open_form


def test_a_profile_made_changed_or_deleted_in_one_place_is_so_in_the_other(counter: Counter) -> None:
    # row 18
    counter.sell("Croissant")

    async def story() -> None:
        async with Desk(counter) as owner:
            owner.sign_in()
            made = await owner.fill(
                "/customers/new", key=str(uuid4()), given_name="Salomé", family_name="Ferrand"
            )
            path = made.headers["location"].partition("?")[0]
            assert "Salomé Ferrand" in await owner.page("/till/1/member?q=Ferrand")
            done = await owner.fill(
                "/till/1/member/new",
                sale=str(counter.open_sale_id()),
                key=str(uuid4()),
                given_name="Otto",
                family_name="Ferrand",
            )
            assert done.status_code == 303, done.text
            assert "Otto Ferrand" in await owner.page("/customers?q=Ferrand")
            form = await open_form(owner, f"{path}/edit/personal")
            changed = await owner.fill(f"{path}/edit/personal", **form | {"family_name": "Ferrand-Lys"})
            assert changed.status_code == 303
            assert "Salomé Ferrand-Lys" in await owner.page("/till/1/member?q=Lys")
            assert (await owner.fill(f"{path}/erase", word="ERASE")).status_code == 200
            assert "Ferrand-Lys" not in await owner.page("/till/1/member?q=Lys")
            assert "Ferrand-Lys" not in await owner.page("/customers?q=Lys")

    run(story())


def test_many_customers_are_brought_along_in_the_back_office_alone(counter: Counter) -> None:
    # row 19
    ways = {
        route.path
        for module in PAGES
        for route in module.router.routes
        if "import" in route.path and "catalogue" not in route.path
    }
    assert ways
    assert all(path.startswith("/customers/import") for path in ways)
    outside = {getattr(route, "path", "") for route in create_public_app(counter.web, None, "door").routes}
    assert not [path for path in outside if "import" in path]

    async def story() -> None:
        async with desk(counter) as owner:
            for page in ("/till/1", "/till/1/member"):
                assert not re.search(r"href=\"[^\"]*import", await owner.page(page)), page
        async with desk(counter, "caisse") as cashier:
            assert (await cashier.get("/customers/import")).status_code == 403

    run(story())
