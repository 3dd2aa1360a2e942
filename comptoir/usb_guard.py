"""Which USB interfaces a machine lets in: those plugged in when it learnt, each at its port (row 208).

The kernel keeps every interface that udev does not let in without a driver, so that a keyboard that somebody
plugs in, whatever it says it is, is no input device at all.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SYSFS = Path("/sys/bus/usb/devices")
RULES = Path("/etc/udev/rules.d/72-comptoir-usb.rules")

_HUB = "09"
_HEAD = """\
# Written by `comptoir guard learn`; `comptoir guard off` removes it.
ACTION!="add", GOTO="comptoir_usb_end"
SUBSYSTEM!="usb", GOTO="comptoir_usb_end"

# New interfaces of a bus wait until a line below lets them in; only buses have this attribute.
ENV{DEVTYPE}=="usb_device", TEST=="interface_authorized_default", ATTR{interface_authorized_default}="0"
ENV{DEVTYPE}!="usb_interface", GOTO="comptoir_usb_end"

# A hub does nothing by itself, and what hangs on it is looked at by itself.
ATTR{bInterfaceClass}=="09", GOTO="comptoir_usb_in"
"""
_TAIL = """\

ATTR{authorized}="0", GOTO="comptoir_usb_end"
LABEL="comptoir_usb_in"
ATTR{authorized}="1", RUN+="/bin/sh -c 'echo $kernel > /sys/bus/usb/drivers_probe'"
LABEL="comptoir_usb_end"
"""


@dataclass(frozen=True, order=True)
class UsbInterface:
    """One interface as it is plugged in.

    Attributes:
        path: Of the interface below /sys, with ``*`` for the bus's number, which changes between starts.
        vendor: Four hexadecimal digits.
        product: Four hexadecimal digits.
        interface_class: Two hexadecimal digits; 03 are keyboards, scanners, mice and touch panels.
        name: What the device calls itself, for people.
        is_let_in: Whether the kernel may give it a driver now.
    """

    path: str
    vendor: str
    product: str
    interface_class: str
    name: str = ""
    is_let_in: bool = True


def plugged_in(sysfs: Path = SYSFS) -> Iterator[UsbInterface]:
    """Every interface that is plugged in now, without those of hubs."""
    for entry in sorted(sysfs.iterdir()):
        if not (entry / "bInterfaceClass").exists():
            continue
        place = entry.resolve()
        device = place.parent
        interface_class = _value(place, "bInterfaceClass")
        if interface_class == _HUB:
            continue
        yield UsbInterface(
            path=_any_bus(place),
            vendor=_value(device, "idVendor"),
            product=_value(device, "idProduct"),
            interface_class=interface_class,
            name=f"{_value(device, 'manufacturer')} {_value(device, 'product')}".strip(),
            is_let_in=_value(place, "authorized") != "0",
        )


def rules(allowed: Iterable[UsbInterface]) -> str:
    """The udev rules that let in these and no others."""
    lines = [
        f'DEVPATH=="{one.path}", ATTRS{{idVendor}}=="{one.vendor}", ATTRS{{idProduct}}=="{one.product}", '
        f'ATTR{{bInterfaceClass}}=="{one.interface_class}", GOTO="comptoir_usb_in"'
        for one in sorted(set(allowed))
    ]
    return _HEAD + "\n" + "\n".join(lines) + "\n" + _TAIL


def _any_bus(place: Path) -> str:
    """``…/usb1/1-2/1-2.3/1-2.3:1.0`` as ``…/usb*/*-2.3:1.0``."""
    whole = str(place)
    below_sys = whole[whole.index("/devices/") :]
    controller, _, rest = below_sys.rpartition("/usb")
    port = re.sub(r"^\d+-", "", rest.rpartition("/")[2])
    return f"{controller}/usb*/*-{port}"


def _value(folder: Path, name: str) -> str:
    try:
        text = (folder / name).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
    return "".join(char for char in text if char.isprintable())
