"""Texts of the pages: complete in French, right plurals, amounts the country's way, reasons as sentences."""

import string
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

import checkout.words
from checkout.words import best_language, words_for
from checkout.words.catalogue import _texts, _texts_of
from checkout.words.reasons import _WORDINGS, REFUSALS, reason_text
from loyalty.domain.why import Refusal, WhyCode
from tests.unit.checkout.words_in_use import texts_in_use


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_in_use_is_there_in_french_with_the_same_fields() -> None:
    french = _texts("fr")
    for source, many in texts_in_use().items():
        assert source in french, source
        found = french[source]
        assert isinstance(found, tuple) == (many is not None), source
        for form in found if isinstance(found, tuple) else (found,):
            assert fields(form) == fields(source) | (fields(many) if many else set()), source


@pytest.mark.parametrize("language", ["fr", "es"])
def test_a_text_reads_the_same_in_every_area(language: str) -> None:
    """Two areas that mean different things by one English text need two English texts."""
    seen: dict[str, object] = {}
    for path in sorted(Path(checkout.words.__file__).parent.glob(f"{language}*.po")):
        with path.open("rb") as file:
            texts = _texts_of(read_po(file, locale=language))
        for source, text in texts.items():
            assert seen.setdefault(source, text) == text, (source, path.name)


def test_no_catalogue_holds_a_text_that_nothing_uses() -> None:
    for language in ("fr", "es"):
        assert set(_texts(language)) <= set(texts_in_use())


def test_the_members_page_is_whole_in_spanish() -> None:
    from checkout.web.pages.status_choices import DONE_TEXTS
    from checkout.web.rendering import STATIC_FOLDER
    from checkout.words.history import ENTRY_TITLES
    from tests.unit.checkout.words_in_use import _CALL, _PYTHON

    templates = STATIC_FOLDER.parent / "templates"
    spanish = _texts("es")
    for path in templates.glob("status*.html"):
        for _, a, b, _, _ in _CALL.findall(path.read_text(encoding="utf-8")):
            assert (a or b) in spanish, a or b
    history = (STATIC_FOLDER.parents[1] / "words" / "history.py").read_text(encoding="utf-8")
    for _, one, _ in _PYTHON.findall(history):
        assert one in spanish, one
    for text in (*ENTRY_TITLES.values(), *(text for pair in DONE_TEXTS.values() for text in pair)):
        assert text in spanish, text


@pytest.mark.parametrize("code", [*map(str, WhyCode), *map(str, Refusal)])
def test_every_reason_there_is_has_words(code: str) -> None:
    # part of row 173
    assert code in _WORDINGS or code in REFUSALS


_OF_THE_COUNTER = [
    "points_by_amount",
    "no_points_below_tranche",
    "no_points_without_account",
    "no_points_in_training",
    "no_points_without_programme",
    "no_points_trust_too_low",
    "group_discount",
    "group_discount_confirmed",
    "group_discount_proposed",
    "reward",
    "reward_cut_to_ceiling",
    "reward_cut_to_base",
    "reward_without_effect",
    "phone_number_invalid",
    "not_recognised",
    "code_malformed",
    "code_signature_wrong",
    "code_of_another_shop",
    "card_revoked",
    "lane_unknown",
    "sale_unknown",
    "sale_closed",
    "sale_empty",
    "sale_already_open",
    "sale_held",
    "sale_changed",
    "line_unknown",
    "item_unknown",
    "quantity_out_of_range",
    "session_ended",
    "no_member",
    "no_proposed_discount",
    "tier_unknown",
    "not_enough_points",
    "trust_too_low",
    "already_applied",
    "not_applied",
    "nothing_to_discount",
    "not_enough_tendered",
    "claim_wrong",
    "claim_already_made",
    "sign_in_wrong",
    "sign_in_locked",
    "password_too_short",
    "name_invalid",
]


def test_the_reasons_of_the_counter_are_those_of_the_rules() -> None:
    assert set(_OF_THE_COUNTER) <= {*map(str, WhyCode), *map(str, Refusal)}


@pytest.mark.parametrize("code", _OF_THE_COUNTER)
def test_every_reason_of_the_counter_has_a_sentence(code: str) -> None:
    assert str(code) in REFUSALS or str(code) in _WORDINGS, code


def test_a_reason_is_worded_with_its_figures() -> None:
    words = words_for("fr", "FR")
    params = {"group": "Amis", "rate_ppm": 99_750, "base_minor": 3450}
    assert reason_text(words, "group_discount", params, "EUR") == (
        "9,975\u00a0% pour le groupe «\u00a0Amis\u00a0», sur 34,50\u00a0€"
    )


@given(
    code=st.sampled_from([*map(str, WhyCode), *map(str, Refusal), "something_new"]),
    params=st.dictionaries(
        st.sampled_from(["points", "base_minor", "rate_ppm", "group", "missing", "limit"]),
        st.one_of(st.integers(-(10**12), 10**12), st.text(max_size=20), st.none()),
    ),
    language=st.sampled_from(["fr", "en", "es"]),
)
def test_a_reason_with_any_parameters_gives_a_sentence_and_never_fails(code, params, language) -> None:
    assert reason_text(words_for(language, "FR"), code, params, "EUR")


@pytest.mark.parametrize(
    ("language", "country", "currency", "expected"),
    [
        ("fr", "FR", "EUR", "12,50\u00a0€"),
        ("fr", "CA", "CAD", "12,50\u00a0$"),
        ("en", "CA", "CAD", "$12.50"),
        ("en", "US", "USD", "$12.50"),
        ("en", "IE", "EUR", "€12.50"),
        ("fr", "FR", "JPY", "1\u202f250\u00a0JPY"),
    ],
)
def test_amounts_look_as_the_country_writes_them(language, country, currency, expected) -> None:
    assert words_for(language, country).money(1250, currency) == expected


def test_french_counts_zero_as_one() -> None:
    one, many = "{count} event waiting", "{count} events waiting"
    assert words_for("fr").plural(one, many, 0) == "0 événement en attente"
    assert words_for("fr").plural(one, many, 2) == "2 événements en attente"
    assert words_for("en").plural(one, many, 0) == "0 events waiting"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("en-GB,en;q=0.9,fr;q=0.8", "en"),
        ("de,fr;q=0.3,en;q=0.2", "fr"),
        ("de", "fr"),
        ("", "fr"),
        ("fr;q=0,en;q=0.1", "en"),
        (";;;q=x,,en", "en"),
    ],
)
def test_the_browser_s_language_is_followed(header: str, expected: str) -> None:
    assert best_language(header, ("fr", "en"), "fr") == expected


@given(st.text(max_size=300))
def test_any_language_header_gives_an_offered_language(header: str) -> None:
    assert best_language(header, ("fr", "en"), "fr") in {"fr", "en"}
