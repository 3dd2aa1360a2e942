"""Duplicates in a real browser: looked at, at a phone's and a desk's width."""

import pytest
from playwright.sync_api import expect

from loyalty.domain.address import PostalAddress
from loyalty.domain.booking.birthday import Birthday
from loyalty.domain.duplicate_pair import DuplicatePair, ordered_pair
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.reasons import Agreement
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import SHOTS, OpenPage
from tests.ui.checkout.served import ServedCounter

WIDTHS = {"phone": (390, 844), "desktop": (1440, 900)}


def _fill(served: ServedCounter) -> str:
    zoe, idris = (served.counter.customer_id(name) for name in ("Zoé", "Idris"))
    with served.counter.database.unit_of_work() as unit:
        first, second = ordered_pair(zoe, idris)
        agreements = {
            Field.GIVEN_NAME: Agreement.ALIKE,
            Field.FAMILY_NAME: Agreement.EQUAL,
            Field.BIRTHDAY: Agreement.EQUAL,
            Field.PHONE: Agreement.DIFFERENT,
        }
        at = served.counter.clock.now()
        unit.duplicates.propose(DuplicatePair(first, second, 0.937, agreements, at))
        for customer_id in (zoe, idris):
            unit.birthdays.put(customer_id, Birthday(3, 9, 1987))
        unit.profiles.put_addresses(idris, [PostalAddress(line_1="3 rue du Lac", locality="Annecy")])
        unit.commit()
    return f"/duplicates/merge?kept={zoe}&gone={idris}"


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", ["empty", "list", "merge"])
def test_a_page_is_whole_at_each_width(
    served: ServedCounter, open_page: OpenPage, name: str, width: str
) -> None:
    path = "/duplicates" if name == "empty" else _fill(served)
    path = path if name == "merge" else "/duplicates"
    page = open_page(path, width=WIDTHS[width][0], height=WIDTHS[width][1])
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"duplicates-{name}-{width}.png", full_page=True)
    assert accessibility_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_two_profiles_are_merged_and_parted_by_keyboard_without_a_script(
    served: ServedCounter, open_page: OpenPage
) -> None:
    # part of row 182
    _fill(served)
    page = open_page("/duplicates", has_script=False)
    page.get_by_role("link", name="Comparer").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Une personne ou deux ?")
    page.get_by_role("group", name="Prénom").get_by_label("Idris").check()
    page.get_by_role("button", name="Fusionner les deux").press("Enter")
    expect(page.get_by_role("status")).to_have_text("Fusionnées. Vous pouvez annuler ci-dessous.")
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "duplicates-merged.png", full_page=True)
    page.get_by_text("Annuler la fusion").first.press("Enter")
    page.get_by_role("button", name="Oui, séparer les deux fiches").press("Enter")
    expect(page.get_by_role("status")).to_have_text("La fusion est annulée.")
