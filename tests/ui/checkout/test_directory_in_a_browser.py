"""The directory and its groups in a real browser: looks, accessibility, keyboard, search as one types."""

import json

from playwright.sync_api import expect

from loyalty.domain.filters import Comparator, FilterSet, Period, PeriodKind, filters_to_json
from loyalty.domain.filters.enrolled import Enrolled
from loyalty.domain.filters.visits import Visits
from loyalty.domain.group import Group, GroupDiscount
from loyalty.domain.presets import Preset, preset_filters
from loyalty.services.follow_groups import follow_slice
from runtime.ids import new_id
from tests.integration.checkout.desk import sell_to
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage
from tests.ui.checkout.served import ServedCounter
from tests.ui.checkout.test_programme_in_a_browser import shoot_whole

FILTERS = json.dumps(
    filters_to_json(FilterSet((Visits(Comparator.AT_LEAST, 1, Period(PeriodKind.WEEKS, 8)), Enrolled())))
)
PAGES = {
    "customers": "/customers",
    "customers_filtered": f"/customers?filters={FILTERS}",
    "customers_adding": "/customers?add=visits",
    "customers_nobody": "/customers?q=zzzz",
    "groups": "/groups",
}


def fill(served: ServedCounter) -> Group:
    """Sales, and a smart group that somebody joined."""
    counter = served.counter
    group = Group(new_id(), "Fidèles", GroupDiscount(100_000))
    with counter.database.unit_of_work() as unit:
        unit.groups.add(group)
        unit.groups.put_filters(group.id, preset_filters(Preset.REGULARS), Preset.REGULARS.value)
        unit.commit()
    for _ in range(3):
        follow(served)
        for name in ("Camille", "Zoé"):
            sell_to(counter, name, "Bougie parfumée", "Croissant")
    follow(served)
    return group


def follow(served: ServedCounter) -> None:
    done = 1
    while done:
        with served.counter.database.unit_of_work() as unit:
            done = follow_slice(unit, served.counter.station.ctx)
            unit.commit()


def test_pictures_and_faults_of_the_directory(served: ServedCounter, open_page: OpenPage) -> None:
    group = fill(served)
    pages = PAGES | {"group": f"/groups/{group.id}", "group_edit": f"/groups/{group.id}/edit"}
    for name, path in pages.items():
        for size, (width, height) in {"phone": (390, 844), "desktop": (1280, 800)}.items():
            page = open_page(path, width=width, height=height)
            shoot_whole(page, f"{name}_{size}")
            assert accessibility_faults(page) == [], (name, size)
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, (name, size)


def test_the_list_follows_what_is_typed(served: ServedCounter, open_page: OpenPage) -> None:
    page = open_page("/customers")
    search = page.get_by_role("searchbox")
    expect(search).to_be_focused()
    search.press_sequentially("lefe")
    expect(page.get_by_role("rowheader")).to_have_text(["Zoé Lefèvre"])
    search.fill("06 12 00 00 02")
    expect(page.get_by_role("rowheader")).to_have_text(["Idris Benali"])
    search.fill("personne ici")
    expect(page.get_by_role("heading", name="Personne n’est trouvé")).to_be_visible()
    search.press("Enter")
    expect(page.get_by_role("heading", name="Personne n’est trouvé")).to_be_visible()


def test_filters_without_javascript_by_keyboard(served: ServedCounter, open_page: OpenPage) -> None:
    # row 6
    sell_to(served.counter, "Zoé", "Croissant")
    page = open_page("/customers?add=last_visit", has_script=False)
    page.get_by_label("N’est pas venu").check()
    page.get_by_label("Au cours des derniers").check()
    page.get_by_label("Combien").fill("8")
    page.get_by_role("button", name="Afficher les clients").press("Enter")
    expect(page.get_by_role("rowheader")).to_have_text(["Idris Benali", "Camille Moreau"])
    expect(page.get_by_text("N’est pas venu, au cours des 8 dernières semaines")).to_be_visible()
