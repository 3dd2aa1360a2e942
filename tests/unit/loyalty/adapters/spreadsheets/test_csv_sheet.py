import contextlib
import csv
import io
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from loyalty.adapters.spreadsheets.csv_sheet import CsvSheet
from loyalty.adapters.spreadsheets.open_sheet import open_sheet
from loyalty.adapters.spreadsheets.write_csv import csv_chunks
from loyalty.domain.text import without_controls
from loyalty.ports.sheets import SheetError, SheetFault, SheetLimits

FRENCH = [
    ("Référence", "Prénom", "Société"),
    ("007", "Zoë-Éléonore", "L’œuf à la neige"),
    ("008", "Çağla", "Hôtel Ñandú"),
]
WESTERN = [row if "ğ" not in "".join(row) else ("008", "Çaglà", "Hôtel Ñandú") for row in FRENCH]


def sheet(
    tmp_path: Path, content: bytes, limits: SheetLimits | None = None
) -> tuple[tuple[str, ...], list[tuple[int, tuple[str, ...]]]]:
    path = tmp_path / "sheet.csv"
    path.write_bytes(content)
    with open_sheet(path, limits) as opened:
        return opened.header, [(row.line, row.cells) for row in opened.rows()]


def fault(tmp_path: Path, content: bytes, limits: SheetLimits | None = None) -> SheetError:
    with pytest.raises(SheetError) as caught:
        sheet(tmp_path, content, limits)
    return caught.value


def written(rows: list[tuple[str, ...]], separator: str) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_with_every_separator(tmp_path: Path, encoding: str, separator: str) -> None:
    header, rows = sheet(tmp_path, written(FRENCH, separator).encode(encoding))
    assert [header, *(cells for _, cells in rows)] == FRENCH


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_the_old_encodings_of_windows_and_mac_are_told_apart(tmp_path: Path, encoding: str) -> None:
    header, rows = sheet(tmp_path, written(WESTERN, ";").encode(encoding))
    assert [header, *(cells for _, cells in rows)] == WESTERN


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
@pytest.mark.parametrize(
    "text",
    [
        "Statut de l’abonnement;Prénom;Été à la plage — « Noël »",
        "Adresse;N° de téléphone;Ça",
        "José Núñez;señora;¿qué?",
        "Müller;Straße;Größe",
        "L’Haÿ;Œuvre;cœur",
        "Numéro",
    ],
)
def test_what_western_people_write_is_told_apart(tmp_path: Path, encoding: str, text: str) -> None:
    assert sheet(tmp_path, f"{text}\nx\n".encode(encoding))[0] == tuple(text.split(";"))


def test_latin_1_is_read(tmp_path: Path) -> None:
    rows = [tuple(cell.replace("’", "'").replace("œ", "oe") for cell in row) for row in WESTERN]
    header, read = sheet(tmp_path, written(rows, ",").encode("latin-1"))
    assert [header, *(cells for _, cells in read)] == rows


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_read(tmp_path: Path, encoding: str) -> None:
    header, _ = sheet(tmp_path, "name;phone\nAda;0601020304\n".encode(encoding))
    assert header == ("name", "phone")


def test_a_letter_cut_in_two_at_the_end_is_no_utf_8(tmp_path: Path) -> None:
    _, rows = sheet(tmp_path, "nom\ncafé".encode("cp1252"))
    assert rows == [(2, ("café",))]


def test_leading_zeros_and_quoted_line_breaks_stay(tmp_path: Path) -> None:
    _, rows = sheet(tmp_path, b'ref,note\r\n00042,"two\r\nlines"\r\n\r\n,\r\n="0043",x\r\n')
    assert rows == [(2, ("00042", "two\r\nlines")), (6, ("0043", "x"))]


def test_a_line_that_names_the_separator_is_obeyed(tmp_path: Path) -> None:
    header, rows = sheet(tmp_path, b"sep=;\nname;note\nAda;a,b,c\n")
    assert header == ("name", "note")
    assert rows == [(3, ("Ada", "a,b,c"))]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'a,b\n1,2\n3,"open\n4,5\n', 3),
        (b'a,b\n1,"x" y\n', 2),
        (b'a,b\n1,"open\n2,"closed"\n', 2),
        (b'"a,b\n1,2\n', 1),
    ],
)
def test_unbalanced_quotes_are_named_by_the_line_that_opens_them(
    tmp_path: Path, content: bytes, line: int
) -> None:
    error = fault(tmp_path, content)
    assert (error.fault, error.params["line"]) == (SheetFault.QUOTES, line)


