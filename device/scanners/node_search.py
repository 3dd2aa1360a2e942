"""Finds the one event node of the scanner that the configuration names, and never another."""

import contextlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from device.errors import ScannerError
from device.scanners.input_devices import EV_KEY, InputDevices, InputNode
from device.scanners.keys import DIGITS, Key

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class UsbId:
    """Vendor and product as the USB descriptor has them."""

    vendor: int
    product: int

    @classmethod
    def parse(cls, text: str) -> "UsbId":
        """From ``0c2e:0b61``."""
        vendor, _, product = text.partition(":")
        return cls(int(vendor, 16), int(product, 16))

    def __str__(self) -> str:
        return f"{self.vendor:04x}:{self.product:04x}"


def open_keyboard(devices: InputDevices, wanted: str | UsbId) -> InputNode:
    """The open node with ENTER and digits of the scanner at a path or with a USB id.

    One scanner shows several nodes (keyboard, consumer keys, system keys): only the typing one will do.

    Raises:
        ScannerError: It is not there, or is no keyboard.
    """
    nodes = list(_candidates(devices, wanted))
    typing = [node for node in nodes if types_codes(node)]
    for node in nodes:
        if node not in typing[:1]:
            _close(node)
    if not nodes:
        raise ScannerError(f"no scanner {wanted}")
    if not typing:
        raise ScannerError(f"{wanted} is not a scanner that types")
    if len(typing) > 1:
        _log.warning(
            "several scanners match; the first is taken, a by-id path would tell them apart",
            extra={"wanted": str(wanted), "path": typing[0].path},
        )
    return typing[0]


def _candidates(devices: InputDevices, wanted: str | UsbId) -> Iterator[InputNode]:
    if isinstance(wanted, str):
        path = devices.resolve(wanted)
        if path is not None:
            yield devices.open(path)
        return
    for path in devices.paths():
        with contextlib.suppress(ScannerError):  # another device came or went meanwhile; not ours to judge
            node = devices.open(path)
            if (node.info.vendor, node.info.product) == (wanted.vendor, wanted.product):
                yield node
            else:
                _close(node)


def types_codes(node: InputNode) -> bool:
    """Whether it has the keys that codes are typed with."""
    try:
        codes = set(node.capabilities().get(EV_KEY, ()))
    except OSError:
        return False
    return bool(codes & {Key.ENTER, Key.KP_ENTER}) and codes.issuperset(DIGITS)


def _close(node: InputNode) -> None:
    with contextlib.suppress(OSError):
        node.close()
