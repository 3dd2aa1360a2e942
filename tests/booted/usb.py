"""USB keyboards in the guest: real USB HID on a bus that its own kernel plays (dummy_hcd, f_hid)."""

from dataclasses import dataclass

from device.scanners.keys import KEY_DOWN, Key
from device.scanners.layouts import LAYOUTS
from device.scanners.typist import keystrokes
from tests.booted.clone import INSIDE
from tests.booted.guest import Guest

# Usages of the USB HID keyboard page, by the position that Linux calls KEY_…
_USAGE = {
    **{30 + n: usage for n, usage in enumerate((4, 22, 7, 9, 10, 11, 13, 14, 15, 51, 52, 53))},  # A S D … ; ' `
    **{16 + n: usage for n, usage in enumerate((20, 26, 8, 21, 23, 28, 24, 12, 18, 19, 47, 48))},  # Q W E … [ ]
    **{44 + n: usage for n, usage in enumerate((29, 27, 6, 25, 5, 17, 16, 54, 55, 56))},  # Z X C … , . /
    **{2 + n: 30 + n for n in range(10)},  # 1 … 0
    12: 45, 13: 46, 28: 40, 15: 43, 57: 44, 43: 49, 86: 100,
}  # fmt: skip
_MODIFIER = {29: 0x01, 42: 0x02, 56: 0x04, 100: 0x40, 54: 0x20}


@dataclass(frozen=True)
class UsbKeyboard:
    """What plays a keyboard on bus ``number`` (0 or 1)."""

    number: int
    vendor: str
    product: str
    maker: str
    model: str
    serial: str

    @property
    def by_id(self) -> str:
        """Where udev puts its link."""
        model = f"{self.maker} {self.model} {self.serial}".replace(" ", "_")
        return f"/dev/input/by-id/usb-{model}-event-kbd"

    def plug(self, guest: Guest) -> None:
        guest.run(
            f"sh {INSIDE}/plug.sh {self.number} {self.vendor} {self.product}"
            f" '{self.maker}' '{self.model}' '{self.serial}'"
        )

    def unplug(self, guest: Guest) -> None:
        guest.run(f"echo > /sys/kernel/config/usb_gadget/keyboard{self.number}/UDC")

    def type(
        self, guest: Guest, *texts: str, layout: str = "us", pause_s: float = 0.0, rolls_over: bool = False
    ) -> float:
        """Type each text and ENTER as fast as the bus takes it; characters a second, without the pauses.

        Args:
            guest: Where it is plugged in.
            texts: What is typed.
            layout: The keyboard that is played.
            pause_s: After each ENTER.
            rolls_over: Whether a key goes down in the report in which the one before it goes up, as quick
                scanners send them: half as many reports.
        """
        told = guest.run(
            f"python3 {INSIDE}/type.py /dev/hidg{self.number} {pause_s}",
            stdin=b"".join(b"".join(reports(text, layout, rolls_over=rolls_over)) for text in texts),
            timeout_s=600,
        )
        return sum(len(text) + 1 for text in texts) / float(told)


SCANNER = UsbKeyboard(0, "0x0c2e", "0x0901", "Honeywell", "Xenon 1900", "12345B0001")
STRANGER = UsbKeyboard(1, "0x046d", "0xc31c", "Logitech", "Keyboard", "7")


def reports(text: str, layout: str, *, rolls_over: bool = False) -> list[bytes]:
    """Eight-byte boot reports: one for each key that goes down, one for its release."""
    held, out = 0, []
    for key, value in keystrokes(text, LAYOUTS[layout], Key.ENTER):
        if key in _MODIFIER:
            held = held | _MODIFIER[key] if value == KEY_DOWN else held & ~_MODIFIER[key]
            usage = 0
        else:
            usage = _USAGE[key] if value == KEY_DOWN else 0
        out.append(bytes((held, 0, usage, 0, 0, 0, 0, 0)))
    return _rolled_over(out) if rolls_over else out


def _rolled_over(whole: list[bytes]) -> list[bytes]:
    """Without the releases between two different keys."""
    between = zip(whole[:-2], whole[1:-1], whole[2:], strict=True)
    inner = [report for before, report, after in between if any(report) or before == after]
    return [whole[0], *inner, whole[-1]]
