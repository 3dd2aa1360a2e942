"""``comptoir guard``: which USB devices a lane lets in, and which stay without a driver."""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comptoir.commands import Commands

_UDEVADM = "/usr/bin/udevadm"


def register(commands: "Commands") -> None:
    guard = commands.add_parser("guard", help="let in the USB devices that are plugged in now, and no others")
    actions = guard.add_subparsers(dest="action", required=True, metavar="action")
    shown = actions.add_parser("show", help="what is plugged in, and what of it is let in")
    shown.set_defaults(run=_show)
    learnt = actions.add_parser("learn", help="let in what is plugged in now, each at its port, from now on")
    learnt.set_defaults(run=_learn)
    off = actions.add_parser("off", help="let in everything again")
    off.set_defaults(run=_off)


def _show(_options: argparse.Namespace) -> int:
    from comptoir.usb_guard import RULES, plugged_in

    print("the guard is " + ("on" if RULES.exists() else "off"))
    for one in plugged_in():
        port = one.path.rpartition("-")[2]
        state = "let in" if one.is_let_in else "kept out"
        print(f"{state}  {one.vendor}:{one.product}  class {one.interface_class}  port {port}  {one.name}")
    return 0


def _learn(options: argparse.Namespace) -> int:
    from comptoir.usb_guard import RULES, plugged_in, rules

    allowed = [one for one in plugged_in() if one.is_let_in]
    if not _written(RULES, rules(allowed)):
        return 1
    _apply()
    print(f"{len(allowed)} interfaces are let in, each at its port; anything else stays without a driver")
    return _show(options)


def _off(_options: argparse.Namespace) -> int:
    from comptoir.usb_guard import RULES, SYSFS

    RULES.unlink(missing_ok=True)
    _apply()
    for bus in SYSFS.glob("usb*/interface_authorized_default"):
        bus.write_text("1")
    for interface in SYSFS.glob("*:*"):
        if (interface / "authorized").read_text().strip() == "0":
            (interface / "authorized").write_text("1")
            (SYSFS.parent / "drivers_probe").write_text(interface.name)
    print("the guard is off: every USB device is let in")
    return 0


def _written(path: Path, text: str) -> bool:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        print(f"comptoir: {path} cannot be written ({error.strerror}); run this as root", file=sys.stderr)
        return False
    return True


def _apply() -> None:
    """Make udev read its rules and look at every USB device as if it were new."""
    subprocess.run([_UDEVADM, "control", "--reload"], check=True)
    subprocess.run([_UDEVADM, "trigger", "--action=add", "--subsystem-match=usb", "--settle"], check=True)
