"""What a phone does to light: perspective and curved goods, blur with a shape, a sensor, a JPEG file."""

import io
import random

import numpy as np
from PIL import Image

from tests.bench.photographs.grounds import Plane, clouds

Kernel = np.ndarray


def place(
    chance: random.Random, label: Plane, box: tuple[int, int, int, int], scene: Plane, module_px: float,
    *, tilt: float, is_curved: bool, turn_rad: float, label_module_px: float,
) -> Plane:  # fmt: skip
    """The label held in the scene: scaled so that a module takes ``module_px`` at the code's middle."""
    height, width = scene.shape
    scale = label_module_px / module_px
    # The whole code fits in the picture, whatever way it is turned.
    wide, high = (box[2] - box[0]) / scale, (box[3] - box[1]) / scale
    cosine, sine = abs(np.cos(turn_rad)), abs(np.sin(turn_rad))
    scale *= max(
        (wide * cosine + high * sine) / (0.9 * width), (wide * sine + high * cosine) / (0.9 * height), 1.0
    )
    spread = 0.1 * min(width, height)
    x0, y0 = width / 2 + chance.gauss(0, spread), height / 2 + chance.gauss(0, spread)
    wide, high = (box[2] - box[0]) / scale, (box[3] - box[1]) / scale
    room_x = max(0.0, (0.95 * width - wide * cosine - high * sine) / 2)
    room_y = max(0.0, (0.95 * height - wide * sine - high * cosine) / 2)
    x0 = float(np.clip(x0, width / 2 - room_x, width / 2 + room_x))
    y0 = float(np.clip(y0, height / 2 - room_y, height / 2 + room_y))
    x, y = np.meshgrid(np.arange(width, dtype=np.float32) - x0, np.arange(height, dtype=np.float32) - y0)
    tilt_x, tilt_y = chance.gauss(0, tilt), chance.gauss(0, tilt)
    depth = 1 + (tilt_x * x + tilt_y * y) / (0.5 * max(width, height))
    right = (x * np.cos(turn_rad) + y * np.sin(turn_rad)) / depth
    below = (y * np.cos(turn_rad) - x * np.sin(turn_rad)) / depth
    shade = np.float32(1.0)
    if is_curved:
        # Wrapped round a can: upright or lying, the middle nearest.
        wide = (box[2] - box[0]) / scale
        radius = wide * chance.uniform(0.6, 1.2)
        part = np.clip(right / radius, -0.98, 0.98)
        shade = np.sqrt(1 - part * part) ** 0.5
        bow = below + 0.08 * chance.choice((-1, 1)) * radius * (1 - np.sqrt(1 - part * part))
        right, below = radius * np.arcsin(part), bow
    u = (box[0] + box[2]) / 2 + right * scale
    v = (box[1] + box[3]) / 2 + below * scale
    reduced, factor = label, 1.0
    while scale / factor >= 2 and min(reduced.shape) >= 4:
        high, wide_px = reduced.shape[0] // 2 * 2, reduced.shape[1] // 2 * 2
        reduced = reduced[:high, :wide_px].reshape(high // 2, 2, wide_px // 2, 2).mean(axis=(1, 3))
        factor *= 2
    u, v = u / factor - 0.5 / factor, v / factor - 0.5 / factor
    inside = (
        (u >= 0) & (v >= 0) & (u < reduced.shape[1] - 1.01) & (v < reduced.shape[0] - 1.01) & (depth > 0.2)
    )
    out = scene.copy()
    out[inside] = _between(reduced, u[inside], v[inside]) * (shade[inside] if is_curved else shade)
    return out


def _between(plane: Plane, u: np.ndarray, v: np.ndarray) -> np.ndarray:
    left, top = u.astype(np.intp), v.astype(np.intp)
    right_part, lower_part = (u - left).astype(np.float32), (v - top).astype(np.float32)
    flat, wide, at = plane.ravel(), plane.shape[1], top * plane.shape[1] + left
    upper = flat[at] * (1 - right_part) + flat[at + 1] * right_part
    lower = flat[at + wide] * (1 - right_part) + flat[at + wide + 1] * right_part
    return np.asarray(upper * (1 - lower_part) + lower * lower_part)


def disc(radius_px: float) -> Kernel:
    """Out of focus: the aperture's own shape."""
    reach = int(np.ceil(radius_px)) + 1
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    kernel = np.clip(radius_px + 0.5 - np.hypot(x, y), 0, 1)
    return np.asarray(kernel / kernel.sum())


def shake(chance: random.Random, length_px: float) -> Kernel:
    """A hand's path while the shutter is open: a bent line, lingering at one end."""
    reach = int(np.ceil(length_px)) + 2
    kernel = np.zeros((2 * reach + 1, 2 * reach + 1))
    turn, bend = chance.uniform(0, np.pi), chance.gauss(0, 0.6)
    for share in np.linspace(0, 1, 60) ** chance.choice((1.0, 1.6)):
        angle = turn + bend * (share - 0.5)
        x, y = (share - 0.5) * length_px * np.cos(angle), (share - 0.5) * length_px * np.sin(angle)
        left, top = int(np.floor(x)), int(np.floor(y))
        for down, right in ((0, 0), (0, 1), (1, 0), (1, 1)):
            part = (1 - abs(y - top - down)) * (1 - abs(x - left - right))
            kernel[reach + top + down, reach + left + right] += part
    return kernel / kernel.sum()


def blurred(plane: Plane, kernel: Kernel) -> Plane:
    """The plane through the kernel, its edges mirrored."""
    reach = kernel.shape[0] // 2
    padded = np.pad(plane, reach, mode="reflect")
    spectrum = np.fft.rfft2(padded) * np.fft.rfft2(kernel, padded.shape)
    whole = np.fft.irfft2(spectrum, padded.shape)
    return np.asarray(whole[2 * reach :, 2 * reach :], dtype=np.float32)


def lit(chance: random.Random, plane: Plane, *, shadow: bool, glare: bool) -> Plane:
    """Uneven light; a shadow's edge across; a lamp mirrored in the gloss."""
    height, width = plane.shape
    across, down = np.linspace(-1, 1, width)[None, :], np.linspace(-1, 1, height)[:, None]
    light = 1 + chance.uniform(-0.2, 0.2) * across + chance.uniform(-0.2, 0.2) * down
    if shadow:
        turn, at, soft = chance.uniform(0, 2 * np.pi), chance.uniform(-0.3, 0.3), chance.uniform(0.02, 0.2)
        side = (across * np.cos(turn) + down * np.sin(turn) - at) / soft
        light = light * (1 - chance.uniform(0.4, 0.75) / (1 + np.exp(-np.clip(side, -30, 30))))
    out = plane * light
    if glare:
        for _ in range(chance.randint(1, 3)):
            x, y, turn = chance.uniform(-0.5, 0.5), chance.uniform(-0.5, 0.5), chance.uniform(0, np.pi)
            right = (across - x) * np.cos(turn) + (down - y) * np.sin(turn)
            below = (down - y) * np.cos(turn) - (across - x) * np.sin(turn)
            spot = (right / chance.uniform(0.05, 0.35)) ** 2 + (below / chance.uniform(0.03, 0.15)) ** 2
            out = out + chance.uniform(80, 320) * np.exp(-(spot ** chance.choice((1.0, 2.0))))
    return np.asarray(out, dtype=np.float32)


def moire(chance: random.Random, plane: Plane) -> Plane:
    """A phone's screen before a sensor: its raster beats with the sensor's, its glass shines."""
    height, width = plane.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    bow = 5 * clouds(chance, width, height, 2.0) if min(height, width) > 8 else 0
    out = plane
    for _ in range(2):
        pitch, turn = chance.uniform(2.2, 14), chance.uniform(0, np.pi)
        wave = np.sin(2 * np.pi * (x * np.cos(turn) + y * np.sin(turn) + bow) / pitch)
        out = out * (1 + chance.uniform(0.05, 0.16) * wave)
    return np.asarray(out + chance.uniform(0, 25), dtype=np.float32)


def sensed(chance: random.Random, plane: Plane, light: float) -> np.ndarray:
    """What the sensor and its software make of it: noise, gain, sharpening, gamma. 8 bits, grey."""
    noise = np.random.default_rng(chance.getrandbits(32))
    full_well = chance.uniform(150, 900)  # electrons at white and full light: small pixels, old phones
    electrons = np.maximum(plane, 0) / 255 * full_well * light
    seen = noise.poisson(electrons) + noise.normal(0, 2.5, plane.shape)
    gain = 255 / full_well / max(light, chance.uniform(0.25, 0.5))
    out = (seen * gain).astype(np.float32)
    small = Image.fromarray(out)
    if chance.random() < 0.6:  # smoothed a little, then sharpened more than is good
        soft = _box3(np.asarray(small))
        softer = _box3(_box3(soft))
        share = chance.uniform(0.3, 1.0)
        out = out + share * (soft - out)
        out = out + chance.uniform(0.2, 1.2) * (out - softer)
    curve = chance.uniform(0.8, 1.15)
    out = 255 * np.clip(out / 255, 0, 1) ** curve
    return np.asarray(np.clip(out, 0, 255), dtype=np.uint8)


def _box3(plane: np.ndarray) -> np.ndarray:
    padded = np.pad(plane, 1, mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return np.asarray((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9)


def through_jpeg(chance: random.Random, grey: np.ndarray, quality: int) -> np.ndarray:
    """Tinted, stored as a colour JPEG with its chroma halved, and made grey again."""
    tint = np.array([chance.uniform(0.85, 1.0), chance.uniform(0.9, 1.0), chance.uniform(0.75, 1.0)])
    colour = (grey[:, :, None] * tint).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(colour).save(file, "JPEG", quality=quality, subsampling=2)
    file.seek(0)
    with Image.open(file) as picture:
        return np.ascontiguousarray(np.asarray(picture.convert("L"), dtype=np.uint8))
