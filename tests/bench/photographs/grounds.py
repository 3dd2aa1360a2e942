"""Grounds that are busy the way a shop is: print, cloth, grilles, shelves, tiles, keys, wood, windows."""

import random
from collections.abc import Callable

import numpy as np
from PIL import Image, ImageDraw

Plane = np.ndarray[tuple[int, int], np.dtype[np.float32]]
"""Brightness 0 to 255, rows by columns."""


def ground(chance: random.Random, width: int, height: int) -> Plane:
    """One of the grounds, its strength and slant by chance."""
    return _GROUNDS[chance.choice(sorted(_GROUNDS))](chance, width, height)


def ground_named(name: str, chance: random.Random, width: int, height: int) -> Plane:
    """The one of that name."""
    return _GROUNDS[name](chance, width, height)


def names() -> list[str]:
    """Of all grounds."""
    return sorted(_GROUNDS)


def clouds(chance: random.Random, width: int, height: int, steepness: float) -> Plane:
    """Noise whose amplitude falls with frequency as in pictures of the world; mean 0, spread 1."""
    noise = np.random.default_rng(chance.getrandbits(32)).normal(size=(height // 2, width // 2))
    spectrum = np.fft.rfft2(noise)
    down, across = np.fft.fftfreq(height // 2)[:, None], np.fft.rfftfreq(width // 2)[None, :]
    spectrum /= np.maximum(np.hypot(down, across), 2 / max(width, height)) ** steepness
    small = np.fft.irfft2(spectrum, noise.shape).astype(np.float32)
    small = (small - small.mean()) / max(1e-6, float(small.std()))
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BILINEAR))


def _grid(chance: random.Random, width: int, height: int, slant: float) -> tuple[np.ndarray, np.ndarray]:
    turn = chance.choice((0.0, np.pi / 2, chance.uniform(0, np.pi))) + chance.gauss(0, slant)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    across, along = x * np.cos(turn) + y * np.sin(turn), y * np.cos(turn) - x * np.sin(turn)
    return across.astype(np.float32), along.astype(np.float32)


def _world(chance: random.Random, width: int, height: int) -> Plane:
    levels = clouds(chance, width, height, chance.uniform(0.9, 1.4))
    return (chance.uniform(70, 180) + chance.uniform(20, 50) * levels).astype(np.float32)


def _print(chance: random.Random, width: int, height: int) -> Plane:
    sheet = Image.new("L", (width, height), chance.randint(190, 255))
    pen = ImageDraw.Draw(sheet)
    size, y, left = chance.randint(14, 44), chance.randint(0, 40), chance.randint(5, 80)
    while y < height:
        words = "".join(chance.choices("aeioubcdfglmnprstv     ,.AEST0123456789", k=200))
        pen.text((left, y), words, fill=chance.choice((0, 0, 20, 60)), font_size=size)
        y += round(size * chance.choice((1.15, 1.15, 1.15, 2.2)))
        if chance.random() < 0.1:
            size = chance.randint(14, 80)
    turned = sheet.rotate(chance.gauss(0, 8), Image.Resampling.BILINEAR, fillcolor=180)
    return np.asarray(turned, dtype=np.float32)


def _stripes(chance: random.Random, width: int, height: int) -> Plane:
    across, along = _grid(chance, width, height, 0.1)
    edges = np.cumsum(np.array([chance.choice((1, 1, 2, 3, 4)) for _ in range(900)])) * chance.uniform(3, 14)
    is_dark = np.searchsorted(edges, (across + chance.uniform(0, 0.03) * along) + 3000) % 2
    ink, paper = chance.uniform(20, 110), chance.uniform(130, 240)
    return np.where(is_dark, ink, paper).astype(np.float32)


def _cloth(chance: random.Random, width: int, height: int) -> Plane:
    across, along = _grid(chance, width, height, 0.3)
    pitch = chance.uniform(4, 18)
    bow = 6 * clouds(chance, width, height, 1.5)
    weave = np.sin(2 * np.pi * (across + bow) / pitch) + np.sin(2 * np.pi * (along + bow) / pitch)
    if chance.random() < 0.5:
        weave = np.sign(weave) * np.abs(weave) ** 0.5
    return (chance.uniform(60, 180) + chance.uniform(10, 45) * weave).astype(np.float32)


def _grille(chance: random.Random, width: int, height: int) -> Plane:
    across, along = _grid(chance, width, height, 0.2)
    pitch, share = chance.uniform(8, 34), chance.uniform(0.25, 0.42)
    row = np.floor(along / pitch)
    x = (across + (row % 2) * pitch / 2) % pitch - pitch / 2
    y = along % pitch - pitch / 2
    hole = np.clip(pitch * share - np.hypot(x, y), 0, 1) if chance.random() < 0.7 else (
        np.clip(pitch * share - np.maximum(abs(x), abs(y)), 0, 1)
    )  # fmt: skip
    dark, light = chance.uniform(10, 80), chance.uniform(120, 230)
    return (light + (dark - light) * hole).astype(np.float32)


def _tiles(chance: random.Random, width: int, height: int) -> Plane:
    across, along = _grid(chance, width, height, 0.2)
    wide, high, joint = chance.uniform(20, 200), chance.uniform(20, 120), chance.uniform(2, 10)
    row = np.floor(along / high).astype(int)
    x = across + (row % 2) * wide / 2 * chance.choice((0, 1))
    shades = np.random.default_rng(chance.getrandbits(32)).uniform(-1, 1, 4096) * chance.uniform(5, 60)
    cell = shades[(row * 131 + np.floor(x / wide).astype(int)) % 4096]
    is_joint = (x % wide < joint) | (along % high < joint)
    face = chance.uniform(80, 190)
    return np.where(is_joint, face + chance.choice((-60, 50)), face + cell).astype(np.float32)


def _shelf(chance: random.Random, width: int, height: int) -> Plane:
    """Goods or books side by side, some with print or upright lines on them."""
    board = Image.new("L", (width, height), chance.randint(30, 90))
    pen = ImageDraw.Draw(board)
    top = 0
    while top < height:
        high, left = chance.randint(120, 420), 0
        while left < width:
            wide, shade = (
                chance.choice((chance.randint(12, 60), chance.randint(40, 200))),
                chance.randint(10, 250),
            )
            pen.rectangle((left, top + chance.randint(0, 40), left + wide, top + high), fill=shade)
            if chance.random() < 0.4:
                words = "".join(chance.choices("ABCDEGHIKLMNOPRSTU", k=5))
                pen.text((left + 4, top + high // 2), words, fill=255 - shade, font_size=max(10, wide // 4))
            for x in range(left, left + wide, chance.randint(5, 20)) if chance.random() < 0.25 else ():
                pen.line((x, top + 20, x, top + high), fill=255 - shade, width=chance.randint(1, 4))
            left += wide + chance.randint(0, 4)
        top += high + chance.randint(8, 30)
    return np.asarray(board.rotate(chance.gauss(0, 5), Image.Resampling.BILINEAR), dtype=np.float32)


def _keys(chance: random.Random, width: int, height: int) -> Plane:
    board = Image.new("L", (width, height), chance.choice((30, 60, 200)))
    pen, pitch = ImageDraw.Draw(board), chance.randint(40, 130)
    shade = chance.choice((15, 45, 235))
    for row in range(height // pitch + 1):
        for column in range(-1, width // pitch + 1):
            x, y = column * pitch + (row % 3) * pitch // 3, row * pitch
            pen.rounded_rectangle((x + 4, y + 4, x + pitch - 4, y + pitch - 4), pitch // 8, fill=shade)
            letter = chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789;,./")
            pen.text((x + pitch // 4, y + pitch // 6), letter, fill=255 - shade, font_size=pitch // 2)
    return np.asarray(board.rotate(chance.gauss(0, 12), Image.Resampling.BILINEAR), dtype=np.float32)


def _wood(chance: random.Random, width: int, height: int) -> Plane:
    across, along = _grid(chance, width, height, 0.1)
    rings = across / chance.uniform(6, 30) + 2 * clouds(chance, width, height, 1.6) + 0.004 * along
    grain = np.sin(2 * np.pi * rings) + 0.5 * np.sin(2 * np.pi * rings * 2.7)
    return (chance.uniform(70, 170) + chance.uniform(8, 35) * grain).astype(np.float32)


def _cells(chance: random.Random, width: int, height: int) -> Plane:
    """Blocks of chance shades, such as a mosaic or pixels on a shirt: like a two-dimensional code."""
    cell = chance.uniform(6, 40)
    across, along = _grid(chance, width, height, 0.1)
    shades = np.random.default_rng(chance.getrandbits(32)).choice([30.0, 60.0, 160.0, 220.0], 8192)
    at = (np.floor(across / cell).astype(int) * 113 + np.floor(along / cell).astype(int)) % 8192
    return shades[at].astype(np.float32)


def _facade(chance: random.Random, width: int, height: int) -> Plane:
    across, along = _grid(chance, width, height, 0.05)
    wide, high = chance.uniform(14, 90), chance.uniform(20, 140)
    is_pane = (across % wide > wide * chance.uniform(0.2, 0.5)) & (
        along % high > high * chance.uniform(0.1, 0.4)
    )
    wall, pane = chance.uniform(120, 230), chance.uniform(10, 80)
    return (np.where(is_pane, pane, wall) + 8 * clouds(chance, width, height, 1.0)).astype(np.float32)


def _plain(chance: random.Random, width: int, height: int) -> Plane:
    base = 6 * clouds(chance, width, height, 1.2) + chance.uniform(40, 220)
    return base.astype(np.float32)


_GROUNDS: dict[str, Callable[[random.Random, int, int], Plane]] = {
    "cells": _cells, "cloth": _cloth, "facade": _facade, "grille": _grille, "keys": _keys, "plain": _plain,
    "print": _print, "shelf": _shelf, "stripes": _stripes, "tiles": _tiles, "wood": _wood, "world": _world,
}  # fmt: skip
