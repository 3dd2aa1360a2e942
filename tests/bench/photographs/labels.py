"""Labels with a code: its modules, digits beneath, print around, and how large a module is drawn."""

import random
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw, ImageOps

from tests.fakes.pictures import barcode, qr

MATRIX = ("QRCode", "DataMatrix", "Aztec", "PDF417")
RETAIL = ("EAN13", "UPCA", "EAN8", "UPCE")
FORMATS = (*MATRIX, "Code128", "Code39", "Code93", "Codabar", "ITF", *RETAIL)

MODULE_PX = 8
"""Of a label's picture."""


_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


@dataclass(frozen=True)
class Label:
    """A picture of a label, its format and text, and where the code lies in it (left, top, right, bottom)."""

    format: str
    text: str
    pixels: Image.Image
    code_box: tuple[int, int, int, int]


def label(name: str, chance: random.Random, *, is_cramped: bool = False) -> Label:
    """One label; ``is_cramped`` takes most of the quiet zone away, as careless print does."""
    text = _text(name, chance)
    code = _modules(name, text, chance)
    quiet = (4 if name in ("QRCode", "DataMatrix", "Aztec", "PDF417") else 9) * MODULE_PX
    if is_cramped:
        quiet = chance.randint(1, 3) * MODULE_PX
    card = ImageOps.expand(code, quiet, fill=255)
    if name in RETAIL or (name not in MATRIX and chance.random() < 0.6):
        _print_digits(card, quiet, text)
    left, top, right, bottom = (chance.randint(4, 30) * MODULE_PX for _ in range(4))
    around = Image.new("L", (card.width + left + right, card.height + top + bottom))
    shade = 255 if chance.random() < 0.5 else chance.randint(30, 230)
    around.paste(shade, (0, 0, *around.size))
    _print_around(around, (left, top, left + card.width, top + card.height), chance)
    around.paste(card, (left, top))
    box = left + quiet, top + quiet, left + quiet + code.width, top + quiet + code.height
    return Label(name, text, around, box)


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
    return "".join(chance.choices(_LETTERS, k=chance.randint(6, 30 if name in MATRIX else 11)))


def _checked(body: str) -> str:
    total = sum(int(digit) * (3, 1)[place % 2] for place, digit in enumerate(reversed(body)))
    return body + str(-total % 10)


def _modules(name: str, text: str, chance: random.Random) -> Image.Image:
    drawn: np.ndarray = qr(text, scale=1) if name == "QRCode" else barcode(name, text, scale=1)
    ink = np.argwhere(drawn < 128)
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0) + 1
    modules = drawn[top:bottom, left:right]
    if name not in MATRIX:
        high = max(12, round(modules.shape[1] * chance.uniform(0.2, 0.7)))
        modules = np.repeat(modules[:1], high, axis=0)
    large = np.kron(modules, np.ones((MODULE_PX, MODULE_PX), dtype=np.uint8))
    if chance.random() < 0.3:  # ink that spread or starved
        grow = chance.choice((-1, 1))
        shifted = [np.roll(large, step, axis) for step in (-1, 0, 1) for axis in (0, 1)]
        large = np.max(shifted, axis=0) if grow < 0 else np.min(shifted, axis=0)
    return Image.fromarray(large)


def _print_digits(card: Image.Image, quiet: int, text: str) -> None:
    pen = ImageDraw.Draw(card)
    high = max(5 * MODULE_PX, card.width // 14)
    bottom = card.height - quiet
    wide = pen.textlength(text, font_size=high)
    pen.rectangle(
        (quiet + 3 * MODULE_PX, bottom - high, card.width - quiet - 3 * MODULE_PX, bottom), fill=255
    )
    pen.text(((card.width - wide) / 2, bottom - high), text, fill=0, font_size=high)


def _print_around(sheet: Image.Image, free: tuple[int, int, int, int], chance: random.Random) -> None:
    pen = ImageDraw.Draw(sheet)
    for _ in range(chance.randint(0, 14)):
        x, y = chance.randrange(sheet.width), chance.randrange(sheet.height)
        words = "".join(chance.choices("abcdefgh imnop rstuvw 0123456789 .,", k=chance.randint(4, 24)))
        pen.text((x, y), words, fill=chance.choice((0, 0, 40, 90, 255)), font_size=chance.randint(18, 70))
    if chance.random() < 0.4:
        pen.rectangle((4, 4, sheet.width - 5, sheet.height - 5), outline=chance.randint(0, 120), width=6)
    if chance.random() < 0.4:
        pen.line((0, free[1] - 12, sheet.width, free[1] - 12), fill=chance.randint(0, 120), width=8)
