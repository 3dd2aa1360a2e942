"""Charts that stay inside their box, and tables that no spreadsheet takes for formulas."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from checkout.programme.charts import HEIGHT, WIDTH, Series, bar_chart
from checkout.programme.spreadsheet import csv_text


@given(st.lists(st.text(max_size=40), min_size=1, max_size=5))
def test_no_cell_begins_like_a_formula_or_breaks_the_table(cells: list[str]) -> None:
    # row 209
    for language in ("en", "fr"):
        text = csv_text(["head"] * len(cells), [cells], language)
        assert text.startswith("\ufeff")
        rows = list(
            csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter="," if language == "en" else ";")
        )
        assert len(rows) == 2
        assert len(rows[1]) == len(cells)
        for cell in rows[1]:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "|", "%"))


def test_figures_stay_figures_below_zero_too() -> None:
    assert csv_text(["n"], [[-5], [None]], "en").splitlines()[1:] == ["-5", '""']


@given(st.lists(st.integers(-10, 10**9), min_size=1, max_size=12), st.integers(1, 3))
def test_bars_stay_inside_the_box(values: list[int], count: int) -> None:
    series = [Series(str(number), "brand", tuple(values)) for number in range(count)]
    chart = bar_chart([str(value) for value in values], series, [[str(v) for v in values]] * count)
    for bar in chart.bars:
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH
        assert bar.y >= 0
        assert bar.y + bar.height <= HEIGHT
        assert bar.height >= 0
    assert chart.is_empty == (max(values) <= 0)
