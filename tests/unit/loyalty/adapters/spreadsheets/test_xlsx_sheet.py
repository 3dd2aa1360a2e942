import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.xml
import pytest

from loyalty.adapters.spreadsheets.open_sheet import open_sheet
from loyalty.adapters.spreadsheets.write_xlsx import write_xlsx
from loyalty.domain.importing.figures import all_digits, figure, is_scientific
from loyalty.ports.sheets import SheetError, SheetFault, SheetLimits


def workbook(path: Path, rows: list[list[Any]], formats: dict[str, str] | None = None) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for place, number_format in (formats or {}).items():
        sheet[place].number_format = number_format
    book.save(path)
    return path


def rows_of(path: Path, limits: SheetLimits | None = None) -> list[tuple[str, ...]]:
    with open_sheet(path, limits) as opened:
        return [opened.header, *(row.cells for row in opened.rows())]


def fault(path: Path, limits: SheetLimits | None = None) -> SheetFault:
    with pytest.raises(SheetError) as caught:
        rows_of(path, limits)
    return caught.value.fault


def with_part(path: Path, name: str, content: bytes) -> Path:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return path


def test_entities_in_a_workbook_are_refused_by_the_library_itself() -> None:
    assert openpyxl.xml.DEFUSEDXML is True


def test_cells_read_as_they_are_shown(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["text", "number", "padded", "phone", "date", "moment", "part", "yes"],
        [
            "00042",
            42,
            42,
            612345678,
            date(1990, 2, 3),
            datetime(2026, 1, 2, 3, 4, 5),  # noqa: DTZ001 - sheets know no zone
            1.5,
            True,
        ],
    ]
    path = workbook(tmp_path / "a.xlsx", rows, {"C2": "00000", "D2": '0#" "##" "##" "##" "##'})
    assert rows_of(path)[1] == (
        "00042",
        "42",
        "00042",
        "0612345678",
        "1990-02-03",
        "2026-01-02 03:04:05",
        "1.5",
        "true",
    )


def test_a_number_is_the_same_number_when_its_text_is_read(tmp_path: Path) -> None:
    numbers = [
        45.125,
        1234.5,
        19.995,
        0.1 + 0.2,
        1e-5,
        2.9999999999999996,
        1_000,
        123_456_789_012_345,
        -0.125,
    ]
    path = workbook(tmp_path / "a.xlsx", [["amount"] * len(numbers), numbers])
    texts = rows_of(path)[1]
    assert texts == (
        "45.1250",
        "1234.5",
        "19.9950",
        "0.3",
        "0.00001",
        "3",
        "1000",
        "123456789012345",
        "-0.1250",
    )
    for number, text in zip(numbers, texts, strict=True):
        read = figure(text.removeprefix("-"))
        assert read is not None
        assert float(read) == pytest.approx(abs(number), rel=1e-14)


def test_digits_that_a_spreadsheet_does_not_keep_are_not_invented(tmp_path: Path) -> None:
    numbers = [12345678901234567890, 1234567890123456, 1e21]
    path = workbook(tmp_path / "a.xlsx", [["card"] * len(numbers), numbers])
    assert rows_of(path)[1] == ("1.23456789012346E+19", "1.23456789012346E+15", "1.00000000000000E+21")
    assert all(is_scientific(text) and all_digits(text) is None for text in rows_of(path)[1])


def test_empty_rows_are_left_out_and_lines_are_counted(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[], ["name"], [], ["Ada"], [None, None]])
    with open_sheet(path) as opened:
        assert opened.header == ("name",)
        assert [(row.line, row.cells) for row in opened.rows()] == [(4, ("Ada",))]


