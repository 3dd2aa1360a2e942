"""The pages of single customers in a real browser: pictures at each width, no fault of accessibility."""

import pytest
from playwright.sync_api import expect

from loyalty.domain.address import PostalAddress
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.profile import ProfileEdit, ProfileField
from loyalty.services.customer_papers import CheckedFile, attach_file, check_file, write_note
from loyalty.services.edit_profile import edit_profile
from runtime.ids import new_id
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import sell_to
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage
from tests.ui.checkout.served import ServedCounter
from tests.ui.checkout.test_programme_in_a_browser import shoot_whole

WIDTHS = {"phone": (390, 844), "desktop": (1440, 900)}


def fill_profile(counter: Counter) -> str:
    """Camille with something of everything; her page's path."""
    for goods in (("Croissant", "Café crème"), ("Bougie parfumée",)):
        sell_to(counter, "Camille", *goods)
    camille, ctx, staff = counter.customer_id("Camille"), counter.station.ctx, counter.shop.staff
    milk = CustomField(new_id(), "Lait préféré", FieldKind.SELECTION, ("vache", "avoine"))
    club = CustomField(new_id(), "Club de lecture", FieldKind.TOGGLE, position=1)
    edit = ProfileEdit(
        {
            ProfileField.FAMILY_NAME: "Roux",
            ProfileField.EMAIL_ADDRESS: "camille@example.org",
            ProfileField.PREFERENCES: "Sans sucre.\nTable près de la fenêtre.",
            ProfileField.BIRTHDAY: "1988-03-03",
        },
        (PostalAddress("Domicile", "3 rue des Lilas", None, "Lyon", None, "69003", "FR"),),
        {milk.id: "avoine", club.id: "true"},
    )
    file = check_file("contrat.pdf", b"%PDF-1.7")
    assert isinstance(file, CheckedFile)
    counter.web.attachments.keep(file.content)
    with counter.database.unit_of_work() as unit:
        for each in (milk, club):
            unit.profiles.save_custom_field(each)
        edit_profile(unit, ctx, camille, edit, staff)
        write_note(unit, ctx, camille, "Allergie aux noix", staff)
        attach_file(unit, ctx, camille, file, staff, files=counter.web.attachments)
        unit.commit()
    return f"/customers/{camille}"


@pytest.mark.timeout(300)  # many pages, each with axe: a minute and more where the machine is busy
def test_pictures_of_every_page_and_no_fault_of_accessibility(
    served: ServedCounter, open_page: OpenPage
) -> None:
    # part of row 190
    there = fill_profile(served.counter)
    paths = {
        "customer": there,
        "customer-personal": f"{there}/edit/personal",
        "customer-contact": f"{there}/edit/contact",
        "customer-fields": f"{there}/edit/fields",
        "customer-new": "/customers/new",
        "customer-cards": f"/customers/cards?group={served.counter.shop.group.id}",
        "customer-cards-empty": "/customers/cards",
        "profile-settings": "/settings/profiles",
    }
    faults = []
    for width, (across, down) in WIDTHS.items():
        page = open_page("/home", width=across, height=down)
        for name, path in paths.items():
            page.goto(served.address + path)
            shoot_whole(page, f"{name}-{width}")
            faults += [f"{name} {width}: {fault}" for fault in accessibility_faults(page)]
            wider = page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            assert not wider, (name, width)
    assert faults == []


def test_two_people_at_one_profile_both_see_what_the_other_wrote(
    served: ServedCounter, open_page: OpenPage
) -> None:
    path = f"/customers/{served.counter.customer_id('Camille')}/edit/personal"
    first, second = open_page(path, has_script=False), open_page(path, has_script=False)
    for page, name in ((second, "Cam"), (first, "Milou")):
        page.get_by_label("Surnom").fill(name)
        page.get_by_role("button", name="Enregistrer").click()
    expect(first.get_by_role("alert")).to_contain_text("Quelqu’un d’autre a modifié cette fiche")
    expect(first.get_by_role("group", name="Surnom")).to_contain_text("Cam")
    shoot_whole(first, "customer-both")
    first.get_by_text("Ce qui est enregistré").click()
    first.get_by_role("button", name="Enregistrer mon choix").click()
    expect(first.locator("h1")).to_contain_text("Camille")
    expect(first.get_by_text("dit Cam")).to_be_visible()


def test_a_customer_is_added_without_a_script(open_page: OpenPage) -> None:
    # row 23
    page = open_page("/customers/new", has_script=False)
    page.get_by_role("button", name="Ajouter le client").click()
    expect(page.get_by_text("Indiquez un nom")).to_be_visible()
    page.get_by_label("Prénom").fill("Léa")
    page.get_by_label("Mois").select_option(label="mars")
    page.get_by_label("Jour").fill("3")
    page.get_by_role("button", name="Ajouter le client").click()
    expect(page.locator("h1")).to_have_text("Léa")
    expect(page.get_by_text("3 mars")).to_be_visible()
