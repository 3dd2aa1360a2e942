"""The kiosk's screen under its compositor, and a camera through libcamera and picamera2, on a booted machine."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter

from codes.pictures import Symbol, png
from tests.booted.clone import INSIDE
from tests.booted.guest import Guest
from tests.booted.lane import members, scan, scanned, scanner_is
from tests.booted.shop import KIOSK_SOCKET

pytestmark = [
    pytest.mark.timeout(3600),
    pytest.mark.skipif(not os.environ.get("COMPTOIR_BOOTED_ALL"), reason="ALL=1 shows screen and camera too"),
]

Seen = dict[str, object]
_CONFIGURATION = "/etc/comptoir/comptoir.toml"
# The machine draws in software, and slowly; nothing else of the unit is changed.
_DRAWN_IN_SOFTWARE = """[Service]
Environment=WLR_RENDERER=pixman WLR_LIBINPUT_NO_DEVICES=1 LIBGL_ALWAYS_SOFTWARE=1
TimeoutStartSec=900
WatchdogSec=300
"""
_GOLD = (244, 190, 91)
_PLAYED_CAMERA = """%YAML 1.1
---
"Virtual0":
  supported_formats:
  - width: 640
    height: 480
    frame_rates: [5, 15]
  frames:
    path: "/srv/camera/0.jpg"
  location: "CameraLocationBack"
  model: "played"
"""


def test_the_kiosk_draws_on_the_machines_screen(guest: Guest, seen: Seen, tmp_path: Path) -> None:
    guest.run("install -d /etc/systemd/system/comptoir-kiosk.service.d")
    guest.write("/etc/systemd/system/comptoir-kiosk.service.d/software.conf", _DRAWN_IN_SOFTWARE)
    _add_section(guest, "kiosk", f'socket = "{KIOSK_SOCKET}"')
    guest.run("systemctl daemon-reload && systemctl start --no-block comptoir-kiosk")
    guest.wait_for("systemctl is-active comptoir-kiosk", "the kiosk", 900)

    guest.until(lambda: _colours(_screen(guest, tmp_path / "starting.png")) > 50, "a drawn screen", 300)
    scanner_is(guest, "ok", "kiosk")
    idle = _at_rest(guest, tmp_path / "idle.png")
    scan(guest)
    guest.until(
        lambda: _differs(idle, _screen(guest, tmp_path / "scanned.png")) > 0.05,
        "another screen after a scan",
        120,
    )
    guest.until(
        lambda: _differs(idle, _screen(guest, tmp_path / "again.png")) < 0.01, "the welcome again", 300
    )
    seen["the kiosk's screen, pixels"] = "x".join(str(side) for side in idle.size)
    if keep := os.environ.get("COMPTOIR_BOOTED_PICTURES"):
        for picture in tmp_path.glob("*.png"):
            (Path(keep) / picture.name).write_bytes(picture.read_bytes())
    guest.run("systemctl stop comptoir-kiosk")


def test_a_camera_of_libcamera_reads_a_card_through_picamera2(guest: Guest, seen: Seen) -> None:
    reference = members(guest, 1)[0]
    guest.run("systemctl stop comptoir-device")
    _play_camera(guest, reference)
    guest.write(
        "/etc/systemd/system/comptoir-device.service.d/camera.conf",
        f"[Service]\nEnvironment=PYTHONPATH={INSIDE}/camera\nDeviceAllow=/dev/udmabuf rw\n",
    )
    _add_section(guest, "device.camera", 'kind = "picamera2"\nsize = "640x480"\nframes_per_s = 5')
    guest.run("systemctl daemon-reload")
    guest.run("systemctl start comptoir-device", timeout_s=600)

    scanner_is(guest, "ok", "camera")
    # It lies there, so it may be read more than once.
    guest.until(lambda: scanned(guest, reference) >= 1, "the card before the camera", 300)
    seen["camera by libcamera and picamera2"] = guest.run(
        'journalctl -b -u comptoir-device -o cat --no-pager | grep \'"part": "camera"\' | tail -1 | cut -c1-200'
    )


def _add_section(guest: Guest, name: str, lines: str) -> None:
    """To the machine's configuration, where a first try has not done it."""
    if not guest.succeeds(f"grep -qxF '[{name}]' {_CONFIGURATION}"):
        guest.run(f"cat >> {_CONFIGURATION}", stdin=f"\n[{name}]\n{lines}\n")


def _play_camera(guest: Guest, text: str) -> None:
    """The machine has a camera that sees a card, and memory for its pictures as on Raspberry Pi OS.

    The service's confinement leaves libcamera to look through sysfs, which wants the kernel's media devices.
    """
    guest.run("install -d /usr/share/libcamera/pipeline/virtual /srv/camera")
    guest.write("/usr/share/libcamera/pipeline/virtual/virtual.yaml", _PLAYED_CAMERA)
    guest.run("cat > /srv/camera/0.jpg", stdin=_photograph(text))
    guest.run(
        "modprobe mc; modprobe udmabuf; ln -sfn system /dev/dma_heap/linux,cma;"
        " chgrp video /dev/udmabuf /dev/dma_heap/system; chmod g+rw /dev/udmabuf /dev/dma_heap/system;"
        " install -d /etc/systemd/system/comptoir-device.service.d"
    )


def _photograph(text: str) -> bytes:
    """A card with a QR code on a table, turned, a little out of focus."""
    code = Image.open(io.BytesIO(png(text, Symbol.QR))).convert("L").resize((330, 330))
    card = Image.new("L", (520, 420), 235)
    card.paste(code, (95, 45))
    table = Image.new("L", (1280, 720), 90)
    table.paste(card.rotate(12, expand=True, fillcolor=90), (350, 90))
    out = io.BytesIO()
    table.filter(ImageFilter.GaussianBlur(1)).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def _screen(guest: Guest, file: Path) -> Image.Image:
    guest.qmp("screendump", filename=str(file), format="png")
    return Image.open(file).convert("RGB")


def _at_rest(guest: Guest, file: Path) -> Image.Image:
    """The welcome once it was the same at three looks on end; until the station has spoken another screen rests."""
    looks: list[Image.Image] = []

    def rests() -> bool:
        looks.append(_screen(guest, file))
        return (
            len(looks) >= 3
            and all(_differs(looks[-1], other) < 0.005 for other in looks[-3:-1])
            and _has_button(looks[-1])
        )

    guest.until(rests, "the welcome at rest", 300)
    return looks[-1]


def _has_button(picture: Image.Image) -> bool:
    """Whether so much of it is gold as the button that a customer begins with."""
    red, green, blue = (band.point(lambda value, near=near: 255 * (abs(value - near) < 12))
                        for band, near in zip(picture.split(), _GOLD, strict=True))  # fmt: skip
    gold = ImageChops.multiply(ImageChops.multiply(red, green), blue)
    return gold.histogram()[255] > 0.03 * picture.width * picture.height


def _colours(picture: Image.Image) -> int:
    return len(picture.getcolors(picture.width * picture.height) or ())


def _differs(one: Image.Image, other: Image.Image) -> float:
    """Share of the pixels that differ visibly; 1 where the pictures have different sizes."""
    if one.size != other.size:
        return 1.0
    difference = ImageChops.difference(one.convert("L"), other.convert("L"))
    return sum(difference.histogram()[25:]) / (one.width * one.height)
