"""Machines that are put away in the midst of their work: one that booted, one where the shop is open.

The first stands for a system, the second for a system and a program: a run with another program goes on from the
booted one, installs and opens; a run with the same program goes on from the open one at once.
"""

import hashlib
import shutil
import subprocess
import time
from pathlib import Path

from tests.booted import clone
from tests.booted.guest import Guest, Kept
from tests.booted.image import CACHE, Image
from tests.booted.lane import scanner_is
from tests.booted.shop import install, listen, open_shop, wait_until_open
from tests.booted.usb import SCANNER

_MEMBERS = 480


def open_counter(image: Image, folder: Path, *, log: Path | None = None) -> tuple[Guest, dict[str, object]]:
    """A running station with a lane whose scanner is plugged in, and what making it told.

    Args:
        image: The system.
        folder: Where its disk and sockets go; a new one.
        log: Where the disk's writes are written down.
    """
    shop = Kept(CACHE / f"shop-{_digest('machine.py', image.folder.name, clone.digest())}")
    if shop.figures is None:
        _open(image, folder / "opening", shop)
    guest = Guest(image, folder / "open", shop, log=log)
    goes_on_s = guest.power_on()
    clone.bring_scripts(guest)
    figures = dict(shop.figures or {})
    figures["the open shop goes on from memory after, s"] = round(goes_on_s)
    return guest, figures


def open_again(guest: Guest) -> None:
    """After a fall: go on from the open shop once more, or, where the disk's writes are written down, from them."""
    if guest.log is None:
        guest.begin_again()
        clone.bring_scripts(guest)
    else:
        guest.power_on()
        wait_until_open(guest)
        SCANNER.plug(guest)
        scanner_is(guest, "ok")


def _open(image: Image, folder: Path, shop: Kept) -> None:
    booted = Kept(CACHE / f"booted-{_digest('machine.py', image.folder.name)}")
    if booted.figures is None:
        _forget("booted-*")
        _forget("shop-*")  # their disks lie on that of the booted one
        guest = Guest(image, folder.with_name("booting"))
        try:
            guest.keep(booted, {"boot to all services of Debian, s": round(guest.power_on())})
        finally:
            guest.cut_power()
    figures = dict(booted.figures or {})
    guest = Guest(image, folder, booted)
    try:
        guest.power_on()
        clone.bring(guest)
        clone.bring_scripts(guest)
        started_s = time.monotonic()
        figures["make install said last"] = install(guest).splitlines()[-2]
        figures["make install, s"] = round(time.monotonic() - started_s)
        started_s = time.monotonic()
        open_shop(guest, _MEMBERS)
        figures["certificates, shop and its members, s"] = round(time.monotonic() - started_s)
        started_s = time.monotonic()
        wait_until_open(guest)
        figures["broker, station and device ready after, s"] = round(time.monotonic() - started_s)
        listen(guest)
        SCANNER.plug(guest)
        scanner_is(guest, "ok")
        _forget("shop-*")
        guest.keep(shop, figures)
    finally:
        guest.cut_power()


def _digest(machine: str, *parts: str) -> str:
    made = hashlib.sha256((Path(__file__).parent / machine).read_bytes())
    made.update(subprocess.run(["qemu-system-x86_64", "--version"], check=True, capture_output=True).stdout)
    made.update("\0".join(parts).encode())
    return made.hexdigest()[:16]


def _forget(pattern: str) -> None:
    for old in CACHE.glob(pattern):
        shutil.rmtree(old)
