"""Which interfaces the guard lets in, on a made-up machine's /sys."""

from pathlib import Path

from comptoir.usb_guard import UsbInterface, plugged_in, rules


def plug(
    sys: Path, place: str, vendor: str, product: str, interface_class: str, authorized: str = "1"
) -> None:
    interface = sys / "devices" / place
    interface.mkdir(parents=True)
    device = interface.parent
    for folder, name, value in (
        (device, "idVendor", vendor),
        (device, "idProduct", product),
        (device, "product", "Xenon \x071900"),
        (interface, "bInterfaceClass", interface_class),
        (interface, "authorized", authorized),
    ):
        (folder / name).write_text(value + "\n")
    links = sys / "bus" / "usb" / "devices"
    links.mkdir(parents=True, exist_ok=True)
    for folder in (device, interface):
        if not (links / folder.name).exists():
            (links / folder.name).symlink_to(folder)


def test_interfaces_are_named_by_controller_and_port_whatever_the_number_of_the_bus(tmp_path: Path) -> None:
    sys = tmp_path / "devices" / "fake"
    plug(sys, "pci0000:00/0000:00:14.0/usb3/3-0:1.0", "1d6b", "0002", "09")
    plug(sys, "pci0000:00/0000:00:14.0/usb3/3-1/3-1.2/3-1.2:1.0", "0c2e", "0901", "03")
    plug(sys, "pci0000:00/0000:00:14.0/usb3/3-2/3-2:1.1", "046d", "c31c", "03", authorized="0")

    found = list(plugged_in(sys / "bus" / "usb" / "devices"))

    assert [(one.vendor, one.is_let_in, one.name) for one in found] == [
        ("0c2e", True, "Xenon 1900"),
        ("046d", False, "Xenon 1900"),
    ]
    assert found[0].path.endswith("/0000:00:14.0/usb*/*-1.2:1.0")


def test_the_rules_let_in_what_was_learnt_and_end_with_refusing() -> None:
    scanner = UsbInterface("/devices/platform/x/usb*/*-1.2:1.0", "0c2e", "0901", "03")

    lines = rules([scanner, scanner]).splitlines()

    allowed = [line for line in lines if line.startswith("DEVPATH")]
    expected = (
        'DEVPATH=="/devices/platform/x/usb*/*-1.2:1.0", ATTRS{idVendor}=="0c2e", ATTRS{idProduct}=="0901", '
        'ATTR{bInterfaceClass}=="03", GOTO="comptoir_usb_in"'
    )
    assert allowed == [expected]
    assert lines.index('ATTR{authorized}="0", GOTO="comptoir_usb_end"') > lines.index(allowed[0])
