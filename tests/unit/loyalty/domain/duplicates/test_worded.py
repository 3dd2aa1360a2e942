"""Addresses of e-mail that are made of names say little more than the names do."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from loyalty.domain.duplicates.columns import encode
from loyalty.domain.duplicates.fields import Field, People
from loyalty.domain.duplicates.finder import Found, find_duplicates
from loyalty.domain.duplicates.worded import worded_by, wordings
from tests.people import pools
from tests.unit.loyalty.domain.duplicates.test_finder import people_of, tables


@pytest.mark.parametrize(
    ("email", "given", "family", "worded"),
    [
        ("anne.roy7@example.org", "anne", "roy", "\x01.\x027@example.org"),
        ("aroy@example.org", "anne", "roy", "\x03\x02@example.org"),
        ("a.roy@example.org", "anne", "roy", "\x03.\x02@example.org"),
        ("jean-luc@example.org", "jean luc", "roy", "\x01@example.org"),
        ("zoé.roy@example.org", "zoe", "roy", "\x01.\x02@example.org"),
        ("royal@roy.example", "", "roy", "\x02al@roy.example"),
        ("bluebird@example.org", "anne", "roy", "bluebird@example.org"),
        ("li@example.org", "li", "wu", "li@example.org"),
        ("nobody", "", "", "nobody"),
    ],
)
def test_names_are_found_in_an_address(email: str, given: str, family: str, worded: str) -> None:
    assert worded_by(email, given, family) == worded


def test_without_names_or_addresses_nothing_is_worded() -> None:
    assert wordings(encode(People(1, {Field.EMAIL: ["a@example.org"]}))) is None
    assert wordings(encode(People(1, {Field.GIVEN_NAME: ["anne"], Field.FAMILY_NAME: ["roy"]}))) is None


def test_strangers_of_one_name_would_have_these_addresses() -> None:
    people = People(
        2,
        {
            Field.GIVEN_NAME: ["Anne", "Paul"],
            Field.FAMILY_NAME: ["Roy", "Martin"],
            Field.EMAIL: ["anne.roy@example.org", "paul.martin@example.org"],
        },
    )
    worded = wordings(encode(people))
    assert worded is not None
    one, other = np.array([0]), np.array([1])
    assert worded.as_namesakes(one, other, of_one_given_name=True)[Field.EMAIL].levels.tolist() == [5]
    assert worded.as_namesakes(one, other, of_one_given_name=False)[Field.EMAIL].levels.tolist() == [2]


def directory_with(*added: tuple[str, str]) -> tuple[Found, int]:
    """Who came last bears the commonest names and these numbers and addresses; and how many others there are."""
    rows, _ = tables.table(replace(tables.FRENCH, persons=900), 21)
    contact = [{key: row[key] for key in ("given_name", "surname", "phone", "email")} for row in rows]
    names = {"given_name": pools.GIVEN_FR[0], "surname": pools.FAMILY_FR[0]}
    last = [names | {"phone": phone, "email": email} for phone, email in added]
    return find_duplicates(people_of([*contact, *last])), len(rows)


def score_of_last(found: Found, rows: int) -> float:
    pair = (found.left == rows) & (found.right == rows + 1)
    return float(found.scores[pair][0]) if pair.any() else 0.0


def test_an_address_made_of_common_names_tells_less_than_one_of_its_own() -> None:
    given, family = pools.GIVEN_FR[0], pools.FAMILY_FR[0]
    numbers = ["+33612345678", ""]
    common = directory_with(*((number, f"{given}.{family}@gmail.com") for number in numbers))
    own = directory_with(*((number, "bluebird.1974@gmail.com") for number in numbers))
    assert score_of_last(*own) > 0.99
    assert score_of_last(*common) < 0.9


def test_common_names_that_changed_places_are_not_taken_for_rare_ones() -> None:
    random = Random(4)
    names = [(random.choice(pools.GIVEN_FR[:12]), random.choice(pools.FAMILY_FR[:12])) for _ in range(900)]
    swapped = [(family, given) for given, family in names[:300]]
    people = People(
        1200,
        {
            Field.GIVEN_NAME: [given for given, _ in (*names, *swapped)],
            Field.FAMILY_NAME: [family for _, family in (*names, *swapped)],
        },
    )
    found = find_duplicates(people)
    assert (found.scores >= 0.9).sum() == 0  # each name is borne by six: nothing tells which is which
