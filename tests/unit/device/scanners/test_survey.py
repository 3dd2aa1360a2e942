"""Which nodes there are, and what is told of each."""

from device.errors import ScannerError
from device.scanners.input_devices import EV_KEY
from device.scanners.node_search import UsbId
from device.scanners.survey import devices_of, stable_links, survey
from tests.fakes.input_devices import FakeInputDevices, FakeNode

SCANNER = UsbId(0x0C2E, 0x0B61)


def machine():
    return FakeInputDevices(
        FakeNode("/dev/input/event3", SCANNER, {EV_KEY: [113, 114]}, phys="usb-1.2/input1"),
        FakeNode("/dev/input/event4", SCANNER, phys="usb-1.2/input0"),
        FakeNode("/dev/input/event5", SCANNER, phys="usb-1.3/input0"),
    )


def test_the_nodes_of_one_device_stand_together_and_two_of_a_model_apart():
    nodes = survey(machine(), {"/dev/input/by-id/usb-front-event-kbd": "/dev/input/event4"})
    grouped = [[node.path for node in device] for device in devices_of(nodes)]
    assert grouped == [["/dev/input/event3", "/dev/input/event4"], ["/dev/input/event5"]]
    assert [node.types for node in nodes] == [False, True, True]
    assert nodes[1].links == ("/dev/input/by-id/usb-front-event-kbd",)
    assert nodes[1].usb == SCANNER


def test_every_node_is_closed_again_and_none_grabbed():
    devices = machine()
    survey(devices, {})
    assert all(node.is_closed and not node.is_grabbed for node in devices.nodes.values())


def test_a_node_that_may_not_be_opened_is_told_with_the_reason():
    devices = machine()
    devices.refused = {"/dev/input/event4"}
    refused = survey(devices, {})[1]
    assert refused.refusal == str(ScannerError("cannot open /dev/input/event4"))
    assert not refused.types


def test_links_are_followed_and_a_machine_without_any_has_none(tmp_path):
    (tmp_path / "event7").touch()
    (tmp_path / "by-id").mkdir()
    (tmp_path / "by-id" / "usb-x-event-kbd").symlink_to("../event7")
    found = stable_links(tmp_path / "by-id")
    assert found == {str(tmp_path / "by-id" / "usb-x-event-kbd"): str(tmp_path / "event7")}
    assert stable_links(tmp_path / "none") == {}
