"""AIM identifiers before a code, and what the scanner makes of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device.decoding.formats import ALL_FORMATS
from device.health import HealthBoard
from device.readings import Reading
from device.scanners.aim import split_identifier
from device.scanners.key_decoder import KeyRules
from device.scanners.layouts import FR
from device.scanners.simulated_scanner import SimulatedScanner
from runtime.clock import SystemClock


@pytest.mark.parametrize(
    ("text", "identifier", "symbology", "code"),
    [
        ("]C0ABC-1", "]C0", "Code128", "ABC-1"),
        ("]E03017620422003", "]E0", "EAN13", "3017620422003"),
        ("]E420000004", "]E4", "EAN8", "20000004"),
        ("]Q1https://a.example/?ref=1", "]Q1", "QRCode", "https://a.example/?ref=1"),
        ("]d2010301", "]d2", "DataMatrix", "010301"),
        ("]e0010301", "]e0", None, "010301"),
        ("]C", "", None, "]C"),
        ("123]C0", "", None, "123]C0"),
    ],
)
def test_an_identifier_names_the_symbology_and_goes(text, identifier, symbology, code):
    assert split_identifier(text) == (identifier, symbology, code)


@given(st.text(max_size=30))
def test_nothing_of_a_text_is_lost(text):
    identifier, symbology, code = split_identifier(text)
    assert identifier + code == text
    assert symbology is None or symbology in ALL_FORMATS


def test_the_scanner_gives_the_code_with_its_symbology():
    delivered = []
    scanner = SimulatedScanner("front", KeyRules(FR), clock=SystemClock(), board=HealthBoard())
    scanner.start(delivered.append)
    scanner._pass_on("]Q1C-1")
    scanner._pass_on("]Q1")
    scanner.stop()
    assert [type(each) for each in delivered] == [Reading]
    assert (delivered[0].text, delivered[0].symbology) == ("C-1", "QRCode")
