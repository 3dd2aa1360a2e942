"""The album: for each format and each number one photograph, with one fault that stands out."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PIL import Image

from tests.bench.photographs import grounds, lens
from tests.bench.photographs.labels import FORMATS, MATRIX, MODULE_PX, Label, label

Grey = np.ndarray[tuple[int, int], np.dtype[np.uint8]]

KINDS = (
    "fair", "fair", "defocus", "defocus", "shake", "dim", "tilt", "curved", "tiny", "huge", "glare", "shadow",
    "screen", "faint", "cramped", "turned", "inverted", "mirrored",
)  # fmt: skip
"""What stands out; the last two only where a code of that format can be."""

_SIZES = ((640, 480), (480, 640), (800, 600), (800, 600), (640, 480), (1024, 768), (1200, 900))


@dataclass(frozen=True)
class Photograph:
    """A picture, what stands in it (``text`` empty: nothing) and the fault that stands out."""

    format: str
    text: str
    kind: str
    grey: Grey


def photographs(each: int, seed: int, formats: tuple[str, ...] = FORMATS) -> Iterator[Photograph]:
    """So many of each format."""
    for name in formats:
        kinds = [kind for kind in KINDS if name in MATRIX or kind not in ("inverted", "mirrored")]
        for number in range(each):
            yield _taken(name, kinds[number % len(kinds)], random.Random(f"{seed} {name} {number}"))


def empty_photographs(count: int, seed: int) -> Iterator[Photograph]:
    """Without a code, of things that look like one."""
    names = grounds.names()
    for number in range(count):
        chance = random.Random(f"{seed} none {number}")
        name = names[number % len(names)]
        width, height = chance.choice(_SIZES)
        plane = grounds.ground_named(name, chance, 2 * width, 2 * height)
        if chance.random() < 0.4:
            other = grounds.ground(chance, 2 * width, 2 * height)
            edge = chance.randint(width // 2, width)
            plane = np.concatenate([plane[:, :edge], other[:, edge:]], axis=1)
        yield Photograph(
            "none", "", name, _developed(chance, chance.choice(("fair", "fair", "defocus", "dim")), plane)
        )


def _taken(name: str, kind: str, chance: random.Random) -> Photograph:
    held = label(name, chance, is_cramped=kind == "cramped")
    width, height = chance.choice(_SIZES)
    module_px = {"tiny": chance.uniform(1.3, 2.0), "huge": chance.uniform(6, 14)}.get(
        kind, 2 ** chance.uniform(0.9, 2.2)
    )
    quarter = chance.choice((0, 0, 0, 1, 2, 3)) * np.pi / 2
    turn = quarter + (chance.uniform(-np.pi, np.pi) if kind == "turned" else chance.gauss(0, 0.08))
    paper, ink = chance.uniform(150, 245), chance.uniform(8, 60)
    if kind == "faint":
        paper = chance.uniform(110, 200)
        ink = paper - chance.uniform(28, 55)
    if kind == "inverted":
        paper, ink = ink, paper
    picture = _inked(held, paper, ink, is_mirrored=kind == "mirrored")
    box = held.code_box
    if kind == "mirrored":
        box = held.pixels.width - box[2], box[1], held.pixels.width - box[0], box[3]
    scene = lens.place(
        chance, picture, box, grounds.ground(chance, 2 * width, 2 * height), 2 * module_px,
        tilt=0.35 if kind == "tilt" else 0.08, is_curved=kind == "curved", turn_rad=turn, label_module_px=MODULE_PX,
    )  # fmt: skip
    return Photograph(name, held.text, kind, _developed(chance, kind, scene, module_px))


def _inked(held: Label, paper: float, ink: float, *, is_mirrored: bool) -> grounds.Plane:
    pixels = np.asarray(held.pixels, dtype=np.float32)
    if is_mirrored:
        pixels = pixels[:, ::-1]
    return np.ascontiguousarray(ink + (paper - ink) * pixels / 255, dtype=np.float32)


def _developed(chance: random.Random, kind: str, double: grounds.Plane, module_px: float = 3.0) -> Grey:
    height, width = double.shape[0] // 2, double.shape[1] // 2
    plane = double.reshape(height, 2, width, 2).mean(axis=(1, 3))
    plane = lens.blurred(plane, lens.disc(0.5 + chance.uniform(0, 0.4)))
    if kind == "defocus":
        plane = lens.blurred(plane, lens.disc(module_px * chance.uniform(0.45, 1.15)))
    if kind == "shake":
        plane = lens.blurred(plane, lens.shake(chance, module_px * chance.uniform(0.8, 2.2)))
    if kind == "screen":
        plane = lens.moire(chance, plane)
    plane = lens.lit(chance, plane, shadow=kind == "shadow", glare=kind in ("glare", "screen"))
    light = chance.uniform(0.04, 0.2) if kind == "dim" else chance.uniform(0.5, 1.0)
    grey = lens.sensed(chance, plane, light)
    return lens.through_jpeg(chance, grey, chance.randint(60, 90))


def contact_sheet(pictures: list[Photograph], columns: int = 6, cell_px: int = 320) -> Image.Image:
    """Small copies side by side, to look at."""
    rows = -(-len(pictures) // columns)
    sheet = Image.new("L", (columns * cell_px, rows * cell_px))
    for number, picture in enumerate(pictures):
        small = Image.fromarray(picture.grey)
        small.thumbnail((cell_px - 4, cell_px - 4))
        sheet.paste(small, (number % columns * cell_px, number // columns * cell_px))
    return sheet
