"""Headings of other people's files, in both languages."""

import pytest

from loyalty.domain.duplicates.fields import Field
from loyalty.domain.duplicates.headings import Special, meanings
from loyalty.domain.duplicates.table import PeopleTable, split_name, split_street


def test_english_and_french_headings_say_the_same() -> None:
    english = [
        "first_name",
        "Surname",
        "Street",
        "City",
        "Post Code",
        "Date of birth",
        "Phone",
        "E-mail",
        "Reference",
    ]
    french = [
        "Prénom",
        "NOM",
        "Rue",
        "Ville",
        "code_postal",
        "Date de naissance",
        "Téléphone",
        "Courriel",
        "Référence",
    ]
    assert meanings(english) == meanings(french)
    assert list(meanings(english)) == [
        Field.GIVEN_NAME,
        Field.FAMILY_NAME,
        Field.STREET,
        Field.SUBURB,
        Field.POSTCODE,
        Field.BIRTHDAY,
        Field.PHONE,
        Field.EMAIL,
        Field.REFERENCE,
    ]


def test_a_column_that_names_rows_is_no_field_and_unknown_ones_are_left_alone() -> None:
    header = ["rec_id", "cluster", "group", "given_name", "soc_sec_id"]
    assert meanings(header) == {Special.ROW_NAME: 0, Field.GIVEN_NAME: 3, Field.REFERENCE: 4}


@pytest.mark.parametrize(
    ("name", "split"),
    [
        ("Julia Taylor", ("Julia", "Taylor")),
        ("Taylor, Julia", ("Julia", "Taylor")),
        ("Anne Marie Roy", ("Anne", "Marie Roy")),
        ("Cher", ("Cher", "")),
        ("", ("", "")),
    ],
)
def test_whole_names_are_split(name: str, split: tuple[str, str]) -> None:
    assert split_name(name) == split


@pytest.mark.parametrize(
    ("street", "split"),
    [
        ("12 bis, rue des Lilas", ("12 bis", "rue des Lilas")),
        ("118 Tattersall Crescent", ("118", "Tattersall Crescent")),
        ("4-6 High Street", ("4-6", "High Street")),
        ("rue du 8 mai", ("", "rue du 8 mai")),
        ("12", ("", "12")),
        ("", ("", "")),
    ],
)
def test_house_numbers_in_front_are_split_off(street: str, split: tuple[str, str]) -> None:
    assert split_street(street) == split


def test_short_rows_are_rows_of_which_less_is_known() -> None:
    table = PeopleTable(meanings(["name", "street", "city"]))
    table.add(["Julia Taylor"])
    table.add(["Roy, Anne", "5 rue du Port", "Lévis", "more"])
    people = table.people()
    assert people.size == 2
    assert list(people.columns[Field.FAMILY_NAME]) == ["Taylor", "Roy"]
    assert list(people.columns[Field.STREET_NUMBER]) == ["", "5"]
    assert list(people.columns[Field.SUBURB]) == ["", "Lévis"]