def test_a_title_above_the_table_hides_no_separator(tmp_path: Path) -> None:
    file = tmp_path / "clients.csv"
    file.write_bytes("Clients, au 12 mars\r\n\r\nNom;Prénom;Ville\r\nMartin;Ada;Lyon\r\n".encode("cp1252"))
    with open_sheet(file) as opened:
        assert [row.cells for row in opened.rows()] == [("Nom", "Prénom", "Ville"), ("Martin", "Ada", "Lyon")]


def test_a_quotation_mark_inside_a_cell_is_text(tmp_path: Path) -> None:
    assert sheet(tmp_path, b'a,b\n5" pipe,2\n')[1] == [(2, ('5" pipe', "2"))]


def test_an_open_quote_does_not_swallow_the_rest_of_the_file(tmp_path: Path) -> None:
    content = b'a,b\n1,"open\n' + b"some,more\n" * 50_000
    error = fault(tmp_path, content)
    assert (error.fault, error.params["line"]) == (SheetFault.QUOTES, 2)


def test_a_million_columns_are_refused(tmp_path: Path) -> None:
    assert fault(tmp_path, b"a" + b",a" * 1_000_000 + b"\n").fault is SheetFault.TOO_MANY_COLUMNS
    assert fault(tmp_path, b"a,b\n" + b"1" + b",a" * 300 + b"\n").fault is SheetFault.TOO_MANY_COLUMNS


def test_empty_columns_at_the_end_do_not_count(tmp_path: Path) -> None:
    header, rows = sheet(tmp_path, b"a,b" + b"," * 500 + b"\n1,2\n")
    assert header[:2] == ("a", "b")
    assert rows == [(2, ("1", "2"))]


@pytest.mark.parametrize("chars", [8_001, 200_000, 3_000_000])
def test_a_cell_that_is_too_long_is_refused(tmp_path: Path, chars: int) -> None:
    error = fault(tmp_path, b"a,b\n1,2\n" + b"x" * chars + b",2\n")
    assert (error.fault, error.params["line"]) == (SheetFault.CELL_TOO_LONG, 3)


def test_too_many_rows_and_too_many_bytes_are_refused(tmp_path: Path) -> None:
    assert fault(tmp_path, b"a\n1\n2\n3\n", SheetLimits(max_rows=2)).fault is SheetFault.TOO_MANY_ROWS
    assert fault(tmp_path, b"a\n1\n2\n3\n", SheetLimits(max_bytes=4)).fault is SheetFault.TOO_LARGE


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b"\xef\xbb\xbf", b" , ,\n"])
def test_nothing_in_it(tmp_path: Path, content: bytes) -> None:
    assert fault(tmp_path, content).fault is SheetFault.EMPTY


@pytest.mark.parametrize("content", [b"%PDF-1.7 x", b"\x89PNG\r\n\x1a\n", bytes(range(256)), b"\0\0\0\0"])
def test_what_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    assert fault(tmp_path, content).fault is SheetFault.NOT_A_SHEET


def test_an_old_workbook_is_named(tmp_path: Path) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert fault(tmp_path, content).fault is SheetFault.OLD_OR_PROTECTED


CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20).map(
    without_controls
)


@example(rows=[["", ";\r", ";\r"], ["", ";\r", ";\r"]], separator=",")
@given(
    rows=st.lists(
        st.lists(CELLS, min_size=3, max_size=3).filter(lambda row: any(map(str.strip, row))), max_size=6
    ),
    separator=st.sampled_from([",", ";", "\t", "|"]),
)
@settings(deadline=None, max_examples=150)
def test_what_was_written_is_read_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], separator: str
) -> None:
    path = tmp_path_factory.mktemp("round") / "trip.csv"
    head = ["first name", "last name", "reference"]
    path.write_text("".join(csv_chunks(head, rows, separator)), encoding="utf-8", newline="")
    with open_sheet(path) as opened:
        assert list(opened.header) == head
        assert [list(row.cells) for row in opened.rows()] == rows


@given(content=st.binary(max_size=400))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(content)
    with contextlib.suppress(SheetError), open_sheet(path) as opened:
        assert all(isinstance(cell, str) for row in opened.rows() for cell in row.cells)


def test_a_cell_never_begins_like_a_formula() -> None:
    # part of row 209
    text = "".join(csv_chunks(["a"], [[f"{start}1+1"] for start in ("=", "+", "-", "@", "\t", "\r", "'=")]))
    cells = [row[0] for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")))][1:]
    assert all(cell.startswith("'") for cell in cells)


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    import tracemalloc

    path = tmp_path / "large.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("reference,name,phone\n")
        file.writelines(f"{number:08},Name {number},06{number:08}\n" for number in range(50_000))
    tracemalloc.start()
    with CsvSheet(path, SheetLimits()) as opened:
        count = sum(1 for _ in opened.rows())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 50_000
    assert peak < 4_000_000
