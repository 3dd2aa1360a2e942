"""One thing written in several ways is one thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.domain.duplicates.birthdays import folded_birthday
from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.folding import fold_of


@pytest.mark.parametrize(
    ("field", "ways", "folded"),
    [
        (Field.GIVEN_NAME, ["Zoé", "ZOE", " zoé ", "Zoe\u0301"], "zoe"),
        (Field.GIVEN_NAME, ["Jean-François", "jean françois", "JEAN  FRANCOIS"], "jean francois"),
        (Field.FAMILY_NAME, ["Œuvray", "oeuvray"], "oeuvray"),
        (Field.FAMILY_NAME, ["N/A", "null", "", "-", "Inconnu"], ""),
        (Field.STREET, ["12, Avenue Saint-Jean", "12 av. st jean"], "12 av st jean"),
        (Field.PHONE, ["+33 6 12 34 56 78", "06.12.34.56.78", "0033612345678"], "612345678"),
        (Field.PHONE, ["000000000", "12", "none"], ""),
        (Field.EMAIL, ["Anne.Roy@Example.org", " anne.roy@example.org "], "anne.roy@example.org"),
        (Field.REFERENCE, ["00 12-a", "0012A"], "0012A"),
        (Field.POSTCODE, ["g1r 2b5", "G1R2B5"], "G1R2B5"),
        (Field.GENDER, ["Homme", "male", "M"], "m"),
    ],
)
def test_ways_of_writing_come_together(field: Field, ways: list[str], folded: str) -> None:
    assert {fold_of(field)(each) for each in ways} == {folded}


@pytest.mark.parametrize(
    "written",
    [
        "1987-03-09",
        "19870309",
        "1987/3/9",
        "9/3/1987",
        "09.03.1987",
        "9 mars 1987",
        "9 Mar 87",
        "1987-03-09T00:00:00",
    ],
)
def test_birthdays_are_read_in_the_usual_ways(written: str) -> None:
    assert folded_birthday(written) == "19870309"


@pytest.mark.parametrize(
    "written", ["", "unknown", "12", "03-09", "abc", "1987", "99999-99-99", "0000-00-00"]
)
def test_what_is_no_birthday_is_unknown(written: str) -> None:
    assert folded_birthday(written) == ""


def test_the_day_may_stand_second() -> None:
    assert folded_birthday("03/25/1987") == "19870325"


@given(st.sampled_from(list(Field)), st.text(max_size=300))
def test_anything_folds(field: Field, text: str) -> None:
    folded = fold_of(field)(text)
    assert len(folded) <= 1000
    if field is Field.BIRTHDAY:
        assert folded == "" or (len(folded) == 8 and folded.isascii() and folded.isdigit())
