"""The words of messages: what they may hold, how long they are, how they read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.adapters.message_texts.template_wording import TemplateWording
from loyalty.domain.message import MessageKind
from loyalty.domain.sms_length import SmsAlphabet, sms_length
from loyalty.errors import InvalidValueError

LINK = "https://points.example.org/s/" + "A" * 43
PARAMS = {
    "shop": "Café Lumière",
    "points_one": "point",
    "points_many": "points",
    "points": 2,
    "balance": 120,
    "tier": "Un café offert",
    "link": LINK,
    "code": "482913",
    "minutes": 5,
    "date": "2026-12-31",
    "gift": "50 points",
}
WORDING = TemplateWording()


@pytest.mark.parametrize("language", ["fr", "fr-CA", "en", "en-CA", "en-US", "es", "ar"])
@pytest.mark.parametrize("kind", MessageKind)
def test_every_message_fits_the_small_alphabet_and_two_parts(kind, language):
    # rows 117, 118, 119, 158, 159
    body = WORDING.body(kind, language, PARAMS)
    length = sms_length(body)
    assert length.alphabet is SmsAlphabet.GSM_7
    assert length.segments <= (2 if kind is MessageKind.PROGRAMME_CHANGED else 1)
    assert body.startswith("Café Lumière")
    assert "{" not in body


@pytest.mark.parametrize("kind", [MessageKind.WELCOME, MessageKind.FIRST_POINT])
@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_the_first_message_holds_the_link_and_the_way_to_leave(kind, language):
    # rows 117, 158, 160
    body = WORDING.body(kind, language, PARAMS)
    assert LINK in body
    assert "STOP" in body


@pytest.mark.parametrize(
    ("language", "points", "expected"),
    [
        ("fr", 0, "+0 étoile."),
        ("fr", 1, "+1 étoile."),
        ("fr", 2, "+2 étoiles."),
        ("en", 0, "+0 étoiles."),
        ("en", 1, "+1 étoile."),
        ("es", 2, "+2 étoiles."),
    ],
)
def test_one_and_many_follow_the_language(language, points, expected):
    # row 184
    params = {**PARAMS, "points": points, "points_one": "étoile", "points_many": "étoiles"}
    assert expected in WORDING.body(MessageKind.POINTS_EARNED, language, params)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fr", "31/12/2026"),
        ("fr-CA", "2026-12-31"),
        ("en", "31 Dec 2026"),
        ("en-US", "Dec 31, 2026"),
        ("es", "31 dic 2026"),
    ],
)
def test_a_date_is_written_as_the_country_does(language, written):
    assert written in WORDING.body(MessageKind.POINTS_EXPIRING, language, PARAMS)


def test_an_e_mail_has_the_typography_of_print_and_the_link_to_leave():
    # row 160
    link = "https://points.example.org/o/abc"
    body = WORDING.body(MessageKind.TIER_REACHED, "fr", {**PARAMS, "channel": "email", "opt_out_link": link})
    assert "«\u00a0Un café offert\u00a0»" in body
    assert "d’un prochain achat" in body
    assert "Café Lumière\u202f: vous" in body
    assert body.endswith(f"Pour ne plus recevoir ces messages\u202f: {link}")


def test_an_e_mail_does_not_ask_for_a_reply_by_sms():
    assert "STOP" not in WORDING.body(MessageKind.WELCOME, "fr", {**PARAMS, "channel": "email"})


@pytest.mark.parametrize("name", ["given_name", "name", "phone_number", "note"])
@pytest.mark.parametrize("kind", MessageKind)
def test_a_name_that_nobody_checked_cannot_enter_a_message(kind, name):
    # row 207
    with pytest.raises(InvalidValueError, match="may not hold"):
        WORDING.body(kind, "fr", {**PARAMS, name: "Zoé http://evil.example"})


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "ftp://example.org",
        "https://",
        "example.org/s",
        "https://example.org/ x",
        "https://exämple.org/",
        "https://example.org/\u202e",
        "https://e.org/" + "a" * 600,
    ],
)
def test_a_link_that_is_no_plain_web_address_is_refused(address):
    # row 209
    with pytest.raises(InvalidValueError, match="link"):
        WORDING.body(MessageKind.WELCOME, "fr", {**PARAMS, "link": address})


@given(kind=st.sampled_from(list(MessageKind)), language=st.sampled_from(["fr", "en", "es"]), text=st.text())
def test_nothing_invisible_or_turned_around_ever_leaves(kind, language, text):
    # row 209
    params = {
        **PARAMS,
        "shop": text,
        "tier": text,
        "gift": text,
        "points_one": text,
        "points_many": text,
        "code": text,
    }
    body = WORDING.body(kind, language, params)
    assert not [char for char in body if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn")]


def test_braces_in_the_shops_own_words_are_text():
    body = WORDING.body(MessageKind.POINTS_EARNED, "fr", {**PARAMS, "shop": "{link} {0} %s"})
    assert body.startswith("{link} {0} %s :")


def test_a_message_without_what_it_needs_is_not_made():
    with pytest.raises(InvalidValueError, match="lacks code"):
        WORDING.body(MessageKind.ONE_TIME_CODE, "fr", {"shop": "Café", "minutes": 5})


def test_every_kind_has_words_and_a_subject_in_every_language():
    for language in ("fr", "en", "es"):
        for kind in MessageKind:
            text = WORDING.text(kind, language)
            assert text.subject
            assert "{" not in text.subject
