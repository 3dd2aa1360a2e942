"""Consents, the copy of somebody's data and forgetting them, through the pages."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from checkout.erasure_file import ErasureFile
from loyalty.domain.audit import AuditAction
from loyalty.domain.papers import Attachment
from loyalty.domain.staff import Permission
from loyalty.domain.why import Refused
from loyalty.services.customer_papers import attach_file, check_file
from messaging.events.code_read import CodeRead
from runtime.ids import new_id
from tests.integration.checkout.browser import Browser, add_staff, run
from tests.integration.checkout.counter import Counter

WORDS = "Oui aux offres par SMS"


def page_of(counter: Counter, what: str, who: str = "Camille") -> str:
    return f"/customers/{counter.customer_id(who)}/{what}"


def deeds(counter: Counter, who: str = "Camille") -> list[AuditAction]:
    with counter.database.reading() as unit:
        return [each.action for each in unit.audit.of_subject(f"customer:{counter.customer_id(who)}")]


@pytest.mark.parametrize(
    ("what", "missing"),
    [
        ("consents", Permission.VIEW_CUSTOMERS),
        ("export", Permission.EXPORT_CUSTOMERS),
        ("export", Permission.VIEW_CONTACT),
        ("erase", Permission.ERASE_CUSTOMERS),
    ],
)
def test_each_page_asks_for_its_permission(counter: Counter, what: str, missing: Permission) -> None:
    # part of row 211
    add_staff(counter, "nearly", *(set(Permission) - {missing}))

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("nearly")
            path = page_of(counter, what)
            assert (await browser.get(path)).status_code == 403
            assert (await browser.send_form(path, word="EFFACER")).status_code == 403

    run(story())
    assert deeds(counter) == []


def test_staff_write_down_a_consent_and_a_withdrawal(counter: Counter) -> None:
    # row 176
    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            path = page_of(counter, "consents")
            form: dict[str, Any] = {"purpose": "marketing_sms", "state": "granted", "channel": "letter"}
            refused = await browser.send_form(path, **form, words="\u202e ")
            assert refused.status_code == 422
            assert 'id="words-fault"' in refused.text
            assert (await browser.send_form(path, **form, words=WORDS)).status_code == 303
            page = (await browser.get(path)).text
            assert page.count("jamais demandé") == 3
            assert WORDS in page
            assert "par écrit" in page
            assert "noté par Lucie" in page
            form |= {"state": "withdrawn", "channel": "phone"}
            assert (await browser.send_form(path, **form, words="Plus d’offres")).status_code == 303
            assert "au téléphone" in (await browser.get(path)).text

    run(story())
    assert deeds(counter) == [AuditAction.CONSENT_RECORDED] * 2


def test_who_may_only_look_sees_no_form_and_cannot_post(counter: Counter) -> None:
    add_staff(counter, "reader", Permission.VIEW_CUSTOMERS)

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in("reader")
            path = page_of(counter, "consents")
            page = await browser.get(path)
            assert page.status_code == 200
            assert "/erase" not in page.text
            assert "<textarea" not in page.text
            form = {"purpose": "marketing_sms", "state": "granted", "channel": "staff", "words": WORDS}
            assert (await browser.send_form(path, **form)).status_code == 403

    run(story())


def test_a_copy_holds_everything_and_is_noted(counter: Counter) -> None:
    # row 176
    sale = counter.sell("Bougie parfumée")
    card = CodeRead(text=counter.card_of("Camille"), symbology="QRCode", source="camera")
    counter.send(counter.envelope(card, sale=sale))
    counter.pay()

    async def story() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            path = page_of(counter, "export")
            assert "Bougie parfumée" in (await browser.get(path)).text
            answer = await browser.send_form(path)
            assert answer.headers["content-type"] == "application/zip"
            assert "Camille" not in answer.headers["content-disposition"]
            with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
                whole = json.loads(packed.read("data.json"))
                html = packed.read("data.html").decode()
            assert whole["profile"]["given_name"] == "Camille"
            assert whole["account"]["phone_number"] == "+33612000001"
            assert whole["sales"][0]["items"] == [{"name": "Bougie parfumée", "quantity": 1}]
            assert whole["profile"]["groups"] == ["Amis de la maison"]
            assert {each["kind"] for each in whole["points"]} >= {"earn"}
            assert "Idris" not in json.dumps(whole)
            assert "Camille Moreau" in html
            assert "Bougie parfumée" in html
            assert "<script" not in html

    run(story())
    assert deeds(counter)[-1] is AuditAction.PERSON_EXPORTED


def test_forgetting_asks_for_a_typed_word_and_cannot_be_done_in_a_sale(
    counter: Counter, tmp_path: Path
) -> None:
    # row 176
    file = tmp_path / "erased"
    web = replace(counter.web, erasures=ErasureFile(file, counter.database.reading))
    customer_id = counter.customer_id("Camille")
    path = page_of(counter, "erase")
    sale = counter.sell("Bougie parfumée")
    card = CodeRead(text=counter.card_of("Camille"), symbology="QRCode", source="camera")
    counter.send(counter.envelope(card, sale=sale))

    async def story(*, is_over: bool) -> None:
        async with Browser(replace(counter, web=web)) as browser:
            browser.sign_in()
            page = await browser.get(path)
            assert "Camille Moreau" in page.text
            if not is_over:
                assert 'name="word"' not in page.text
                assert (await browser.send_form(path, word="EFFACER")).status_code == 422
                return
            for wrong in ("", "oui", "EFFACE"):
                refused = await browser.send_form(path, word=wrong)
                assert refused.status_code == 422
                assert 'id="word-fault"' in refused.text
            done = await browser.send_form(path, word=" effacer ")
            assert done.status_code == 200
            for what in ("consents", "export", "erase"):
                assert (await browser.get(f"/customers/{customer_id}/{what}")).status_code == 404

    files = counter.web.attachments
    _attach(counter, customer_id, b"%PDF-1.7 of Camille alone")
    _attach(counter, customer_id, b"%PDF-1.7 of both")
    _attach(counter, counter.customer_id("Idris"), b"%PDF-1.7 of both")
    run(story(is_over=False))
    assert len(list(files.digests())) == 2
    counter.pay()
    run(story(is_over=True))
    folder = tmp_path / "attachments"
    left_there = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()]
    assert left_there == [b"%PDF-1.7 of both"], "somebody else's file stays"
    with counter.database.reading() as unit:
        left = unit.customers.get(customer_id)
    assert left is not None
    assert left.display_name is None
    assert file.read_text().split()[-1] == str(customer_id)


def test_what_was_erased_is_in_no_file_of_the_station(counter: Counter, tmp_path: Path) -> None:
    # part of row 176: on SQLite
    customer_id = counter.customer_id("Camille")
    told = "Zwkvandenbrouck of the ultramarine street"

    def is_told() -> bool:
        counter.settle()
        return any(told.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())

    def tell_note() -> None:
        with counter.database.unit_of_work() as unit:
            customer = unit.customers.get(customer_id)
            assert customer is not None
            unit.customers.save(replace(customer, note=told, version=customer.version + 1))
            unit.commit()

    async def erase() -> None:
        async with Browser(counter) as browser:
            browser.sign_in()
            done = await browser.send_form(f"/customers/{customer_id}/erase", word="effacer")
            assert done.status_code == 200

    tell_note()
    counter.station.upkeep.after_erasure()
    assert is_told(), "it stands in the database"
    with counter.database.reading() as unit:
        assert unit.customers.get(customer_id) is not None  # a snapshot from before the erasure
        run(erase())
        assert is_told(), "somebody reads what stood there"
    counter.clock.advance(61)
    counter.station.upkeep.do_what_is_due()
    assert not is_told()


def _attach(counter: Counter, customer_id: UUID, content: bytes) -> None:
    file = check_file("paper.pdf", content)
    assert not isinstance(file, Refused)
    counter.web.attachments.keep(content)
    with counter.database.unit_of_work() as unit:
        staff = counter.shop.staff
        made = attach_file(unit, counter.station.ctx, customer_id, file, staff, files=counter.web.attachments)
        assert isinstance(made, Attachment)
        unit.commit()


def test_the_file_of_erasures_is_only_added_to_and_survives_a_cut_line(
    counter: Counter, tmp_path: Path
) -> None:
    # part of row 205
    file = ErasureFile(tmp_path / "erased", counter.database.reading)
    first, second = new_id(), new_id()
    file.add_new()
    assert file.ids() == []
    assert not (tmp_path / "erased").exists()
    for each in (first, second):
        with counter.database.unit_of_work() as unit:
            unit.people.note_erased(each, counter.clock.now())
            unit.commit()
        file.add_new()
        file.add_new()
        (tmp_path / "erased").write_bytes((tmp_path / "erased").read_bytes() + b"2026-11-2")
    assert file.ids() == [first, second]
    assert (tmp_path / "erased").stat().st_mode & 0o077 == 0


def test_a_disk_that_is_full_loses_no_erasure(counter: Counter, tmp_path: Path) -> None:
    file = ErasureFile(tmp_path / "no" / "folder" / "erased", counter.database.reading)
    with counter.database.unit_of_work() as unit:
        unit.people.note_erased(new_id(), counter.clock.now())
        unit.commit()
    file.add_new()
    (tmp_path / "no" / "folder").mkdir(parents=True)
    file.add_new()
    assert len(file.ids()) == 1
