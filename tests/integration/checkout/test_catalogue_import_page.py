"""The page that takes items in from a file: looked at, stored, taken along, and the same again."""

import httpx
import pytest

from tests.integration.checkout.browser import OWN, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import Desk, desk

FILE = (
    "Nom;Variante;Prix;Catégorie;TVA;Code-barres;Couleur\r\n"
    "Thé vert à la menthe;;4,50 €;Thés;TVA 10 %;0036000291452;vert\r\n"
    "Latte;Petit;4,00;Café;TVA 10 %;;\r\n"
    "Latte;Grand;5,50;Café;TVA 10 %;LAT-G;\r\n"
    "Savon;;gratuit;;;3,01762E+12;\r\n"
)


async def send(owner: Desk, data: bytes) -> httpx.Response:
    headers = {"origin": OWN, "accept": "text/html", "accept-language": "en"}
    return await owner.post("/catalogue/import", files={"file": ("items.csv", data)}, headers=headers)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16", "mac_roman"])
def test_a_file_is_looked_at_then_stored_and_twice_changes_nothing(counter: Counter, encoding: str) -> None:
    text = FILE.replace(" €", "") if encoding == "mac_roman" else FILE

    async def visit() -> None:
        async with desk(counter) as owner:
            looked = await send(owner, text.encode(encoding))
            assert looked.status_code == 200
            assert "Store 2 items" in looked.text
            assert "“gratuit” is no price" in looked.text
            assert "was rounded by a spreadsheet" in looked.text
            assert "New categories: Thés" in looked.text
            assert "Couleur" in looked.text
            with counter.database.reading() as unit:
                assert all(item.name != "Latte" for item in unit.catalogue.items())
            stored = await owner.fill("/catalogue/import/store")
            assert stored.headers["location"] == "/catalogue/import?done=2"
            with counter.database.reading() as unit:
                tea = unit.catalogue.item_by_barcode("0036000291452")
                assert tea is not None
                assert (tea.name, tea.price_minor) == ("Thé vert à la menthe", 450)
            again = await send(owner, text.encode(encoding))
            assert "There is nothing to store." in again.text
            gone = await owner.fill("/catalogue/import/store")
            assert gone.headers["location"] == "/catalogue/import?gone=1"

    run(visit())


def test_what_is_taken_along_comes_back_unchanged(counter: Counter) -> None:
    async def visit() -> None:
        async with desk(counter) as owner:
            for language in ("fr", "en"):
                answer = await owner.get("/catalogue/export.csv", headers={"accept-language": language})
                assert answer.headers["content-type"].startswith("text/csv")
                looked = await send(owner, answer.content)
                assert "There is nothing to store." in looked.text, looked.text
            template = await owner.get("/catalogue/template.csv", headers={"accept-language": "fr"})
            assert "Code-barres" in template.text

    run(visit())


def test_files_that_are_no_table_are_refused_with_the_reason(counter: Counter) -> None:
    async def visit() -> None:
        async with desk(counter) as owner:
            for data, reason in (
                (b"", "The file is empty"),
                (b"%PDF-1.7 ...", "This is no table"),
                (b"Couleur,Taille\r\nvert,M\r\n", "These columns are missing"),
                (b'Nom,Prix\r\n"Th\xc3\xa9,4\r\n' + b"x,1\r\n" * 2000, "quotation mark"),
            ):
                refused = await send(owner, data)
                assert refused.status_code == 422, reason
                assert reason in refused.text
            large = await send(owner, b"x" * (9 * 1024 * 1024))
            assert large.status_code == 413

    run(visit())


def test_a_cashier_takes_nothing_in(counter: Counter) -> None:
    async def visit() -> None:
        async with desk(counter, "caisse") as cashier:
            assert (await cashier.get("/catalogue/import")).status_code == 403
            assert (await send(cashier, FILE.encode())).status_code == 403
            assert (await cashier.get("/catalogue/export.csv")).status_code == 403

    run(visit())
