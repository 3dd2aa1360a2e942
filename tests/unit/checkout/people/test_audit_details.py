"""The audit log reads as sentences of the trade, not as names of columns."""

from uuid import UUID

import pytest

from checkout.people.audit_details import CODES, LABELS, details
from checkout.people.audit_words import ACTION_TEXTS, action_text, place
from checkout.words import Words, words_for
from loyalty.domain.audit import AuditAction

PROFILE = UUID("0192f3c0-0000-7000-8000-00000000abcd")


@pytest.fixture
def french() -> Words:
    return words_for("fr")


def test_every_deed_has_words_in_both_languages(french: Words) -> None:
    assert set(AuditAction) == set(ACTION_TEXTS)
    english = words_for("en")
    assert [each for each in AuditAction if action_text(each, french) == action_text(each, english)] == []


def test_labels_and_codes_are_french_for_a_french_reader(french: Words) -> None:
    same = {text for text in (*LABELS.values(), *CODES.values()) if french.text(text) == text}
    assert same == {"Code", "Format", "Points", "Version", "Volume", "code", "note"}


@pytest.mark.parametrize(
    ("noted", "read"),
    [
        ({"number": 1, "difference_minor": -250}, "N° : 1 · Écart : −2,50\u00a0€"),
        ({"fields": "addresses, phone_number, Parfum"}, "Modifiés : adresses, numéro de téléphone, Parfum"),
        ({"rate_ppm": 55_000, "before_ppm": 100_000}, "Taux : 5,5\u00a0% · Avant : 10\u00a0%"),
        ({"name": "granted", "added": "sell", "removed": ""}, "Nom : granted · Ajoutés : Vendre"),
        ({"gone": str(PROFILE), "points": 1234}, "Fiche absorbée : 0000abcd · Points : 1\u202f234"),
        ({"unheard_of": "as it was"}, "unheard_of : as it was"),
    ],
)
def test_details_read_as_a_person_says_them(noted: dict[str, int | str], read: str, french: Words) -> None:
    assert details(noted, french, "EUR").replace("\u00a0:", " :").replace("\u202f:", " :") == read


def test_pages_of_settings_are_called_by_their_name(french: Words) -> None:
    assert place("settings:look", french) == "Écrans des clients"
    assert place("customer:1", french) is None
