"""This checkout, brought into the guest as a shop's machine gets it, and known by a digest."""

import hashlib
import io
import subprocess
import tarfile
from collections.abc import Iterable

from tests.booted.guest import Guest
from tests.booted.image import ROOT

BROUGHT = "/mnt/checkout"
"""Where it lies in the guest."""

_SCRIPTS = "tests/booted/inside"
INSIDE = f"{BROUGHT}/{_SCRIPTS}"
_MACHINERY = (
    "tests/booted/machine.py",
    "tests/booted/shop.py",
    "tests/booted/usb.py",
    "tests/booted/kept.py",
)


def bring(guest: Guest) -> None:
    """Put the files there, as a clone would."""
    guest.run(f"rm -rf {BROUGHT}")
    _unpack(guest, _program())


def bring_scripts(guest: Guest) -> None:
    """Put the tests' own scripts there; they are no part of the program and change more often."""
    _unpack(guest, [name for name in _files() if name.startswith(f"{_SCRIPTS}/")])


def digest() -> str:
    """Changes with every file of the program, and with what opens the shop in the guest."""
    made = hashlib.sha256()
    for name in (*_program(), *_MACHINERY):
        made.update(name.encode() + b"\0" + hashlib.sha256((ROOT / name).read_bytes()).digest())
    return made.hexdigest()[:16]


def _unpack(guest: Guest, names: Iterable[str]) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name in names:
            tar.add(ROOT / name, name)
    guest.run(
        f"mkdir -p {BROUGHT} && tar -xz --no-same-owner -C {BROUGHT}", stdin=packed.getvalue(), timeout_s=600
    )


def _program() -> list[str]:
    return [name for name in _files() if not name.startswith("tests/")]


def _files() -> list[str]:
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return sorted(name for name in set(names) if (ROOT / name).is_file())
