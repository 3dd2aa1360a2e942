"""Every event node of the machine, and which of them would be read as a scanner and why."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from device.errors import ScannerError
from device.scanners.input_devices import InputDevices
from device.scanners.node_search import UsbId, types_codes

BY_ID = Path("/dev/input/by-id")
SERIAL_BY_ID = Path("/dev/serial/by-id")


@dataclass(frozen=True)
class SeenNode:
    """One event node.

    Args:
        path: As the kernel numbers it now; another one after a restart.
        name: The product's own; empty where it could not be opened.
        usb: Vendor and product; None where it could not be opened.
        plugged: Where the device of this node is plugged in, the same for all nodes of one device.
        links: Its names below ``/dev/input/by-id``, which stay.
        types: Whether it has ENTER and digits, as scanners that type and keyboards have.
        refusal: Why it could not be opened; empty where it could.
    """

    path: str
    name: str
    usb: UsbId | None
    plugged: str
    links: tuple[str, ...]
    types: bool
    refusal: str


def survey(devices: InputDevices, links: Mapping[str, str]) -> list[SeenNode]:
    """All nodes in the kernel's order; ``links`` says where each stable name points."""
    return list(_look(devices, links))


def devices_of(nodes: Sequence[SeenNode]) -> list[list[SeenNode]]:
    """The nodes that could be opened, those of one plugged-in device together."""
    together: dict[tuple[str, str], list[SeenNode]] = {}
    for node in nodes:
        if not node.refusal:
            together.setdefault((str(node.usb), node.plugged or node.path), []).append(node)
    return list(together.values())


def stable_links(folder: Path = BY_ID) -> dict[str, str]:
    """Where the names of such a folder point; empty where the kernel or the container has none."""
    with contextlib.suppress(OSError):
        return {str(link): str(link.resolve()) for link in sorted(folder.iterdir())}
    return {}


def _look(devices: InputDevices, links: Mapping[str, str]) -> Iterator[SeenNode]:
    for path in devices.paths():
        names = tuple(link for link, target in links.items() if target == path)
        try:
            node = devices.open(path)
        except ScannerError as error:
            yield SeenNode(path, "", None, "", names, types=False, refusal=error.message)
            continue
        try:
            usb = UsbId(node.info.vendor, node.info.product)
            plugged = (node.phys or "").rpartition("/")[0]
            yield SeenNode(path, node.name, usb, plugged, names, types=types_codes(node), refusal="")
        finally:
            with contextlib.suppress(OSError):
                node.close()
