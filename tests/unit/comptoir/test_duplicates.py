"""``comptoir duplicates`` as a person at the machine uses it."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.__main__ import main
from loyalty.adapters.sql.database import opened
from loyalty.adapters.sql.migrate import migrate
from loyalty.domain.customer import Customer, CustomerSource
from runtime.ids import new_id
from tests.people import tables


def written(path: Path, rows: list[tables.Row], *, encoding: str = "utf-8", separator: str = ",") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture
def people() -> list[tables.Row]:
    return tables.table(replace(tables.FRENCH, persons=300), 8)[0]


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_pairs_come_as_json_lines_likeliest_first(
    tmp_path: Path, people: list[tables.Row], capsys: pytest.CaptureFixture[str]
) -> None:
    named = [{"rec_id": f"rec-{number}-org", **row} for number, row in enumerate(people)]
    assert main(["duplicates", str(written(tmp_path / "people.csv", named)), "--json"]) == 0
    pairs = lines(capsys)
    assert len(pairs) > 150
    scores = [pair["score"] for pair in pairs]
    assert scores == sorted(scores, reverse=True)
    for pair in pairs:
        first, second = pair["rows"]
        assert 1 <= first < second <= len(people)
        assert pair["lines"] == [first + 1, second + 1]
        assert pair["ids"] == [f"rec-{first - 1}-org", f"rec-{second - 1}-org"]
        assert set(pair["fields"].values()) <= {"equal", "alike", "different"}


def test_encoding_separator_and_language_change_nothing(
    tmp_path: Path, people: list[tables.Row], capsys: pytest.CaptureFixture[str]
) -> None:
    french = [
        "Prénom",
        "Nom",
        "Rue",
        "Ville",
        "Code postal",
        "Date de naissance",
        "Téléphone",
        "Courriel",
        "Référence",
    ]
    renamed = [dict(zip(french, row.values(), strict=True)) for row in people]
    found = []
    for path in (
        written(tmp_path / "a.csv", people),
        written(tmp_path / "b.csv", renamed, encoding="cp1252", separator=";"),
        written(tmp_path / "c.csv", renamed, encoding="utf-16", separator="\t"),
        written(tmp_path / "d.csv", renamed, encoding="utf-8-sig"),
    ):
        assert main(["duplicates", str(path), "--json"]) == 0
        found.append(lines(capsys))
    assert found[0] == found[1] == found[2] == found[3]
    assert found[0]


def test_a_title_above_the_headings_changes_nothing(
    tmp_path: Path, people: list[tables.Row], capsys: pytest.CaptureFixture[str]
) -> None:
    plain = written(tmp_path / "people.csv", people)
    titled = tmp_path / "titled.csv"
    titled.write_text(f"Clients\n\n{plain.read_text(encoding='utf-8')}", encoding="utf-8")
    assert main(["duplicates", str(plain), "--json"]) == 0
    expected = lines(capsys)
    assert main(["duplicates", str(titled), "--json"]) == 0
    found = lines(capsys)
    assert [pair["rows"] for pair in found] == [pair["rows"] for pair in expected]
    assert [pair["lines"] for pair in found] == [[line + 2 for line in pair["lines"]] for pair in expected]


def test_the_threshold_is_kept(
    tmp_path: Path, people: list[tables.Row], capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(written(tmp_path / "people.csv", people))
    counts = []
    for threshold in ("0.001", "0.5", "1"):
        assert main(["duplicates", path, "--json", "--threshold", threshold]) == 0
        pairs = lines(capsys)
        assert all(float(str(pair["score"])) >= float(threshold) for pair in pairs)
        counts.append(len(pairs))
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[1] > 0


@pytest.mark.parametrize("threshold", ["0", "1.5", "nan", "much"])
def test_a_threshold_that_is_none_is_refused(threshold: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["duplicates", "people.csv", "--threshold", threshold])
    assert "a score is a number" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"colour,size\nred,3\n", "its headings are: colour, size"),
        (b"%PDF-1.7 ...", "not a sheet"),
        (b'given_name,surname\nAnne,"Roy\nPaul,Cote\n', "quotes (line 2)"),
    ],
)
def test_what_cannot_be_read_is_said(
    tmp_path: Path, content: bytes, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(content)
    assert main(["duplicates", str(path), "--json"]) == 1
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        assert main(["duplicates", str(path)]) == 1
        assert "cannot read" in capsys.readouterr().err


def test_the_directory_is_searched_and_staff_find_the_pairs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"sqlite:///{tmp_path / 'shop.db'}"
    migrate(url)
    with opened(url) as database:
        with database.unit_of_work() as uow:
            for row in tables.table(replace(tables.FRENCH, persons=80), 3)[0]:
                customer = Customer(
                    new_id(),
                    CustomerSource.DIRECTORY,
                    datetime(2026, 3, 2, tzinfo=UTC),
                    given_name=row["given_name"] or None,
                    family_name=row["surname"] or None,
                    email_address=row["email"] or None,
                )
                uow.customers.add(customer)
            uow.commit()
        assert main(["duplicates", "--directory", "--database", url, "--json"]) == 0
        proposed = json.loads(capsys.readouterr().out)["proposed"]
        with database.reading() as uow:
            assert uow.duplicates.count_open() == proposed > 5


def test_headings_alone_are_no_duplicates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "people.csv"
    path.write_text("given_name,surname\n")
    assert main(["duplicates", str(path), "--json"]) == 0
    assert capsys.readouterr().out == ""


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_no_file_breaks_it(tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(b"given_name,surname,dob\n" + content)
    assert main(["duplicates", str(path), "--json"]) in (0, 1)
    for line in capsys.readouterr().out.splitlines():
        json.loads(line)
