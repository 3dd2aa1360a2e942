"""Pictures of codes as phones take them, drawn: turned, tilted, out of focus, moved, dim, on busy ground."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from tests.fakes.pictures import barcode, qr

Grey = np.ndarray[tuple[int, int], np.dtype[np.uint8]]

_MATRIX = ("QRCode", "DataMatrix", "Aztec", "PDF417")
FORMATS = (
    *_MATRIX, "Code128", "Code39", "Code93", "Codabar", "ITF", "EAN8", "EAN13", "UPCA", "UPCE",
)  # fmt: skip
_SIZES = ((640, 480), (800, 600), (640, 800))
_DRAWN_SCALE = 6
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


@dataclass(frozen=True)
class HardPicture:
    """A picture and what stands in it; ``text`` empty for a scene without a code."""

    format: str
    text: str
    grey: Grey


def hard_pictures(formats: tuple[str, ...], each: int, seed: int = 1) -> Iterator[HardPicture]:
    """So many of each format; the same seed draws the same pictures."""
    for name in formats:
        for number in range(each):
            chance = random.Random(f"{seed} {name} {number}")
            text = _text(name, chance)
            yield HardPicture(name, text, _scene(chance, _drawn(name, text)))


def empty_scenes(count: int, seed: int = 1) -> Iterator[HardPicture]:
    """Scenes without a code: stripes, print, boxes, dots."""
    for number in range(count):
        yield HardPicture("none", "", _scene(random.Random(f"{seed} none {number}"), None))


def _text(name: str, chance: random.Random) -> str:
    def digits(count: int) -> str:
        return "".join(chance.choices("0123456789", k=count))

    if name in ("EAN13", "UPCA", "EAN8"):
        length = {"EAN13": 12, "UPCA": 11, "EAN8": 7}[name]
        body = (chance.choice("123456789") if name == "EAN13" else "") + digits(length)
        return _checked(body[:length])
    if name == "UPCE":
        six, system = "".join(chance.choices("3456789", k=5)) + digits(1), chance.choice("001")
        last = int(six[5])
        wide = (
            six[:2] + six[5] + "0000" + six[2:5] if last < 3 else six[:3] + "00000" + six[3:5] if last == 3
            else six[:4] + "00000" + six[4] if last == 4 else six[:5] + "0000" + six[5]
        )  # fmt: skip
        return system + six + _checked(system + wide)[-1]
    if name == "ITF":
        return digits(chance.choice((8, 10, 14)))
    if name == "Codabar":
        return "A" + digits(chance.randint(6, 11)) + "B"
    return "".join(chance.choices(_LETTERS, k=chance.randint(6, 30 if name in _MATRIX else 11)))


def _checked(body: str) -> str:
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(body)))
    return body + str(-total % 10)


def _drawn(name: str, text: str) -> Image.Image:
    if name == "QRCode":
        return Image.fromarray(qr(text, scale=_DRAWN_SCALE))
    code = Image.fromarray(barcode(name, text, scale=_DRAWN_SCALE))
    if name in _MATRIX:
        return code
    margin = 30
    bars = code.crop((0, margin + 1, code.width, margin + 2)).resize((code.width, code.width // 2))
    return ImageOps.expand(bars, (0, margin), fill=255)


def _scene(chance: random.Random, code: Image.Image | None) -> Grey:
    """At double size first, so that edges fall between pixels as they do behind a lens."""
    width, height = chance.choice(_SIZES)
    scene = _ground(chance, 2 * width, 2 * height)
    if code is not None:
        _hold(chance, scene, code)
    pixels = np.asarray(scene.filter(ImageFilter.GaussianBlur(chance.choice((0.8, 1.2, 1.6, 2.4)))))
    pixels = _moved(chance, pixels.astype(np.float32))
    pixels = pixels.reshape(height, 2, width, 2).mean(axis=(1, 3))
    across, down = np.linspace(-1, 1, width)[None, :], np.linspace(-1, 1, height)[:, None]
    light = 1 + chance.uniform(-0.35, 0.35) * across + chance.uniform(-0.35, 0.35) * down
    pixels *= light * chance.choice((1.0, 0.9, 0.6, 0.3))
    if chance.random() < 0.2:
        x, y = chance.uniform(-0.5, 0.5), chance.uniform(-0.5, 0.5)
        pixels += 170 * np.exp(-(((across - x) / 0.12) ** 2 + ((down - y) / 0.2) ** 2))
    if chance.random() < 0.15:
        pitch, lean = chance.uniform(2.1, 6.0), chance.uniform(-0.3, 0.3)
        waves = np.sin((np.arange(width)[None, :] + lean * np.arange(height)[:, None]) * 2 * np.pi / pitch)
        pixels *= 1 + 0.12 * waves
    noise = np.random.default_rng(chance.getrandbits(32))
    pixels += noise.normal(0, chance.choice((1.5, 3, 6)), pixels.shape)
    return np.ascontiguousarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _hold(chance: random.Random, scene: Image.Image, code: Image.Image) -> None:
    """Paste the code turned and in perspective."""
    module_px = 2 * 2 ** chance.uniform(0.5, 2.0)
    scale = min(module_px / _DRAWN_SCALE, 0.9 * scene.width / code.width, 0.9 * scene.height / code.height)
    wide, high = code.width * scale / 2, code.height * scale / 2
    turn = np.deg2rad(chance.choice((0, 0, 90, 180, 270)) + chance.gauss(0, 9))
    tilt_x, tilt_y = chance.gauss(0, 0.12), chance.gauss(0, 0.12)
    corners = []
    middle = scene.width / 2 + chance.uniform(-40, 40), scene.height / 2 + chance.uniform(-40, 40)
    for right, below in ((-wide, -high), (wide, -high), (wide, high), (-wide, high)):
        depth = 1 + tilt_x * right / wide + tilt_y * below / max(high, wide)
        x, y = right / depth, below / depth
        corners.append(
            (middle[0] + x * np.cos(turn) - y * np.sin(turn), middle[1] + x * np.sin(turn) + y * np.cos(turn))
        )
    rows, goals = [], []
    for (x, y), (u, v) in zip(
        corners,
        ((0, 0), (code.width, 0), (code.width, code.height), (0, code.height)),
        strict=True,
    ):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        goals += [u, v]
    warp = np.linalg.solve(np.array(rows), np.array(goals)).tolist()
    paper, ink = chance.uniform(170, 245), chance.uniform(10, 70)
    inked = code.point([ink + (paper - ink) * value / 255 for value in range(256)])
    kind, sampling = Image.Transform.PERSPECTIVE, Image.Resampling.BILINEAR
    if scale < 0.5:
        inked = inked.filter(ImageFilter.BoxBlur(0.25 / scale))
    mask = Image.new("L", code.size, 255).transform(scene.size, kind, warp, sampling)
    scene.paste(inked.transform(scene.size, kind, warp, sampling), (0, 0), mask)


def _moved(chance: random.Random, pixels: np.ndarray) -> np.ndarray:
    """As a hand moves while the shutter is open."""
    steps = chance.choice((0, 0, 0, 0, 2, 4))
    axis = chance.choice((0, 1))
    return np.asarray(sum(np.roll(pixels, step, axis) for step in range(steps + 1)) / (steps + 1))


def _ground(chance: random.Random, width: int, height: int) -> Image.Image:
    base = chance.randint(60, 200)
    scene = Image.new("L", (width, height), base)
    pen = ImageDraw.Draw(scene)

    def place() -> tuple[int, int]:
        return chance.randrange(width), chance.randrange(height)

    for _ in range(chance.randint(4, 25)):
        (left, top), shade = place(), chance.randint(0, 255)
        pen.rectangle((left, top, left + chance.randint(10, 400), top + chance.randint(10, 400)), fill=shade)
    for _ in range(chance.randint(0, 25)):
        words = "".join(chance.choices(_LETTERS.lower() + "  ", k=chance.randint(5, 30)))
        pen.text(place(), words, fill=chance.randint(0, 255), font_size=chance.randint(14, 60))
    for _ in range(chance.randint(0, 3)):
        (left, top), pitch = place(), chance.randint(5, 24)
        long, count, shade = chance.randint(80, 400), chance.randint(5, 40), chance.randint(0, 255)
        lying = chance.random() < 0.5
        for number in range(count):
            at, thick = number * pitch, chance.randint(2, pitch)
            box = (left, top + at, left + long, top + at + thick)
            pen.rectangle(box if lying else (left + at, top, left + at + thick, top + long), fill=shade)
    return scene
