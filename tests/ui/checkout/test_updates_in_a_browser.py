"""Updates of the devices in a real browser: looked at, at a phone's and a desk's width."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from fleet.desk.rules import Pace
from tests.fakes.fleet_desk import DeskBeside
from tests.patience import PATIENCE_MS
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import SHOTS, OpenPage
from tests.ui.checkout.served import ServedCounter

WIDTHS = {"phone": (390, 844), "desktop": (1440, 900)}


def _fill(served: ServedCounter, state: str) -> DeskBeside:
    beside = DeskBeside(served.counter, "1.0.0", "1.0.1")
    if state == "start":
        return beside
    beside.fleet.desk.start("1.0.1", Pace((5, 25, 100), timedelta(hours=24)))
    beside.report("s0001.k01", running="1.0.1")
    beside.report(
        "s0001.k02", target="1.0.1", stage="downloading", bytes_done=6_100_000, bytes_total=9_400_000
    )
    beside.report("s0001.h01", target="1.0.1", stage="trial")
    if state == "halted":
        for device in ("s0001.k02", "s0001.h01"):
            beside.went_back(device, "1.0.1", "health: scan: the station did not answer")
    return beside


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("state", ["none", "start", "running", "halted"])
def test_the_page_is_whole_at_each_width(
    served: ServedCounter, open_page: OpenPage, state: str, width: str
) -> None:
    if state != "none":
        _fill(served, state)
    page = open_page("/updates", width=WIDTHS[width][0], height=WIDTHS[width][1])
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"updates-{state}-{width}.png", full_page=True)
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_progress_shows_by_itself(served: ServedCounter, open_page: OpenPage) -> None:
    beside = _fill(served, "running")
    page = open_page("/updates")
    expect(page.get_by_text("Téléchargement").first).to_be_visible()

    beside.report("s0001.k02", running="1.0.1")

    expect(page.get_by_text("Téléchargement")).to_have_count(0, timeout=PATIENCE_MS)


def test_a_rollout_begun_elsewhere_shows_by_itself_once_the_last_one_is_over(
    served: ServedCounter, open_page: OpenPage
) -> None:
    beside = DeskBeside(served.counter, "1.0.0", "1.0.1", "1.0.2")
    desk = beside.fleet.desk
    desk.start("1.0.1", Pace((100,), timedelta()))
    beside.report("s0001.k01", running="1.0.1")
    page = open_page("/updates")
    expect(page.get_by_text("Terminé", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Déployer une version")).to_be_visible()

    begun = desk.start("1.0.2", Pace((100,), timedelta()))

    expect(page.get_by_role("heading", name="Version 1.0.2")).to_contain_text("En cours", timeout=PATIENCE_MS)
    expect(page.get_by_role("heading", name="Déployer une version")).to_have_count(0)
    expect(page.get_by_role("region", name="Déploiements précédents")).to_contain_text("1.0.1")

    beside.went_back("s0001.k01", "1.0.2", "health: scan: the decoder read nothing")

    expect(page.get_by_role("heading", name="Version 1.0.2")).to_contain_text("Arrêtée", timeout=PATIENCE_MS)
    choice = page.get_by_label("Version", exact=True)
    expect(choice).to_have_value("1.0.1")
    expect(choice.get_by_role("option", name="1.0.2")).to_have_text("1.0.2 (a été arrêtée)")
    expect(page.locator("#stopped")).to_contain_text("Un code n’a pas été lu")
    assert begun.number == 2


def test_what_is_typed_and_opened_outlives_what_comes_in(served: ServedCounter, open_page: OpenPage) -> None:
    beside = _fill(served, "halted")
    page = open_page("/updates")
    page.get_by_label("Heures d’observation par étape").fill("72")
    first = page.get_by_role("listitem").filter(has_text="s0001.h01")
    first.get_by_text("Ses dernières lignes").click()
    expect(first.get_by_text("line 2")).to_be_visible()

    beside.report("s0001.k01", running="1.0.1", trouble="fetch: the server is away")

    expect(page.get_by_text("fetch: the server is away")).to_be_visible(timeout=PATIENCE_MS)
    expect(first.get_by_text("line 2")).to_be_visible()
    expect(page.get_by_label("Heures d’observation par étape")).to_have_value("72")


def test_a_rollout_is_begun_by_keyboard_without_a_script(served: ServedCounter, open_page: OpenPage) -> None:
    beside = _fill(served, "start")
    page = open_page("/updates", has_script=False)
    page.get_by_label("Version", exact=True).select_option("1.0.1")
    page.get_by_role("button", name="Commencer par la première étape").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("C’est décidé")

    page.get_by_role("button", name="Arrêter").press("Enter")

    expect(page.get_by_role("alert").first).to_contain_text("Arrêtée à la main.")
    assert beside.fleet.desk.store.rollouts()[0].status == "halted"
