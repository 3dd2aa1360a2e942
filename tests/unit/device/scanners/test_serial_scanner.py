"""A scanner on a serial port: what only it does; the contract of all scanners holds for it too."""

import queue

import pytest

from device.configuration import DeviceSettings, ScannerSettings
from device.health import HealthBoard, PartState
from device.readers import make_readers
from device.readings import Misread, MisreadReason
from device.scanners.serial_decoder import SerialRules
from device.scanners.serial_scanner import SerialScanner
from runtime.clock import SystemClock
from tests.fakes.serial_port import PtyPort


@pytest.fixture
def port(tmp_path):
    made = PtyPort(tmp_path / "usb-scanner")
    yield made
    made.close()


@pytest.fixture
def states():
    return queue.Queue()


@pytest.fixture
def board(states):
    return HealthBoard(lambda part, health: states.put(health))


@pytest.fixture
def read(port, board):
    delivered = queue.Queue()
    scanner = SerialScanner("front", str(port.link), 9600, SerialRules(0.5), clock=SystemClock(), board=board)
    scanner.start(delivered.put)
    yield delivered
    scanner.stop()


def until(states, wanted):
    while (health := states.get(timeout=15)).state is not wanted:
        pass
    return health


def test_bytes_are_left_as_they_are_by_the_port(port, read, states):
    until(states, PartState.OK)
    port.send(b"]Q1A#~?|^\x7f\r")
    refused = read.get(timeout=15)
    assert isinstance(refused, Misread)
    assert refused.reason is MisreadReason.CONTROL_CHARACTERS
    port.send("]Q1A#~?|^é\r".encode())
    reading = read.get(timeout=15)
    assert (reading.text, reading.symbology) == ("A#~?|^é", "QRCode")


def test_an_unplug_in_the_midst_of_a_code_refuses_it(port, read, states, board):
    until(states, PartState.OK)
    port.send(b"12")
    port.unplug()
    # On a slow machine the port may be gone before the piece was read.
    told = until(states, PartState.ABSENT)
    assert "unplugged" in told.detail or "No such file" in told.detail
    port.plug()
    until(states, PartState.OK)
    port.send(b"34\r")
    texts = [read.get(timeout=15)]
    while isinstance(texts[-1], Misread):
        assert texts[-1].reason in (MisreadReason.UNPLUGGED, MisreadReason.HALF_CODE)
        texts.append(read.get(timeout=15))
    assert texts[-1].text == "34"


def test_a_port_that_is_held_by_another_or_is_none_is_told(tmp_path, board, states):
    (tmp_path / "file").touch()
    for path in (tmp_path / "none", tmp_path / "file"):
        scanner = SerialScanner("front", str(path), 9600, SerialRules(), clock=SystemClock(), board=board)
        scanner.start(lambda read: None)
        assert f"cannot open {path}: " in until(states, PartState.ABSENT).detail
        scanner.stop()


def test_the_configuration_makes_one(tmp_path):
    files = {name: tmp_path / name for name in ("ca_file", "certificate_file", "key_file")}
    settings = DeviceSettings.model_validate(
        {
            "name": "s0001.k01",
            "broker": files,
            "seal_public_key_file": tmp_path / "seal",
            "outbox": tmp_path / "outbox",
            "scanners": [{"name": "front", "kind": "serial", "by_id": "/dev/serial/by-id/usb-x"}],
        }
    )
    readers = make_readers(settings, SystemClock(), HealthBoard())
    assert [type(reader) for reader in readers.all] == [SerialScanner]


@pytest.mark.parametrize("wrong", [{}, {"usb": "0c2e:0b61"}, {"by_id": "/dev/ttyACM0", "baud": 300}])
def test_a_serial_scanner_is_named_by_its_path(wrong):
    with pytest.raises(ValueError, match=r"by_id|baud"):
        ScannerSettings(name="front", kind="serial", **wrong)
