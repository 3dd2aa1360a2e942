"""Numbers as people of a country write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.session.phone_entry import NumberProblem, PhoneEntry


def typed(region: str, digits: str) -> PhoneEntry:
    entry = PhoneEntry(region=region)
    for digit in digits:
        entry = entry.typed(digit)
    return entry


@pytest.mark.parametrize(
    ("region", "digits", "shown", "slots", "e164"),
    [
        ("FR", "0612345678", "06 12 34 56 78", "", "+33612345678"),
        ("FR", "612345678", "6 12 34 56 78", "", "+33612345678"),
        ("FR", "33612345678", "33612345678", "", "+33612345678"),
        ("GP", "690001234", "690 00 12 34", "", "+590690001234"),
        ("GB", "07400123456", "07400 123456", "", "+447400123456"),
        ("ES", "612345678", "612 34 56 78", "", "+34612345678"),
        ("US", "2015550123", "(201) 555-0123", "", "+12015550123"),
        ("CA", "5142345678", "(514) 234-5678", "", "+15142345678"),
        ("CA", "15142345678", "1 (514) 234-5678", "", "+15142345678"),
        ("DE", "015123456789", "01512 3456789", "", "+4915123456789"),
    ],
)
def test_a_number_takes_its_countrys_form(
    region: str, digits: str, shown: str, slots: str, e164: str
) -> None:
    # row 116
    entry = typed(region, digits)

    assert (entry.shown, entry.slots, entry.complete, entry.e164) == (shown, slots, True, e164)


@pytest.mark.parametrize(
    ("region", "digits", "e164"),
    [
        # With the country's code, as people know their own number by heart: 00, or nothing for the plus.
        ("FR", "0033612345678", "+33612345678"),
        ("FR", "00330612345678", "+33612345678"),
        ("FR", "00596696123456", "+596696123456"),
        ("FR", "596696123456", "+596696123456"),
        ("FR", "0015142345678", "+15142345678"),
        ("FR", "15142345678", "+15142345678"),
        ("FR", "447400123456", "+447400123456"),
        ("CA", "0033612345678", "+33612345678"),
        ("CA", "01133612345678", "+33612345678"),
        # France and its overseas departments dial each other without a code.
        ("FR", "0696123456", "+596696123456"),
        ("FR", "0690301234", "+590690301234"),
        ("FR", "0694201234", "+594694201234"),
        ("FR", "0692123456", "+262692123456"),
        ("RE", "0612345678", "+33612345678"),
        ("MQ", "0612345678", "+33612345678"),
    ],
)
def test_a_visitors_number_is_taken_as_they_type_it(region: str, digits: str, e164: str) -> None:
    # part of row 199
    entry = typed(region, digits)
    assert (entry.complete, entry.e164) == (True, e164)
    assert sum(char.isdigit() for char in entry.masked) <= 4


def test_a_number_of_the_shops_own_country_is_never_taken_for_a_foreign_one() -> None:
    # part of row 199
    for at in range(1, 10):
        assert not typed("FR", "0612345678"[:at]).complete
    assert typed("FR", "0123456789").found_problem is NumberProblem.NOT_MOBILE
    assert typed("FR", "0637612345678").found_problem is NumberProblem.TOO_LONG
    with pytest.raises(ValueError, match="not complete"):
        _ = PhoneEntry().e164


@pytest.mark.parametrize(
    ("region", "number", "length"),
    [("FR", "0612345678", 14), ("FR", "612345678", 13), ("CA", "5142345678", 14), ("ES", "612345678", 12)],
)
def test_digits_and_slots_together_never_move(region: str, number: str, length: int) -> None:
    entries = [typed(region, number[:count]) for count in range(1, len(number) + 1)]

    assert {len(entry.shown + entry.slots) for entry in entries} == {length}


def test_slots_are_figure_dashes() -> None:
    assert typed("FR", "06123").shown == "06 12 3"
    assert typed("FR", "06123").slots == "‒ ‒‒ ‒‒"


def test_erasing_takes_the_last_digit() -> None:
    assert typed("FR", "0612").erased().digits == "061"
    assert PhoneEntry().erased().digits == ""


@given(st.text(max_size=30), st.sampled_from(["FR", "GB", "US", "DE", "MC", "SM"]))
def test_whatever_is_typed_is_formatted_and_masked_without_a_fault(text: str, region: str) -> None:
    # row 170
    entry = typed(region, text)

    assert len(entry.digits) <= 15
    assert [char for char in entry.shown if char.isdigit()] == list(entry.digits)
    assert sum(char.isdigit() for char in entry.masked) <= 4
    assert isinstance(entry.complete, bool)
