"""Which event node is taken for the scanner that the configuration names."""

import pytest

from device.errors import ScannerError
from device.scanners.input_devices import EV_KEY
from device.scanners.keys import DIGITS, Key
from device.scanners.node_search import UsbId, open_keyboard
from tests.fakes.input_devices import FakeInputDevices, FakeNode

SCANNER = UsbId(0x0C2E, 0x0B61)


def test_the_typing_node_of_several_is_taken_and_the_others_are_closed():
    consumer = FakeNode("/dev/input/event3", SCANNER, {EV_KEY: [113, 114]})
    keyboard = FakeNode("/dev/input/event4", SCANNER)
    office = FakeNode("/dev/input/event5", UsbId(0x046D, 0xC31C))
    machine = FakeInputDevices(consumer, keyboard, office)
    assert open_keyboard(machine, SCANNER) is keyboard
    assert consumer.is_closed
    assert office.is_closed
    assert not keyboard.is_closed


def test_an_absent_scanner_is_an_error_and_never_the_keyboard_that_is_there():
    office = FakeNode("/dev/input/event5", UsbId(0x046D, 0xC31C))
    with pytest.raises(ScannerError, match="0c2e:0b61"):
        open_keyboard(FakeInputDevices(office), SCANNER)
    assert office.is_closed
    assert not office.is_grabbed


def test_a_by_id_path_follows_its_link():
    node = FakeNode("/dev/input/event7", SCANNER)
    machine = FakeInputDevices(node, links={"/dev/input/by-id/usb-x-event-kbd": "/dev/input/event7"})
    assert open_keyboard(machine, "/dev/input/by-id/usb-x-event-kbd") is node
    with pytest.raises(ScannerError, match="no scanner"):
        open_keyboard(machine, "/dev/input/by-id/usb-y-event-kbd")


def test_a_node_without_digits_or_enter_is_no_scanner():
    mouse = FakeNode("/dev/input/event1", SCANNER, {EV_KEY: [272, 273]})
    digits_only = FakeNode("/dev/input/event2", SCANNER, {EV_KEY: list(DIGITS)})
    with pytest.raises(ScannerError, match="types"):
        open_keyboard(FakeInputDevices(mouse, digits_only), SCANNER)


def test_a_node_that_cannot_be_opened_meanwhile_is_passed_over():
    ghost = FakeNode("/dev/input/event1", SCANNER)
    keyboard = FakeNode("/dev/input/event2", SCANNER, {EV_KEY: [*DIGITS, Key.KP_ENTER]})
    machine = FakeInputDevices(ghost, keyboard)
    machine.refused.add("/dev/input/event1")
    assert open_keyboard(machine, SCANNER) is keyboard


def test_a_usb_id_is_four_hex_digits_twice():
    assert UsbId.parse("0c2e:0b61") == SCANNER
    assert str(SCANNER) == "0c2e:0b61"