def test_what_is_written_is_read_and_nothing_is_a_formula(tmp_path: Path) -> None:
    # part of row 209
    path = tmp_path / "out.xlsx"
    texts = ["=1+1", "+33612345678", "-5", "@SUM(A1)", "\tx", "'=1", "0007", "é\u202e", "a\x07b"]
    texts += ["'47 Brand", "''", "''=1", '="0042"']
    write_xlsx(path, "Clients", ["a"] * len(texts), [texts])
    assert rows_of(path)[1] == (
        "=1+1",
        "+33612345678",
        "-5",
        "@SUM(A1)",
        "\tx",
        "'=1",
        "0007",
        "é",
        "ab",
        "'47 Brand",
        "''",
        "''=1",
        '="0042"',
    )
    book = openpyxl.load_workbook(path)
    assert {cell.data_type for row in book["Clients"] for cell in row} == {"s"}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        ("xl/vbaProject.bin", SheetFault.MACROS),
        ("xl/externalLinks/externalLink1.xml", SheetFault.EXTERNAL_LINKS),
    ],
)
def test_what_runs_or_reaches_out_is_refused(tmp_path: Path, part: str, expected: SheetFault) -> None:
    path = with_part(workbook(tmp_path / "a.xlsx", [["name"], ["Ada"]]), part, b"x")
    assert fault(path) is expected


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["name"], ["Ada"]])
    with_part(path, "xl/media/bomb.bin", b"\0" * 30_000_000)
    assert path.stat().st_size < 100_000
    assert fault(path, SheetLimits(max_unpacked_bytes=20_000_000)) is SheetFault.TOO_LARGE


def test_a_million_laughs_do_not_grow(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["name"], ["Ada"]])
    evil = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    bad = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(bad, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            target.writestr(part, evil.encode() if part.filename == "xl/worksheets/sheet1.xml" else content)
    assert fault(bad) is SheetFault.DAMAGED


def test_columns_rows_and_cells_are_bounded(tmp_path: Path) -> None:
    wide = workbook(tmp_path / "wide.xlsx", [["x"] * 201])
    assert fault(wide) is SheetFault.TOO_MANY_COLUMNS
    tall = workbook(tmp_path / "tall.xlsx", [["x"]] * 12)
    assert fault(tall, SheetLimits(max_rows=10)) is SheetFault.TOO_MANY_ROWS
    deep = workbook(tmp_path / "deep.xlsx", [["x"], ["y" * 8_001]])
    assert fault(deep) is SheetFault.CELL_TOO_LONG


def test_a_row_that_claims_to_be_far_down_does_not_keep_anybody_busy(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["name"], ["Ada"]])
    far = tmp_path / "far.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(far, "w") as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b'r="2"', b'r="999999999"').replace(b'r="A2"', b'r="A999999999"')
            target.writestr(part, content)
    assert fault(far, SheetLimits(max_rows=1000)) is SheetFault.TOO_MANY_ROWS


def test_other_archives_and_broken_ones_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    assert fault(other) is SheetFault.NOT_A_SHEET
    whole = workbook(tmp_path / "whole.xlsx", [["name"], ["Ada"]]).read_bytes()
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(whole[: len(whole) // 2])
    assert fault(cut) is SheetFault.DAMAGED
    garbled = tmp_path / "garbled.xlsx"
    with zipfile.ZipFile(garbled, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook")
    assert fault(garbled) is SheetFault.DAMAGED


def test_ready_rows_below_are_not_read_as_customers(tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    write_xlsx(path, "Clients", ["name", "phone"], [], blank_rows=20)
    assert rows_of(path) == [("name", "phone")]


def test_a_csv_file_stored_as_a_workbook_has_its_apostrophes_taken_off(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["a", "b", "c"], ["'+33612345678", "''=1", "'47"]])
    assert rows_of(path)[1] == ("+33612345678", "'=1", "'47")


def test_a_cover_gives_way_to_the_first_sheet_with_a_table_and_the_others_are_named(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.title = "Cover"
    cover.append(["Clients 2026"])
    for title, rows in (("A-M", 2), ("N-Z", 1), ("Empty", 0), ("Hidden", 1)):
        sheet = book.create_sheet(title)
        for number in range(rows):
            sheet.append([title, number])
    book["Hidden"].sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    with open_sheet(tmp_path / "a.xlsx") as opened:
        assert (opened.name, opened.left_out) == ("A-M", ("Cover", "N-Z"))
        assert opened.header == ("A-M", "0")
        assert [row.cells for row in opened.rows()] == [("A-M", "1")]


def test_a_list_of_one_column_is_read_where_there_is_no_table(tmp_path: Path) -> None:
    with open_sheet(workbook(tmp_path / "a.xlsx", [["E-mail"], ["a@b.fr"]])) as opened:
        assert (opened.header, opened.left_out) == (("E-mail",), ())
