"""Catalogues, numbers, money, reasons."""

import hashlib
from pathlib import Path

import pytest

from kiosk import wording, words
from kiosk.errors import CatalogueError
from kiosk.scripts import from_the_left
from kiosk.session.phone_entry import NumberProblem
from kiosk.session.view import Shop
from kiosk.wording_version import CONSENT_WORDING
from kiosk.words import Catalogue
from messaging.model import Why
from messaging.station.sale import DiscountLine
from tools.words import LANGUAGES, faults, texts

NBSP, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_missing_or_stale(language: str) -> None:
    # part of row 189
    assert faults(language) == []


def test_texts_of_screens_and_of_code_are_all_found() -> None:
    found = {text if isinstance(text, str) else text[0] for text, _ in texts()}

    assert "Your mobile number" in found  # in kv
    assert "Thank you,\nall set." in found  # in a call
    assert "This card belongs to another shop." in found  # marked in a table


def test_money_and_numbers_are_written_as_people_do() -> None:
    # part of row 189
    french, english = Catalogue("fr", "FR"), Catalogue("en", "GB")

    assert french.money(1250, "EUR") == f"12,50{NBSP}€"
    assert french.money(-133, "EUR") == f"−1,33{NBSP}€"
    assert english.money(1250, "GBP") == "£12.50"
    assert french.money(500, "JPY").startswith("500")
    assert french.number(12480) == f"12{NARROW}480"
    assert french.percent(125_000) == f"12,5{NARROW}%"
    assert english.percent(100_000) == "10%"


def test_arabic_beside_a_french_till_writes_amounts_as_the_receipt_does() -> None:
    # part of row 189
    arabic = Catalogue("ar", "FR")

    assert arabic.money(-125_050, "EUR") == from_the_left(f"−1.250,50{NBSP}€")
    assert arabic.number(12480) == "12.480"
    assert [wording.articles(arabic, count) for count in (1, 2, 3, 11, 100)] == [
        "سلعة واحدة", "سلعتان", "3 سلع", "11 سلعة", "100 سلعة",
    ]  # fmt: skip


def test_a_language_without_a_catalogue_speaks_english() -> None:
    assert Catalogue("nl", "NL").t("Your mobile number") == "Your mobile number"


def test_a_region_that_babel_does_not_know_falls_back_to_the_language() -> None:
    assert Catalogue("fr", "US").number(1000) == f"1{NARROW}000"


def test_a_broken_catalogue_is_an_error_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "it" / "LC_MESSAGES" / "kiosk.po"
    path.parent.mkdir(parents=True)
    path.write_bytes(b'msgid "\xff"\nmsgstr ""\n')
    monkeypatch.setattr(words, "LOCALES", tmp_path)

    with pytest.raises(CatalogueError, match=r"kiosk\.po of it"):
        Catalogue("it", "FR")


def test_points_have_their_plural_and_keep_together() -> None:
    french = Catalogue("fr", "FR")

    assert wording.points(french, Shop(), 1) == f"1{NBSP}point"
    assert wording.points(french, Shop(), 2) == f"2{NBSP}points"
    assert wording.points(french, Shop(points_name="étoiles"), 2) == f"2{NBSP}étoiles"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "code",
    [
        "unknown_code", "not_read", "bad_signature", "other_shop", "card_revoked", "no_open_sale", "sale_closed",
        "late", "trust_too_low", "already_used", "nothing_to_discount", "reward_unavailable", "not_enough_points",
        "cut_off", "too_long", "not_text", "control_characters", "something_new",
    ],
)  # fmt: skip
def test_every_reason_is_a_sentence(language: str, code: str) -> None:
    # row 173
    text = wording.reason(Catalogue(language, "FR"), Why(code=code))

    assert text.endswith(".")
    assert code not in text


@pytest.mark.parametrize("problem", list(NumberProblem))
def test_every_problem_of_a_number_is_told(problem: NumberProblem) -> None:
    assert wording.number_problem(Catalogue("fr", "FR"), problem).endswith(".")


def test_a_discount_says_why() -> None:
    # row 173
    french = Catalogue("fr", "FR")
    group = Why(code="group_discount", params={"group": "Amis", "rate_ppm": 100_000, "base_minor": 1330})
    reward = Why(code="reward", params={"tier": "Café", "points": 50})

    assert (
        wording.discount(french, DiscountLine(name="Fidèles", amount_minor=-1, why=group))
        == f"10{NARROW}% pour le groupe Amis"
    )
    assert (
        wording.discount(french, DiscountLine(name="Amis", amount_minor=-1, why=group))
        == f"10{NARROW}% pour votre groupe"
    )
    assert (
        wording.discount(french, DiscountLine(name="Café", amount_minor=-1, why=reward))
        == "Récompense à 50 points"
    )


def test_privacy_contact_and_minimum_age_stand_beside_the_boxes() -> None:
    # part of row 201
    french = Catalogue("fr", "FR")

    assert wording.privacy(french, Shop(brand="Lumen")) == "Vos données restent chez Lumen."
    said = wording.privacy(french, Shop(privacy_contact="donnees@lumen.example", minimum_age=15))
    assert "donnees@lumen.example\n" in said
    assert said.endswith("à partir de 15 ans.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_of_the_camera_stands_where_there_is_one(language: str) -> None:
    # part of row 201
    words_of = Catalogue(language, "FR")

    assert wording.camera_notice(words_of, Shop(camera_notice="Rien.", readers=("scanner",))) == ""
    assert wording.camera_notice(words_of, Shop(camera_notice="Rien.", readers=("camera",))) == "Rien."
    assert ". " in wording.camera_notice(words_of, Shop(readers=("scanner", "camera")))


def test_changed_consent_texts_have_a_new_version() -> None:
    # row 176
    beside_the_boxes = (
        "I join the loyalty programme of {brand}",
        "Each purchase earns points. Leave whenever you like.",
        "I would like offers by text message",
        "A few a month at most. Reply STOP at any time.",
    )
    said = "\n".join(Catalogue(language, "FR").t(text) for language in LANGUAGES for text in beside_the_boxes)

    assert (CONSENT_WORDING, hashlib.sha256(said.encode()).hexdigest()[:16]) == (
        "kiosk-2026-11",
        "331ac358b4560caa",
    )
