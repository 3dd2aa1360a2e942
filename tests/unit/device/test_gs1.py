"""GS1 element strings: the item's number, from whatever way a separator comes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.gs1 import GROUP_SEPARATOR as GS
from device.gs1 import without_elements
from device.readings import MisreadReason
from device.scanners.aim import split_identifier
from device.scanners.key_decoder import KeyDecoder, KeyRules
from device.scanners.keys import KEY_DOWN, KEY_UP, Key
from device.scanners.layouts import LAYOUTS, US
from device.scanners.serial_decoder import SerialDecoder, SerialRules
from device.scanners.typist import keystrokes

PACKAGE = f"010301234567890210LOT7{GS}17261231"
ITEM = "3012345678902"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"]d2{PACKAGE}", f"]d2{ITEM}"),
        ("]C10103012345678902", f"]C1{ITEM}"),
        (f"]Q3{GS}{PACKAGE}", f"]Q3{ITEM}"),
        (PACKAGE, ITEM),
        (f"]C1^]{PACKAGE.replace(GS, '^]')}", f"]C1{ITEM}"),
        ("]C10100036000291452", "]C1036000291452"),
        ("]C10100000096385074", "]C196385074"),
        ("]C10110614141000415", "]C110614141000415"),
        (f"]d217261231{PACKAGE}", f"]d2{ITEM}"),  # the date stands first
        (f"]d210LOT7{GS}0103012345678902", f"]d2{ITEM}"),
        ("]C13103001234" + "0103012345678902" + f"21SN{GS}8110X", f"]C1{ITEM}"),
        (PACKAGE.replace(GS, "^]"), ITEM),
    ],
)
def test_an_item_is_named_as_on_the_shelf(text, left):
    assert without_elements(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "0103012345678902",  # nothing says that these are elements: a reference may look like this
        "https://example.org/01/03012345678902",
        "",
    ],
)
def test_what_names_no_item_stays_as_it_is(text):
    assert without_elements(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "]C10103012345678903",  # the check digit is wrong
        f"]C10030123456789022{GS}",  # a pallet's number names no item
        "]C100301234567890220",
        "]C110LOT7",
        "]d221SER",
        "]C18110",
        f"]d20103012345678902{GS}0103012345678926",  # which of the two?
        "]C1",
    ],
)
def test_elements_that_name_no_item_are_refused_for_their_separator(text):
    assert GS in without_elements(text)


_PIECES = st.text(max_size=20) | st.sampled_from(["01", "10", "17", GS, "]C1", "]d2", "^]", "03012345678902"])


@given(st.lists(_PIECES, max_size=8).map("".join))
def test_no_text_breaks_it_and_only_elements_are_shortened_or_marked(text):
    # row 209
    left = without_elements(text)

    identifier, _, body = split_identifier(left)
    assert left == text or GS in left or (body.isdigit() and len(body) in (8, 12, 13, 14))
    assert left == text or GS in text or "^]" in text or identifier


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
def test_a_keyboard_scanner_types_the_separator_in_each_way(layout):
    for separator in (keystrokes(GS, US, None), [(Key.F8, KEY_DOWN), (Key.F8, KEY_UP)]):
        decoder = KeyDecoder(KeyRules(layout))
        head, tail = PACKAGE.split(GS)
        strokes = [*keystrokes(head, layout, None), *separator, *keystrokes(tail, layout)]
        outcomes = [decoder.feed(code, value, 0.0) for code, value in strokes]
        assert [one for one in outcomes if one is not None] == [ITEM]


def test_separators_without_an_item_are_refused_as_a_whole():
    decoder = KeyDecoder(KeyRules(US))
    outcomes = [decoder.feed(code, value, 0.0) for code, value in keystrokes(f"10LOT7{GS}17261231", US)]
    assert [one for one in outcomes if one is not None] == [MisreadReason.CONTROL_CHARACTERS]


def test_a_serial_scanner_sends_the_separator_as_it_is():
    assert list(SerialDecoder(SerialRules()).feed(f"]d2{PACKAGE}\r".encode(), 0.0)) == [f"]d2{ITEM}"]
