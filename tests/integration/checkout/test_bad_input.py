"""What breaks software, typed or uploaded everywhere in the directory: only text, or refused beside its field."""

import csv
import io
from dataclasses import replace
from uuid import UUID

import pytest

from checkout.words import words_for
from checkout.words.imports import FIELD_NAMES
from loyalty.domain.custom_field import FieldKind
from loyalty.domain.filters import FilterSet
from loyalty.domain.filters.toggle_field import ToggleField
from loyalty.domain.group import Group
from loyalty.domain.importing.fields import ImportField
from loyalty.domain.staff import Permission
from loyalty.services.keep_groups import make_group
from tests.integration.checkout.browser import OWN, run
from tests.integration.checkout.counter import Counter
from tests.integration.checkout.desk import HTML, Desk, desk
from tests.integration.checkout.imports.test_import_pages import checked, resting
from tests.integration.checkout.test_customer_pages import open_form

NASTY = {
    "html": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "sql": "'; DROP TABLE customers;--",
    "turned": "\u202egnp.exe\u2066 abc",
    "arabic": "مرحبا بالعالم",
    "emoji": "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "nul": "a\x00b\x1b[31m",
    "formula": '=HYPERLINK("http://x.example";"oui")',
    "format": "{0.__class__} %s %n ${7*7} {{7*7}}",
    "surrogate": "a\ufffe\uffff",
    "long": "é" * 70_000,
}
KEPT_AS_IS = frozenset({"key", "version", "versions", "section"})
"""What the page itself put into the form."""


def is_clean(page: str) -> bool:
    return not any(
        part in page for part in ("<script>alert", "<img src=x", "\x00", "\u202e", "\u2066", ">49<")
    )


@pytest.mark.parametrize("kind", NASTY)
def test_every_field_of_a_profile_takes_it_as_text_or_refuses_it(counter: Counter, kind: str) -> None:
    # row 209
    text = NASTY[kind]

    async def story() -> None:
        async with desk(counter) as owner:
            for own in FieldKind:
                more = {"choices": "un\ndeux"} if own is FieldKind.SELECTION else {}
                made = await owner.fill(
                    "/settings/profiles/fields", name=f"Own {own}", kind=own.value, **more
                )
                assert made.status_code == 303, made.text
            form = await open_form(owner, "/customers/new")
            for name in form.keys() - KEPT_AS_IS:
                answer = await send(owner, "/customers/new", {**form, "given_name": "Zed", name: text})
                assert answer.status_code in {303, 413, 422}, (name, answer.status_code)
                assert is_clean(answer.text), name
                if answer.status_code == 303:
                    assert is_clean(await owner.page(answer.headers["location"])), name
                    form = await open_form(owner, "/customers/new")
            for path in ("/customers", "/customers/found", "/customers/filter", "/audit", "/duplicates/find"):
                asked = {"q": text[:500], "filters": text[:500], "add": text[:500], "one": text[:500]}
                page = await owner.get(path, params=asked, headers=HTML)
                assert page.status_code in {200, 303, 422}, path
                assert is_clean(page.text), path
            whole = (await owner.get("/customers/export/customers.csv")).text
            assert not [cell for row in csv.reader(io.StringIO(whole), delimiter=";") for cell in row
                        if cell.startswith(("=", "@"))]  # fmt: skip

    run(story())


async def send(owner: Desk, path: str, form: dict[str, str]):  # type: ignore[no-untyped-def]
    return await owner.post(path, data=form, headers={"origin": OWN, **HTML, "accept-language": "en"})


def test_every_column_of_an_import_takes_it_as_text_or_says_which_cell_is_wrong(counter: Counter) -> None:
    # part of rows 180, 209
    columns = [field for field in ImportField if field is not ImportField.CUSTOMER_ID]
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=";")
    writer.writerow([words_for("en").text(FIELD_NAMES[field]) for field in columns])
    for number, field in enumerate(columns):
        for kind, text in NASTY.items():
            row = dict.fromkeys(columns, "")
            row[ImportField.GIVEN_NAME] = f"N{number}"
            row[field] = text.replace("\x00", "") if kind == "nul" else text[:3_000]
            writer.writerow([row[each] for each in columns])

    async def story() -> None:
        async with desk(counter) as owner:
            path = await checked(counter, owner, sheet.getvalue().encode())
            assert is_clean(await owner.page(path))
            assert (await owner.fill(f"{path}/begin")).status_code == 303
            record = await resting(counter, path)
            assert record.counts.done == record.rows == len(columns) * len(NASTY)
            assert record.counts.failed > 0
            assert is_clean(await owner.page(path))
            mend = (await owner.get(f"{path}/failed.csv")).text
            assert not [char for char in "\x00\x1b\u202e\u2066" if char in mend]
            assert is_clean(await owner.page("/customers"))

    run(story())


def test_a_smart_group_of_a_deleted_field_holds_nobody_and_says_why(counter: Counter) -> None:
    async def story() -> None:
        async with desk(counter) as owner:
            await owner.fill("/settings/profiles/fields", name="Abonné", kind="toggle")
            with counter.database.unit_of_work() as unit:
                (field,) = unit.profiles.custom_fields()
                staff = unit.staff.by_login("demo")
                assert staff is not None
                ctx = counter.station.ctx
                group = make_group(
                    unit, ctx, "Abonnés", staff[0], FilterSet((ToggleField(field.id, is_on=False),))
                )
                assert isinstance(group, Group)
                unit.commit()
            given = await owner.fill(f"/groups/{group.id}/discounts", rate="20", scope="whole_sale")
            assert given.status_code == 303, given.text
            assert group_count(counter, group.id) > 0
            gone = await owner.fill(f"/settings/profiles/fields/{field.id}/archive")
            assert gone.status_code == 303, gone.text
            assert group_count(counter, group.id) == 0
            page = await owner.page(f"/groups/{group.id}")
            assert "A field that a filter asks about is gone." in page
            for path in ("/groups", f"/groups/{group.id}/edit", "/customers", "/till/1"):
                assert (await owner.get(path, headers=HTML)).status_code in {200, 303, 403}, path
        sale = counter.sell("Croissant")
        view = counter.till()
        assert view.sale is not None
        assert view.sale.id == sale, "and selling goes on"

    run(story())


def group_count(counter: Counter, group_id: UUID) -> int:
    from loyalty.domain.filters import Moment

    with counter.database.reading() as unit:
        condition = unit.groups.smart()[group_id].condition(unit.groups.known())
        moment = Moment(counter.clock.now(), "Europe/Paris")
        return len(list(unit.directory.ids(condition, moment, None, 100)))


def test_a_permission_that_is_taken_away_is_gone_at_the_next_click(counter: Counter) -> None:
    # part of rows 74, 211
    async def story() -> None:
        async with desk(counter, "caisse") as cashier:
            assert (await cashier.get("/customers", headers=HTML)).status_code == 200
            with counter.database.unit_of_work() as unit:
                found = unit.staff.by_login("caisse")
                assert found is not None
                role = found[0].role
                less = role.permissions - {Permission.VIEW_CUSTOMERS, Permission.CREATE_CUSTOMERS}
                unit.staff.save_role(replace(role, permissions=less))
                unit.commit()
            for path in ("/customers", "/customers/found?q=Camille", "/customers/new"):
                assert (await cashier.get(path, headers=HTML)).status_code == 403, path
            assert (await cashier.fill("/customers/new", given_name="X")).status_code == 403
            assert 'href="/customers"' not in await cashier.page("/home")

    run(story())
