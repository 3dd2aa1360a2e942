"""The recovery sheet as a browser prints it: one page that is enough where nothing of the shop is left."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import expect

from checkout.backup_record import BackupRecord, LastBackup
from tests.integration.checkout.counter import Counter
from tests.ui.checkout.axe import accessibility_faults
from tests.ui.checkout.conftest import OpenPage, shoot
from tests.ui.checkout.served import ServedCounter

RECIPIENT = "age1" + "q" * 58


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedCounter]:
    """A station that wrote its last back-up three days ago."""

    def furnish(counter: Counter, _address: str) -> Counter:
        record = BackupRecord(tmp_path / "last-backup.json", tmp_path / "disk", RECIPIENT)
        record.note(LastBackup(counter.clock.now(), "comptoir-s0001-x.age", 4_000_000))
        counter.clock.advance(3 * 24 * 3600)
        return replace(counter, web=replace(counter.web, backup=record))

    made = ServedCounter(tmp_path, furnish=furnish).start()
    yield made
    made.stop()


def test_it_is_printed_on_one_page_with_every_step_and_no_alarm(
    served: ServedCounter, open_page: OpenPage, tmp_path: Path
) -> None:
    # part of row 205
    page = open_page("/backup", width=1280, height=1000)
    expect(page.get_by_role("complementary", name="Incident en cours")).to_contain_text(
        "Aucune sauvegarde depuis deux jours"
    )
    expect(page.get_by_role("heading", name="Fiche de secours")).to_be_visible()
    assert accessibility_faults(page) == []
    shoot(page, "recovery-sheet")

    page.pdf(path=tmp_path / "sheet.pdf", format="A4")

    pdf = pypdfium2.PdfDocument(tmp_path / "sheet.pdf")
    assert len(pdf) == 1
    sheet = pdf[0]
    text = " ".join(sheet.get_textpage().get_text_bounded().split())
    sheet.render(scale=1.5).to_pil().save(Path("build") / "shots" / "recovery-sheet-printed.png")
    for said in (
        RECIPIENT,
        "comptoir restore",
        "certs station s0001.station --keys-from",
        "Fiche de secours",
    ):
        assert said.replace(" ", "") in text.replace(" ", ""), said
    assert "deux jours" not in text, "the alarm of the day is no part of the sheet"
    pdf.close()
