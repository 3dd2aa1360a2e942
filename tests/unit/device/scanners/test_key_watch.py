"""Catching one scan of the nodes that type."""

import errno

import pytest

from device.errors import ScannerError
from device.scanners.input_devices import EV_SYN, SYN_DROPPED
from device.scanners.key_watch import alone, catch_scan
from device.scanners.layouts import US
from device.scanners.node_search import UsbId
from device.scanners.recorded_keys import read_keys, write_keys
from device.scanners.typist import keystrokes
from runtime.clock import SystemClock
from tests.fakes.input_devices import FakeNode


@pytest.fixture
def node():
    return FakeNode("/dev/input/event4", UsbId(1, 2))


@pytest.fixture
def other():
    return FakeNode("/dev/input/event5", UsbId(1, 3))


def catch(*nodes, **options):
    return catch_scan(nodes, SystemClock(), timeout_s=0.02, silence_s=0.02, **options)


def test_the_keys_of_the_device_that_types_are_caught_and_shown(node, other):
    strokes, shown = keystrokes("AB1", US), []
    other.press(strokes)
    scan = catch(node, other, on_key=lambda code, value: shown.append((code, value)))
    assert (scan.path, list(scan.events)) == ("/dev/input/event5", strokes)
    assert shown == strokes


def test_silence_gives_nothing(node):
    assert catch(node) is None


def test_lost_keys_and_an_unplug_are_errors(node, other):
    node.emit((EV_SYN, SYN_DROPPED, 0))
    with pytest.raises(ScannerError, match="dropped keys"):
        catch(node)
    other.emit(errno.ENODEV)
    with pytest.raises(ScannerError, match="unplugged"):
        catch(other)


def test_a_single_node_is_held_meanwhile_and_let_go(node):
    with alone([node]):
        assert node.is_grabbed
    assert not node.is_grabbed
    assert node.is_closed


def test_several_are_not_held_because_one_may_be_the_keyboard_in_use(node, other):
    with alone([node, other]):
        assert not node.is_grabbed
        assert not other.is_grabbed


def test_a_node_that_another_process_holds_is_an_error_that_says_so(node, other):
    other.grab_error = errno.EBUSY
    with pytest.raises(ScannerError, match="stop the device's service"), alone([node, other]):
        pass
    assert node.is_closed
    assert not node.is_grabbed


def test_kept_keys_come_back(tmp_path):
    strokes = keystrokes("AB1", US)
    write_keys(tmp_path / "keys", strokes)
    assert list(read_keys(tmp_path / "keys")) == strokes


@pytest.mark.parametrize("content", [b"", b"12\n", b"a b\n", b"\xff", b"1 2 3\n"])
def test_a_file_of_something_else_is_refused(tmp_path, content):
    (tmp_path / "keys").write_bytes(content)
    with pytest.raises(ScannerError, match="recorded keys"):
        read_keys(tmp_path / "keys")
    with pytest.raises(ScannerError, match="cannot read"):
        read_keys(tmp_path / "none")
