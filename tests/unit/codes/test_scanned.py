import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes import CardSigner, References, ScannedCard, Unreadable, classify
from tests.unit.codes.test_card import CARD


@pytest.mark.parametrize("reference", ["000123456", "M-2044", "AB 12/7", "z", "Ski.2026_17"])
def test_a_bare_reference_is_taken_as_it_stands(reference: str) -> None:
    # rows 91, 100
    assert classify(reference) == References((reference,), is_address=False)


@pytest.mark.parametrize(
    "address",
    [
        "https://club.example/m/000123456",
        "http://club.example/card?ref=000123456",
        "HTTPS://CLUB.EXAMPLE/?utm=x&reference_id=000123456",
        "https://club.example/#000123456",
        "https://club.example/a%20b/000123456/",
        "https://club.example/#/m/000123456",
        "https://club.example/#!/000123456",
        "https://club.example/000123456;jsessionid=1",
        "https://club.example/m/000123456%20",
        "www.club.example/m/000123456",
        "\ufeffhttps://club.example/m/000123456\r\n",
    ],
)
def test_an_address_yields_the_reference_it_contains_first(address: str) -> None:
    # row 100
    found = classify(address)
    assert isinstance(found, References)
    assert found.is_address
    assert found.candidates[0] == "000123456"


def test_a_named_parameter_comes_before_the_rest_of_the_address() -> None:
    # row 100
    found = classify("https://club.example/join/summer?campaign=77&ref=0042")
    assert isinstance(found, References)
    assert found.candidates == ("0042", "77", "summer", "join")


def test_a_signed_code_is_found_bare_and_inside_an_address() -> None:
    # rows 100, 169
    text = CardSigner(bytes(range(32))).static(CARD)
    assert classify(text) == ScannedCard(text)
    assert classify(f"https://club.example/c/{text}") == ScannedCard(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \r\n", "empty"),
        ("1" * 10_000, "too_long"),
        ("12\x0034", "control_characters"),
        ("12\x1b[2J", "control_characters"),
        ("https://", "no_reference"),
        ("http://[::1", "no_reference"),
        ("javascript:alert(1)", "no_reference"),
        ("=HYPERLINK(1)", "no_reference"),
        ("Ünï", "no_reference"),
    ],
)
def test_what_can_be_nothing_says_why(text: str, reason: str) -> None:
    # row 209
    assert classify(text) == Unreadable(reason)


@given(st.one_of(st.text(max_size=600), st.text().map(lambda tail: "https://x/" + tail)))
def test_any_text_is_classified_and_candidates_are_clean(text: str) -> None:
    found = classify(text)
    if isinstance(found, References):
        assert 1 <= len(found.candidates) <= 8
        assert all(
            part.isprintable() and part.isascii() and part == part.strip() for part in found.candidates
        )
