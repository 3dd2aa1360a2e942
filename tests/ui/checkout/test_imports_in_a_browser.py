"""The pages of imports and exports in a real browser: three widths, with and without a script."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.patience import PATIENCE_MS
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import SHOTS, OpenPage
from tests.ui.checkout.served import ServedCounter

WIDTHS = {"phone": {"width": 390, "height": 844}, "desktop": {"width": 1440, "height": 900}}
SHEET = (
    "Numéro de référence;Prénom;Nom;Adresse e-mail;Numéro de téléphone;Adresse postale 1;Code postal;Ville;"
    "Date de naissance;Solde de points;Statut de l’abonnement par e-mail;Source de création\r\n"
    "00042;Léa;Petit;lea@exemple.fr;06 14 00 00 42;1 rue des Lilas;69001;Lyon;12/03/1990;120;abonné;Site\r\n"
    "00043;Noé;Grand;pas-une-adresse;12;9 quai Nord;44000;Nantes;31/02/1980;;inconnu;Caisse\r\n"
    "00044;Zoé;Lefèvre;zoe@exemple.fr;06 14 00 00 44;;75011;Paris;01/07;15;désabonné;Caisse\r\n"
)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "clients-ancienne-caisse.csv"
    path.write_bytes(SHEET.encode("cp1252"))
    return path


def shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    assert accessibility_faults(page) == []


def upload(page: Page, address: str, sheet: Path) -> None:
    page.goto(f"{address}/customers/import")
    page.get_by_label("Fichier").set_input_files(sheet)
    page.get_by_role("button", name="Envoyer").click()


@pytest.mark.parametrize("width", WIDTHS)
def test_an_import_from_file_to_summary(
    served: ServedCounter, open_page: OpenPage, sheet: Path, width: str
) -> None:
    # rows 34, 35, 36, part of 190
    page = open_page("/customers/import", **WIDTHS[width])
    expect(page.get_by_text("Rien n’a encore été importé.")).to_be_visible()
    shoot(page, f"imports-empty-{width}")
    upload(page, served.address, sheet)
    expect(page.get_by_role("heading", name="Contenu des colonnes")).to_be_visible(timeout=PATIENCE_MS)
    expect(page.get_by_label("Numéro de référence", exact=True)).to_have_value("reference_id")
    expect(page.get_by_label("Source de création")).to_have_value("")
    page.get_by_text("Consentements donnés ailleurs").click()
    shoot(page, f"import-columns-{width}")
    page.get_by_role("button", name="Vérifier le fichier").click()
    expect(page.get_by_role("heading", name="Voici ce que ferait l’import")).to_be_visible(
        timeout=PATIENCE_MS
    )
    shoot(page, f"import-checked-{width}")
    page.get_by_role("button", name="Importer", exact=True).click()
    expect(page.get_by_role("heading", name="L’import est terminé")).to_be_visible(timeout=PATIENCE_MS)
    shoot(page, f"import-finished-{width}")
    page.goto(f"{served.address}/customers/import")
    shoot(page, f"imports-{width}")
    page.goto(f"{served.address}/customers/export")
    shoot(page, f"export-{width}")


def test_a_mapping_that_cannot_be_says_so_and_keeps_what_was_chosen(
    served: ServedCounter, open_page: OpenPage, sheet: Path
) -> None:
    page = open_page("/customers/import", **WIDTHS["desktop"])
    upload(page, served.address, sheet)
    expect(page.get_by_role("heading", name="Contenu des colonnes")).to_be_visible(timeout=PATIENCE_MS)
    for label in ("Prénom", "Nom", "Adresse e-mail", "Numéro de téléphone"):
        page.get_by_label(label, exact=True).select_option("")
    page.get_by_label("Ville", exact=True).select_option("note")
    page.get_by_role("button", name="Vérifier le fichier").click()
    expect(page.get_by_role("alert")).to_contain_text("Indiquez quelle colonne contient un nom")
    expect(page.get_by_label("Ville", exact=True)).to_have_value("note")
    shoot(page, "import-columns-fault")


def test_a_file_that_cannot_be_read_says_why(
    served: ServedCounter, open_page: OpenPage, tmp_path: Path
) -> None:
    broken = tmp_path / "clients.csv"
    broken.write_text('Nom;Téléphone\n"Léa;06\n', encoding="utf-8")
    page = open_page("/customers/import", **WIDTHS["phone"])
    upload(page, served.address, broken)
    expect(page.get_by_role("alert")).to_contain_text("guillemet", timeout=PATIENCE_MS)
    shoot(page, "import-unreadable")


def test_an_import_needs_no_script(served: ServedCounter, open_page: OpenPage, sheet: Path) -> None:
    page = open_page("/customers/import", has_script=False)
    upload(page, served.address, sheet)
    expect(page.get_by_role("heading", name="Contenu des colonnes")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_role("button", name="Vérifier le fichier").click()
    expect(page.get_by_role("heading", name="Voici ce que ferait l’import")).to_be_visible(
        timeout=PATIENCE_MS
    )
    page.get_by_role("button", name="Importer", exact=True).click()
    expect(page.get_by_role("heading", name="L’import est terminé")).to_be_visible(timeout=PATIENCE_MS)
