"""Taking a sheet apart: where its headings are, and what its dates have first."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from checkout.imports.prepared import read_cells
from checkout.imports.reading import take_apart
from loyalty.domain.importing.dates import DateOrder
from loyalty.ports.sheets import SheetError, SheetRow

HEADINGS = ("Nom", "Prénom", "Courriel", "Anniversaire")


class Listed:
    """A sheet of these rows."""

    name, left_out = "A-M", ("N-Z",)

    def __init__(self, *rows: tuple[str, ...]) -> None:
        self._rows = iter([SheetRow(line, cells) for line, cells in enumerate(rows, 1)])
        self.header = next(self._rows).cells

    def rows(self) -> Iterator[SheetRow]:
        return self._rows


def test_a_title_above_the_headings_is_left_out(tmp_path: Path) -> None:
    sheet = Listed(("Clients",), ("", "au 12 mars"), HEADINGS, ("Martin", "Ada", "", ""))
    summary = take_apart(sheet, tmp_path / "rows")
    assert (summary.header, summary.above, summary.rows) == (HEADINGS, 2, 1)
    assert (summary.name, summary.left_out) == ("A-M", ("N-Z",))
    assert list(read_cells(tmp_path / "rows")) == [(4, ["Martin", "Ada", "", ""])]


def test_without_headings_nobody_is_lost(tmp_path: Path) -> None:
    sheet = Listed(("Martin", "Ada", "ada@example.fr"), ("Petit", "Bo", "bo@example.fr"))
    summary = take_apart(sheet, tmp_path / "rows")
    assert (summary.header, summary.above, summary.rows) == (("", "", ""), 0, 2)
    assert summary.sample[0][1] == "Ada"


@pytest.mark.parametrize(
    ("last", "order"), [("31/12", DateOrder.DAY_FIRST), ("12/31", DateOrder.MONTH_FIRST)]
)
def test_the_order_of_dates_is_told_by_any_row(tmp_path: Path, last: str, order: DateOrder) -> None:
    unsure = [("Martin", "Ada", "", f"{day:02}/03") for day in range(1, 13)] * 4
    assert take_apart(Listed(HEADINGS, *unsure), tmp_path / "rows").date_order is None
    assert take_apart(Listed(HEADINGS, *unsure, ("", "", "", last)), tmp_path / "rows").date_order is order


def test_a_slip_does_not_turn_all_other_dates_round(tmp_path: Path) -> None:
    slip, right = ("", "", "", "12/31/1990"), ("Martin", "Ada", "", "31/12/1990")
    assert (
        take_apart(Listed(HEADINGS, slip, right, right), tmp_path / "rows").date_order is DateOrder.DAY_FIRST
    )
    assert take_apart(Listed(HEADINGS, slip, right), tmp_path / "rows").date_order is None


def test_headings_alone_are_no_list(tmp_path: Path) -> None:
    with pytest.raises(SheetError):
        take_apart(Listed(HEADINGS), tmp_path / "rows")
    with pytest.raises(SheetError):
        take_apart(Listed(("Clients",), HEADINGS), tmp_path / "rows")


def test_a_row_that_is_wider_than_the_headings_makes_no_column(tmp_path: Path) -> None:
    shifted = ("Dupont", "Jean", "12", " rue des Lilas", "Lyon", "bon client")
    usual = ("Petit", "Léa", "3 rue Y", "Paris", "")
    headings = ("Nom", "Prénom", "Adresse", "Ville", "Note")
    for rows in ([shifted], [shifted, usual], [shifted, usual, usual], [shifted, shifted]):
        assert take_apart(Listed(headings, *rows), tmp_path / "rows").header == headings


def test_a_column_without_a_heading_at_the_end_is_one_where_rows_fill_it(tmp_path: Path) -> None:
    filled, empty = ("Petit", "Léa", "", "ami"), ("Roux", "Al", "", " ")
    summary = take_apart(Listed(("Nom", "Prénom"), *[filled, empty] * 3), tmp_path / "rows")
    assert summary.header == ("Nom", "Prénom", "", "")
    summary = take_apart(Listed(("Nom", "Prénom"), filled, empty, empty), tmp_path / "rows")
    assert summary.header == ("Nom", "Prénom")


def test_a_sheet_without_headings_is_as_wide_as_its_widest_row(tmp_path: Path) -> None:
    usual = [("Petit", "Léa", f"06123456{number:02}", "") for number in range(30)]
    sheet = Listed(*usual, ("Roux", "Al", "0612345699", "al@x.fr", ""))
    assert len(take_apart(sheet, tmp_path / "rows").header) == 4
