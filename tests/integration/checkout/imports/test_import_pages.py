"""The pages of imports and exports, from upload to the file of rows to mend, and round trips."""

import asyncio
import html
import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import httpx
import openpyxl
import pytest

from loyalty.domain.consent import ConsentPurpose, ConsentState, current_consents
from loyalty.domain.custom_field import CustomField, FieldKind
from loyalty.domain.customer import Customer, CustomerSource
from loyalty.domain.filters import FilterSet, filters_to_json
from loyalty.domain.filters.source import Sources
from loyalty.domain.group import Group
from loyalty.domain.importing.fields import custom_target
from loyalty.domain.importing.record import CustomerImport, ImportState
from loyalty.domain.staff import Permission
from runtime.ids import new_id
from tests.integration.checkout.browser import OWN, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import Desk, desk
from tests.integration.checkout.imports.importer import RESTING

SHEET = (
    "Référence;Prénom;Nom;Téléphone;E-mail;Statut de l’abonnement par e-mail;Couleur\r\n"
    "00042;Léa;Petit;06 14 00 00 42;lea@exemple.fr;abonné;bleu\r\n"
    "00043;Noé;Grand;12;pas-une-adresse;;rouge\r\n"
    ";Zoé;Sans;;;désabonné;\r\n"
)


async def upload(owner: Desk, data: bytes, name: str = "clients.csv") -> str:
    """Where the import's page is."""
    headers = {"origin": OWN, "accept": "text/html", "accept-language": "en"}
    sent = await owner.post("/customers/import/upload", files={"file": (name, data)}, headers=headers)
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


async def resting(counter: Counter, path: str) -> CustomerImport:
    import_id = UUID(path.rsplit("/", 1)[1])
    for _ in range(3000):
        with counter.database.reading() as unit:
            record = unit.imports.get(import_id)
        assert record is not None
        if record.state in RESTING:
            return record
        await asyncio.sleep(0.02)
    raise AssertionError(record)


