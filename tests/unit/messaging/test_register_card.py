"""A card's number does not come in as a token; tokens do."""

import json
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messaging.codec import decode
from messaging.errors import CardNumberError, MalformedMessageError
from messaging.register.asked import RecordSale, ShowCard
from messaging.register.card import PaymentCard, without_card_numbers


def card(**changes: object) -> bytes:
    told = {"brand": "Visa", "last_four": "4242", "fingerprint": "tok_7Jw0aQ", "entry": "contactless"}
    return json.dumps({"kind": "show_card", "card": told | changes}).encode()


def with_check_digit(digits: str) -> str:
    """Luhn's rule, from its description: double every second digit from the right."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * 2 if place % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return digits + str(-total % 10)


NUMBERS = st.text("0123456789", min_size=11, max_size=18).map(with_check_digit)


@given(
    number=NUMBERS, separator=st.sampled_from(["", "-", "/", ".", "_"]), around=st.sampled_from(["", "tok:"])
)
def test_whatever_could_be_a_number_is_refused_and_not_repeated(
    number: str, separator: str, around: str
) -> None:
    # part of row 145
    token = around + separator.join(number)
    with pytest.raises(CardNumberError) as refused:
        decode(card(fingerprint=token), ShowCard)
    assert number not in str(refused.value)
    assert refused.value.__cause__ is None
    assert number.encode() not in without_card_numbers(card(fingerprint=token))


@given(digits=st.text("0123456789", min_size=12, max_size=19))
def test_bare_digits_are_no_token_whatever_their_check_digit(digits: str) -> None:
    with pytest.raises(CardNumberError):
        decode(card(fingerprint=digits), ShowCard)


@given(
    token=st.uuids().map(str) | st.binary(min_size=16, max_size=32).map(lambda each: "f" + each.hex() + "a")
)
def test_tokens_of_providers_are_taken(token: str) -> None:
    assert decode(card(fingerprint=token), ShowCard).card.fingerprint == token


def test_a_uuid_of_digits_alone_is_a_token_too() -> None:
    token = str(uuid.UUID(int=0))
    assert decode(card(fingerprint=token), ShowCard).card.fingerprint == token


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "4242424242424242"},
        {"cardholder_name": "ROUX/CAMILLE"},
        {"brand": "4242424242424242"},
        {"brand": "\uff14\uff12\uff14\uff12"},
        {"brand": ""},
        {"last_four": "42424"},
        {"last_four": 4242},
        {"fingerprint": ""},
        {"fingerprint": "4242 4242 4242 4242"},
        {"fingerprint": "x" * 129},
        {"entry": "guessed"},
    ],
)
def test_anything_else_than_a_token_is_malformed(changes: dict[str, object]) -> None:
    with pytest.raises(MalformedMessageError):
        decode(card(**changes), ShowCard)


@pytest.mark.parametrize("text", ["4242424242424242", "4242 4242 4242 4242", "378282246310005"])
def test_numbers_anywhere_in_a_payload_are_made_unreadable(text: str) -> None:
    payload = json.dumps({"card": {"number": text}, "reference": "2026-000123"}).encode()
    kept = without_card_numbers(payload)
    assert text.encode() not in kept
    assert text[-4:].encode() in kept
    assert len(kept) == len(payload)
    assert json.loads(kept)["reference"] == "2026-000123"


def test_a_sale_without_a_card_reads_as_before_there_were_cards() -> None:
    sale = RecordSale(reference="T-1", total_minor=100)
    assert "card" not in json.loads(sale.model_dump_json())
    with_card = sale.model_copy(
        update={"card": PaymentCard(brand="Visa", last_four="4242", fingerprint="tok_7Jw0aQ")}
    )
    assert json.loads(with_card.model_dump_json())["card"]["fingerprint"] == "tok_7Jw0aQ"
