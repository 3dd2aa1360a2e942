"""Made-up people with the truth beside them: few wrong pairs, few missed, without anything being set."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loyalty.domain.duplicates.fields import Field, People
from loyalty.domain.duplicates.finder import Found, find_duplicates
from loyalty.domain.duplicates.headings import meanings
from loyalty.domain.duplicates.reasons import Agreement, reasons
from loyalty.domain.duplicates.table import PeopleTable
from tests.people import tables


def people_of(rows: list[tables.Row]) -> People:
    table = PeopleTable(meanings(list(rows[0])))
    for row in rows:
        table.add(list(row.values()))
    return table.people()


def measured(found: Found, truth: list[int]) -> tuple[float, float]:
    """Precision and recall of the pairs that are told."""
    who = np.array(truth)
    told = found.scores >= found.sure_from
    right = who[found.left[told]] == who[found.right[told]]
    _, counts = np.unique(who, return_counts=True)
    return float(right.mean()), float(right.sum() / (counts * (counts - 1) // 2).sum())


@pytest.mark.parametrize(
    ("style", "seed", "least_recall"),
    [
        (tables.AUSTRALIAN, 11, 0.96),
        (tables.without(tables.AUSTRALIAN, "soc_sec_id"), 12, 0.84),
        (tables.FRENCH, 13, 0.98),
        (tables.without(tables.FRENCH, "reference"), 14, 0.92),
        (tables.QUEBEC, 15, 0.95),
        (tables.SCRAMBLED, 16, 0.88),
        (tables.DIRTY, 17, 0.92),
        (tables.FAMILIES, 18, 0.93),
        (tables.without(tables.QUEBEC, "reference"), 19, 0.72),
        (tables.without(tables.FRENCH, "reference", "birthday"), 20, 0.38),
    ],
)
def test_few_wrong_and_few_missed(style: tables.Style, seed: int, least_recall: float) -> None:
    rows, truth = tables.table(replace(style, persons=min(style.persons, 1200)), seed)
    precision, recall = measured(find_duplicates(people_of(rows)), truth)
    assert precision >= 0.992, recall
    assert recall >= least_recall, precision


def test_members_of_a_household_are_not_one_person() -> None:
    """Twins, and fathers and sons of one name, share all but one thing."""
    rows, truth = tables.table(replace(tables.FAMILIES, copies=(0,), namesakes=0.2, persons=1500), 5)
    found = find_duplicates(people_of(rows))
    assert (found.scores >= found.sure_from).sum() <= 12
    assert len(set(truth)) == len(rows)


def test_a_number_that_differs_on_every_row_is_no_evidence() -> None:
    rows, _ = tables.table(replace(tables.AUSTRALIAN, persons=300), 3)
    bare = [{key: text for key, text in row.items() if key != "soc_sec_id"} for row in rows]
    numbered = [row | {"reference": f"rec-{number}-dup-0"} for number, row in enumerate(bare)]
    with_numbers, without = find_duplicates(people_of(numbered)), find_duplicates(people_of(bare))
    assert np.array_equal(with_numbers.left, without.left)
    assert np.array_equal(with_numbers.scores, without.scores)


def test_the_order_of_rows_does_not_matter_for_what_is_found() -> None:
    rows, _ = tables.table(replace(tables.AUSTRALIAN, persons=400), 4)
    forth, back = find_duplicates(people_of(rows)), find_duplicates(people_of(rows[::-1]))
    sure_forth = {
        (int(a), int(b)) for a, b, s in zip(forth.left, forth.right, forth.scores, strict=True) if s > 0.99
    }
    last = len(rows) - 1
    likely_back = {
        (last - int(b), last - int(a))
        for a, b, s in zip(back.left, back.right, back.scores, strict=True)
        if s > 0.9
    }
    assert len(sure_forth - likely_back) <= len(sure_forth) * 0.01


def test_reasons_name_what_agrees() -> None:
    rows, _ = tables.table(replace(tables.AUSTRALIAN, persons=300), 6)
    one = dict.fromkeys(rows[0], "") | {
        "given_name": "Philippa",
        "surname": "Wetherby",
        "date_of_birth": "19800102",
    }
    other = one | {
        "given_name": "Phillipa",
        "surname": "Wetherby",
        "date_of_birth": "19800102",
        "postcode": "2000",
    }
    found = find_duplicates(people_of([one, *rows, other]))
    pair = next(
        at for at in range(len(found.left)) if (found.left[at], found.right[at]) == (0, len(rows) + 1)
    )
    assert found.scores[pair] > 0.9
    assert reasons(found.compared, pair) == {
        Field.GIVEN_NAME: Agreement.ALIKE,
        Field.FAMILY_NAME: Agreement.EQUAL,
        Field.BIRTHDAY: Agreement.EQUAL,
    }


@pytest.mark.parametrize("size", [0, 1, 2, 3])
def test_tiny_tables(size: int) -> None:
    found = find_duplicates(
        People(size, {Field.GIVEN_NAME: ["Anne"] * size, Field.BIRTHDAY: ["1980-01-02"] * size})
    )
    assert len(found.left) == len(found.scores) <= size * (size - 1) // 2


_TWICE = {
    "name": "Jean Martin",
    "born": "1980-01-02",
    "street": "3 rue du Lac",
    "tel": "0612345678",
    "mail": "jm@x.fr",
}
_OF_ONE_ROOF = {**_TWICE, "name": "Marie Martin", "born": "1982-06-05"}
_STRANGER = {
    "name": "Luc Petit",
    "born": "1990-12-12",
    "street": "8 rue Haute",
    "tel": "0712345678",
    "mail": "lp@y.fr",
}


@pytest.mark.parametrize(
    ("others", "told"),
    [
        ([_TWICE], [(0, 1)]),
        ([_TWICE, _STRANGER], [(0, 1)]),
        ([_OF_ONE_ROOF, _STRANGER], []),
        ([_STRANGER], []),
    ],
)
def test_a_table_too_small_to_learn_from_is_judged_as_people_are_everywhere(
    others: list[dict[str, str]], told: list[tuple[int, int]]
) -> None:
    rows = [_TWICE, *others]
    names = [row["name"].split() for row in rows]
    people = People(
        len(rows),
        {
            Field.GIVEN_NAME: [given for given, _ in names],
            Field.FAMILY_NAME: [family for _, family in names],
            Field.BIRTHDAY: [row["born"] for row in rows],
            Field.STREET: [row["street"] for row in rows],
            Field.PHONE: [row["tel"] for row in rows],
            Field.EMAIL: [row["mail"] for row in rows],
        },
    )

    found = find_duplicates(people)

    sure = found.scores >= found.sure_from
    assert list(zip(found.left[sure].tolist(), found.right[sure].tolist(), strict=True)) == told


def test_a_table_of_one_and_the_same_row_ends() -> None:
    same = {
        Field.GIVEN_NAME: "Anne",
        Field.FAMILY_NAME: "Roy",
        Field.BIRTHDAY: "1980-01-02",
        Field.PHONE: "5145550100",
    }
    find_duplicates(People(3000, {field: [text] * 3000 for field, text in same.items()}))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries({field: st.text(max_size=20) for field in Field}), min_size=0, max_size=12
    ),
)
def test_any_table_is_taken(rows: list[dict[Field, str]]) -> None:
    people = People(len(rows), {field: [row[field] for row in rows] for field in Field})
    found = find_duplicates(people)
    assert ((found.scores >= 0) & (found.scores <= 1)).all()
    assert (found.left < found.right).all()
