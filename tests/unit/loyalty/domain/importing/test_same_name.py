import pytest

from loyalty.domain.importing.same_name import Likeness, family_likeness, given_likeness


@pytest.mark.parametrize(
    "pair",
    [
        "Marc Marie", "Michel Michèle", "Jean Jeanne", "Luc Lucie", "Luc Lucas", "Lucie Lucas", "Paul Alice",
        "Daniel Danielle", "Julie Julien", "Stéphane Stéphanie", "Émile Émilie", "Fabien Fabienne", "Léa Léo",
        "Alexandre Alexandra", "Christian Christina", "Martin Martine", "Mario Maria", "Anne-Marie Annick",
    ],
)  # fmt: skip
def test_given_names_of_two_people_are_two(pair: str) -> None:
    one, two = pair.split()
    assert given_likeness(one, two) is given_likeness(two, one) is Likeness.OTHER


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Stephane", "STÉPHANE"), ("Jean", "J."), ("Alex", "Alexandre"), ("Jo", "Joseph"), ("Ada", "Adda"),
        ("Jean", "Jean-Marc"), ("Jean-Marc", "Jean Marc"), ("J.-M.", "Jean-Marc"), ("Matieu", "Matthieu"),
        ("Benoit", "Benoît"), ("Nicolas", "Nicoals"), ("Philipe", "Philippe"), ("...", "Ada"),
    ],
)  # fmt: skip
def test_slips_initials_and_short_forms_are_one(one: str, two: str) -> None:
    assert given_likeness(one, two) is given_likeness(two, one) is Likeness.ALIKE


def test_family_names_are_one_until_they_are_clearly_others() -> None:
    for one, two in (("Dupont", "Dupond"), ("Martin", "Martinez"), ("Le Goff", "Legoff"), ("d’Arc", "Darc")):
        assert family_likeness(one, two) is Likeness.ALIKE
    assert family_likeness("Roux", "Lefebvre") is Likeness.OTHER
    assert family_likeness("Roux", None) is given_likeness(None, "Ada") is Likeness.UNKNOWN
