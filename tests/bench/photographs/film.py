"""Films of a card that a hand brings to a camera: nearer with each frame, never quite still."""

import random
from collections.abc import Iterator

import numpy as np

from tests.bench.photographs import grounds, lens
from tests.bench.photographs.album import Grey
from tests.bench.photographs.labels import MODULE_PX, Label, label

CONDITIONS = ("clean", "defocus", "dim", "shake")
MODULE_MM = {"QRCode": 1.0, "Code128": 0.45, "EAN13": 0.39}
"""Of a membership card's codes."""

_FAR_MM, _NEAR_MM = 300.0, 110.0
_FOCAL_SHARE = 0.77
"""Focal length over the picture's width: 66 degrees across, as a Raspberry Pi's camera."""


def film(
    name: str, condition: str, size: tuple[int, int], frames: int, seed: int
) -> Iterator[tuple[str, Grey]]:
    """The card's text and each frame: the hand comes nearer for two thirds of the film, then waits."""
    chance = random.Random(f"{seed} {name} {condition}")
    card, behind = label(name, chance), grounds.ground(chance, *size)
    turn = chance.gauss(0, 0.15)
    for number in range(frames):
        come = min(1.0, 1.5 * number / frames)
        distance_mm = _FAR_MM + (_NEAR_MM - _FAR_MM) * come
        module_px = _FOCAL_SHARE * size[0] * MODULE_MM[name] / distance_mm
        yield card.text, _frame(chance, card, behind, module_px, turn + chance.gauss(0, 0.03), condition)


def empty_film(size: tuple[int, int], frames: int, seed: int) -> Iterator[Grey]:
    """Nobody there: a busy shop and noise."""
    chance = random.Random(f"{seed} empty")
    behind = grounds.ground_named("shelf", chance, *size)
    for _ in range(frames):
        yield lens.sensed(chance, lens.blurred(behind, lens.disc(0.8)), 0.7)


def _frame(
    chance: random.Random, card: Label, behind: grounds.Plane, module_px: float, turn: float, condition: str
) -> Grey:
    pixels = np.asarray(card.pixels, dtype=np.float32)
    inked = np.ascontiguousarray(30 + 190 * pixels / 255, dtype=np.float32)
    plane = lens.place(
        chance, inked, card.code_box, behind, module_px,
        tilt=0.12, is_curved=False, turn_rad=turn, label_module_px=MODULE_PX,
    )  # fmt: skip
    plane = lens.blurred(plane, lens.disc(0.7))
    if condition == "defocus":
        plane = lens.blurred(plane, lens.disc(module_px * 0.8))
    if condition == "shake":
        plane = lens.blurred(plane, lens.shake(chance, module_px * chance.uniform(0.5, 2.0)))
    return lens.sensed(
        chance, lens.lit(chance, plane, shadow=False, glare=False), 0.08 if condition == "dim" else 0.7
    )