def form_of(page: str) -> dict[str, str]:
    """The selects and radios of the mapping page as they are shown."""
    form: dict[str, str] = {"date_order": "day_first"}
    for name, body in re.findall(r'<select[^>]*name="(column-\d+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        form[name] = chosen[1] if chosen else ""
    return form


async def checked(counter: Counter, owner: Desk, data: bytes, name: str = "clients.csv", **more: Any) -> str:
    path = await upload(owner, data, name)
    await resting(counter, path)
    page = await owner.page(path)
    done = await owner.fill(f"{path}/columns", **form_of(page), **more)
    assert done.status_code == 303, done.text
    await resting(counter, path)
    return path


async def imported(counter: Counter, owner: Desk, data: bytes, name: str = "clients.csv", **more: Any) -> str:
    path = await checked(counter, owner, data, name, **more)
    assert (await owner.fill(f"{path}/begin")).status_code == 303
    await resting(counter, path)
    return path


def customer(counter: Counter, reference: str) -> Customer:
    with counter.database.reading() as unit:
        found = unit.customers.member_by_reference(reference)
    assert found is not None
    return found.customer


def test_a_sheet_goes_from_upload_to_its_summary_and_the_rows_to_mend(counter: Counter) -> None:
    # rows 34, 35, 36, 37, 39, 40
    async def visit() -> None:
        async with desk(counter) as owner:
            path = await upload(owner, SHEET.encode("cp1252"))
            await resting(counter, path)
            columns = await owner.page(path)
            assert form_of(columns) == {
                "date_order": "day_first", "column-0": "reference_id", "column-1": "given_name",
                "column-2": "family_name", "column-3": "phone_number", "column-4": "email_address",
                "column-5": "email_consent", "column-6": "",
            }  # fmt: skip
            assert "06 14 00 00 42" in columns
            assert (await owner.fill(f"{path}/columns", **form_of(columns))).status_code == 303
            await resting(counter, path)
            looked = await owner.page(path)
            assert "This is what the import would do" in looked
            assert "Téléphone: this is no phone number · E-mail: this is no e-mail address" in looked
            with counter.database.reading() as unit:
                assert unit.customers.member_by_reference("00042") is None
            assert (await owner.fill(f"{path}/begin")).status_code == 303
            record = await resting(counter, path)
            assert record.state is ImportState.FINISHED
            assert (record.counts.imported, record.counts.failed) == (2, 1)
            summary = await owner.page(path)
            assert "The import is finished" in summary
            lea = customer(counter, "00042")
            assert (lea.given_name, lea.phone_number) == ("Léa", "+33614000042")
            with counter.database.reading() as unit:
                assert unit.consents.of_customer(lea.id) == []
            assert "clients.csv" in await owner.page("/customers/import")

    run(visit())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_rows_to_mend_are_mended_and_imported_and_nothing_twice(
    counter: Counter, kind: str, tmp_path: Path
) -> None:
    # rows 40, 180
    async def visit() -> None:
        async with desk(counter) as owner:
            path = await imported(counter, owner, SHEET.encode())
            answer = await owner.get(f"{path}/failed.{kind}", headers={"accept-language": "fr"})
            assert answer.status_code == 200
            if kind == "csv":
                assert "Téléphone\u00a0: ce n’est pas" in answer.text
                mended = answer.text.replace(";12;", ";0614000043;").replace(
                    "pas-une-adresse", "noe@exemple.fr"
                )
                data = mended.encode("utf-8")
            else:
                book = openpyxl.load_workbook(io.BytesIO(answer.content))
                sheet = book.active
                assert sheet is not None
                assert [cell.value for cell in sheet[2]][:3] == ["00043", "Noé", "Grand"]
                sheet["D2"], sheet["E2"] = "0614000043", "noe@exemple.fr"
                book.save(tmp_path / "mended.xlsx")
                data = (tmp_path / "mended.xlsx").read_bytes()
            again = await imported(counter, owner, data, f"a.{kind}")
            record = await resting(counter, again)
            assert (record.counts.imported, record.counts.failed) == (1, 0)
            assert customer(counter, "00043").email_address == "noe@exemple.fr"
            once_more = await resting(counter, await imported(counter, owner, data, f"a.{kind}"))
            assert (once_more.counts.imported, once_more.counts.matched, once_more.counts.changed) == (
                0,
                1,
                0,
            )

    run(visit())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_customers_are_exported_given_numbers_and_imported_again(
    counter: Counter, kind: str, language: str, tmp_path: Path
) -> None:
    # rows 41, 93, 95
    async def visit() -> None:
        async with desk(counter) as owner:
            await imported(counter, owner, SHEET.encode())
            with counter.database.reading() as unit:
                before = {each.id: each.balance for each in unit.accounts.page(None, 100)}
            answer = await owner.get(
                f"/customers/export/customers.{kind}", headers={"accept-language": language}
            )
            assert answer.status_code == 200
            data = _with_number(answer, kind, "Zoé", "0007", tmp_path)
            done = await resting(counter, await imported(counter, owner, data, f"export.{kind}"))
            assert (done.counts.imported, done.counts.failed, done.counts.changed) == (0, 0, 1)
            assert done.counts.matched == done.rows > 4
            assert customer(counter, "0007").given_name == "Zoé"
            with counter.database.reading() as unit:
                assert {each.id: each.balance for each in unit.accounts.page(None, 100)} == before

    run(visit())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_that_is_shown_goes_out_is_edited_and_comes_back(
    counter: Counter, kind: str, tmp_path: Path
) -> None:
    # rows 41, 95
    async def visit() -> None:
        async with desk(counter) as owner:
            await imported(counter, owner, SHEET.encode())
            shown = FilterSet((Sources(frozenset({CustomerSource.IMPORT})),))
            query = urlencode({"filters": json.dumps(filters_to_json(shown), separators=(",", ":"))})
            page = await owner.page(f"/customers?{query}")
            link = re.search(rf'href="(/customers/export/customers\.{kind}\?[^"]*)"', page)
            assert link is not None
            answer = await owner.get(html.unescape(link[1]), headers={"accept-language": "fr"})
            assert answer.status_code == 200
            data = _with_number(answer, kind, "Zoé", "0007", tmp_path)
            done = await resting(counter, await imported(counter, owner, data, f"liste.{kind}"))
            assert (done.counts.matched, done.counts.changed, done.counts.imported) == (2, 1, 0)
            assert done.counts.failed == 0, "exactly the two of the list, and nobody else"
            assert customer(counter, "0007").given_name == "Zoé"
            assert "/customers/export/" not in await owner.page("/customers?q=Zo")
        async with desk(counter, "caisse") as cashier:
            page = await cashier.page("/customers")
            assert "/customers/export/" not in page
            assert "/customers/import" not in page

    run(visit())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_own_fields_come_back_as_they_went_out_whatever_they_are_called(
    counter: Counter, kind: str, language: str
) -> None:
    # row 95
    names = ("Taille (haut)", "Taille (bas)", "Téléphone", "Phone number", "الحساسية", "!")

    async def visit() -> None:
        async with desk(counter) as owner:
            await imported(counter, owner, SHEET.encode())
            lea = customer(counter, "00042").id
            with counter.database.unit_of_work() as unit:
                for position, name in enumerate(names):
                    own = CustomField(new_id(), name, FieldKind.TEXT, position=position)
                    unit.profiles.save_custom_field(own)
                    unit.profiles.put_custom_value(lea, own, f"value {position}")
                unit.commit()
            with counter.database.reading() as unit:
                before = unit.profiles.custom_values(lea)
            answer = await owner.get(
                f"/customers/export/customers.{kind}", headers={"accept-language": language}
            )
            path = await imported(counter, owner, answer.content, f"export.{kind}")
            done = await resting(counter, path)
            assert (done.counts.imported, done.counts.failed, done.counts.changed) == (0, 0, 0)
            assert done.plan is not None
            assert {custom_target(each) for each in before} <= set(done.plan.targets)
            with counter.database.reading() as unit:
                assert unit.profiles.custom_values(lea) == before
            assert customer(counter, "00042").phone_number == "+33614000042"

    run(visit())


def test_points_that_are_not_taken_and_rows_that_are_too_wide_are_told(counter: Counter) -> None:
    first = "Nom;Prénom;Tél;Points\r\nDupont;Marie;0612345601;100\r\n"
    second = (
        "Nom;Prénom;Tél;Points\r\nDupont;Marie;0612345601;5000\r\nDupont;Marie;0612345601;70\r\n"
        "Grand;12; rue des Lilas;0612345602;3\r\n"
    )

    async def visit() -> None:
        async with desk(counter) as owner:
            await imported(counter, owner, first.encode())
            path = await imported(counter, owner, second.encode())
            done = await resting(counter, path)
            assert (done.counts.points_left, done.counts.failed, done.counts.matched) == (1, 2, 1)
            page = html.unescape(await owner.page(path, "fr"))
            assert "Points non repris, car cette carte avait déjà son solde d’ouverture : 1 ligne" in page
            assert "la ligne 2 indique d’autres points pour la même personne" in page
            assert "plus de cellules que d’en-têtes" in page
            failed = (await owner.get(f"{path}/failed.csv", headers={"accept-language": "en"})).text
            wide = next(line for line in failed.splitlines() if "Lilas" in line)
            assert wide.startswith("Grand")
            assert wide.endswith("3"), "the row is kept whole"

    run(visit())


def test_the_sheet_that_is_read_and_those_left_out_are_named(counter: Counter) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = "A-M"
    for sheet in (book.active, book.create_sheet("N-Z")):
        sheet.append(["Nom", "Prénom"])
        sheet.append(["Martin", "Ada"])
    stored = io.BytesIO()
    book.save(stored)

    async def visit() -> None:
        async with desk(counter) as owner:
            path = await upload(owner, stored.getvalue(), "clients.xlsx")
            await resting(counter, path)
            page = html.unescape(await owner.page(path, "fr"))
            assert "La feuille « A-M » du classeur est lue." in page
            assert "ne sont pas lues : N-Z." in page

    run(visit())


def _with_number(answer: httpx.Response, kind: str, name: str, reference: str, folder: Path) -> bytes:
    if kind == "csv":
        lines = answer.content.decode("utf-8").split("\r\n")
        separator = ";" if ";" in lines[0] else ","
        for number, line in enumerate(lines):
            cells = line.split(separator)
            if len(cells) > 3 and cells[2:4] == [name, "Sans"]:
                lines[number] = separator.join([cells[0], reference, *cells[2:]])
        return "\r\n".join(lines).encode("utf-8")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.active is not None
    for row in book.active.iter_rows(min_row=2):
        if [row[2].value, row[3].value] == [name, "Sans"]:
            row[1].value = reference
    book.save(folder / "edited.xlsx")
    return (folder / "edited.xlsx").read_bytes()


def test_an_export_holds_a_group_and_no_contact_details_without_the_permission(counter: Counter) -> None:
    group = Group(new_id(), "Amis du samedi")

    async def visit() -> None:
        async with desk(counter) as owner:
            await imported(counter, owner, SHEET.encode())
        lea = customer(counter, "00042")
        with counter.database.unit_of_work() as unit:
            unit.groups.add(group)
            unit.groups.add_member(group.id, lea.id, counter.clock.now())
            cashier = unit.staff.by_login("caisse")
            assert cashier is not None
            role = cashier[0].role
            more = {Permission.EXPORT_CUSTOMERS}
            unit.staff.save_role(type(role)(role.id, role.name, role.permissions | more))
            unit.commit()
        async with desk(counter) as owner:
            text = (await owner.get(f"/customers/export/customers.csv?group={group.id}")).text
            assert "+33614000042" in text
            assert len(text.strip().split("\r\n")) == 2
            assert (await owner.get(f"/customers/export/customers.csv?group={new_id()}")).status_code == 404
            assert (await owner.get("/customers/export/customers.csv?filters={")).status_code == 422
        async with desk(counter, "caisse") as cashier_desk:
            assert "Your role does not show contact details" in await cashier_desk.page("/customers/export")
            text = (await cashier_desk.get("/customers/export/customers.csv")).text
            assert "Léa" in text
            for secret in ("614000042", "lea@exemple.fr"):
                assert secret not in text
            assert (await cashier_desk.get("/customers/import")).status_code == 403

    run(visit())


def test_everybody_joins_a_new_group_and_consents_are_attested_by_the_owner(counter: Counter) -> None:
    # rows 52, 54, X18
    told = {"purpose": "marketing_email", "consent_source": "Ancienne caisse", "consent_on": "2024-05-01"}

    async def visit() -> None:
        async with desk(counter) as owner:
            path = await upload(owner, SHEET.encode())
            await resting(counter, path)
            form = form_of(await owner.page(path))
            refused = await owner.fill(f"{path}/columns", **form, **told)
            assert refused.status_code == 422
            assert "Say where and when they agreed" in refused.text
            assert "Ancienne caisse" in refused.text
            told["consent_wording"] = "J’accepte"
            assert (
                await owner.fill(f"{path}/columns", **form, **told, new_group="Repris")
            ).status_code == 303
            await resting(counter, path)
            await owner.fill(f"{path}/begin")
            await resting(counter, path)
        lea = customer(counter, "00042")
        with counter.database.reading() as unit:
            assert [group.name for group in unit.groups.of_customer(lea.id)] == ["Repris"]
            assert current_consents(unit.consents.of_customer(lea.id)) == {
                ConsentPurpose.MARKETING_EMAIL: ConsentState.GRANTED
            }

    run(visit())


LIKELY = (
    "Prénom;Nom;Date de naissance;Adresse;Code postal;Ville;Note\r\n"
    "Lea;Petitjean;12/03/1990;12 rue des lilas;69003;Lyon;thé\r\n"
    "Noe;Durand;01/07/1971;3 quai Sud;06000;Nice;café\r\n"
    "Ana;Lima;24/12/1985;8 place Noire;33000;Bordeaux;\r\n"
)
KNOWN = (
    "Référence;Prénom;Nom;Date de naissance;Adresse;Code postal;Ville\r\n"
    "L1;Léa;Petit-Jean;12/03/1990;12 rue des Lilas;69003;Lyon\r\n"
    "N1;Noé;Durand;01/07/1971;3 Quai Sud;06000;Nice\r\n"
    "A1;Anna;Lima;24/12/1985;8 place Noire;33000;Bordeaux\r\n"
)


def test_rows_that_resemble_somebody_are_decided_by_staff_and_never_merged_silently(counter: Counter) -> None:
    # part of rows 38, 180
    async def visit() -> None:
        async with desk(counter) as owner:
            await imported(counter, owner, KNOWN.encode())
            path = await checked(counter, owner, LIKELY.encode())
            assert "3 rows may be somebody you know" in await owner.page(path)
            page = await owner.page(f"{path}/likely")
            assert "Petit-Jean" in page
            assert "Postcode: the same" in page
            assert "99 % sure" in page or "98 % sure" in page
            lea, ana = customer(counter, "L1"), customer(counter, "A1")
            for line, same_as in ((2, str(lea.id)), (3, "")):
                done = await owner.fill(f"{path}/likely", line=str(line), same_as=same_as, after="0")
                assert done.status_code == 303
                assert "refused" not in done.headers["location"]
            assert "1 of them is open" in await owner.page(path)
            assert (await owner.fill(f"{path}/begin")).status_code == 303
            record = await resting(counter, path)
            assert (record.counts.imported, record.counts.matched) == (2, 1)
            assert customer(counter, "L1").note == "thé"
            assert (customer(counter, "N1").note, customer(counter, "A1").note) == (None, None)
            summary = await owner.page(f"{path}/likely")
            assert summary.count("The row was added to this profile.") == 1
            assert "Two people." in summary
            compare = re.search(rf'href="(/duplicates/merge\?kept={ana.id}[^"]*)"', summary)
            assert compare is not None, "what nobody decided waits to be compared"
            assert (await owner.get(html.unescape(compare[1]))).status_code == 200
            late = await owner.fill(f"{path}/likely", line="4", same_as=str(ana.id), after="0")
            assert "refused=row_stored_meanwhile" in late.headers["location"]
            assert "Ana" in await owner.page("/duplicates")
        async with desk(counter, "caisse") as cashier:
            assert (await cashier.get(f"{path}/likely")).status_code == 403

    run(visit())


def test_what_cannot_be_mapped_or_read_says_why(counter: Counter) -> None:
    # part of row 94
    async def visit() -> None:
        async with desk(counter) as owner:
            path = await upload(owner, b"Reference,Colour\r\n7,red\r\n")
            await resting(counter, path)
            refused = await owner.fill(f"{path}/columns", **form_of(await owner.page(path)))
            assert refused.status_code == 422
            assert "Say which column holds a name, a phone number or an e-mail address." in refused.text
            named = await owner.fill(f"{path}/columns", **{"column-1": "given_name"}, needs_reference="yes")
            assert "Say which column holds the reference number." in named.text
            broken = await upload(owner, b'Name,Phone\r\n"Ada,06\r\n')
            await resting(counter, broken)
            assert "In line 2 a quotation mark is not closed" in await owner.page(broken)
            headers = {"origin": OWN, "accept": "text/html", "accept-language": "en"}
            empty = await owner.post("/customers/import/upload", data={"x": "y"}, headers=headers)
            assert "Choose a file first." in empty.text
            assert (await owner.get(f"/customers/import/{new_id()}")).status_code == 404
            assert (await owner.get(f"{path}/failed.pdf")).status_code == 404

    run(visit())


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_is_filled_in_and_imported(counter: Counter, kind: str, tmp_path: Path) -> None:
    # row 33
    async def visit() -> None:
        async with desk(counter) as owner:
            answer = await owner.get(f"/customers/import/template.{kind}", headers={"accept-language": "fr"})
            if kind == "csv":
                data = answer.content + ";".join(["00099", "Ada", "Test"] + [""] * 13).encode() + b"\r\n"
            else:
                book = openpyxl.load_workbook(io.BytesIO(answer.content))
                assert book.active is not None
                for column, text in enumerate(["00099", "Ada", "Test"], start=1):
                    book.active.cell(2, column).value = text
                book.save(tmp_path / "t.xlsx")
                data = (tmp_path / "t.xlsx").read_bytes()
            done = await resting(counter, await imported(counter, owner, data, f"t.{kind}"))
            assert done.counts.imported == 1
            assert customer(counter, "00099").given_name == "Ada"

    run(visit())


def test_a_file_that_is_too_large_is_refused_at_the_door(counter: Counter) -> None:
    async def visit() -> None:
        async with desk(counter) as owner:
            headers = {"origin": OWN, "accept": "text/html"}
            answer = await owner.post(
                "/customers/import/upload",
                content=b"x",
                headers={**headers, "content-length": str(60 * 1024 * 1024)},
            )
            assert answer.status_code == 413

    run(visit())
