"""A plausible grey scene with a picture held in front of the camera."""

import io

import numpy as np
import segno
from PIL import Image

from device.decoding.zxing import Grey

_FILL = 0.78
"""Share of the frame's height or width that a held-up picture takes."""

_TURN_DEG = 3.0
_NOISE_LEVELS = 3.0


def code_picture(text: str) -> Grey:
    """A QR code as a phone would show it: error correction M, four modules of quiet."""
    drawn = io.BytesIO()
    # Left to itself the library takes Latin-1 where that fits, and no reader could tell.
    encoding = None if text.isascii() else "utf-8"
    segno.make_qr(text, error="m", encoding=encoding).save(drawn, kind="png", scale=8, border=4)
    drawn.seek(0)
    with Image.open(drawn) as picture:
        return np.asarray(picture.convert("L"), dtype=np.uint8)


class Scene:
    """Draws frames of one size: the counter's edge, uneven light, and noise that differs between frames.

    Args:
        size: Width and height in pixels.
        seed: Of the noise; the same seed gives the same frames.
    """

    def __init__(self, size: tuple[int, int], seed: int = 7) -> None:
        width, height = size
        random = np.random.default_rng(seed)
        light = np.linspace(150, 105, height)[:, None] + np.linspace(-12, 12, width)[None, :]
        light[int(height * 0.8) :] -= 40
        self._empty = light.astype(np.float32)
        self._noises = [random.normal(0, _NOISE_LEVELS, (height, width)).astype(np.float32) for _ in range(4)]
        self._turn = 0

    def frame(self, held: Grey | None) -> Grey:
        """The next frame, with ``held`` (from :meth:`hold`) or empty."""
        self._turn = (self._turn + 1) % len(self._noises)
        picture = self._empty if held is None else held
        noisy: Grey = np.clip(picture + self._noises[self._turn], 0, 255).astype(np.uint8)
        return noisy

    def hold(self, picture: Grey) -> Grey:
        """The scene with a picture held in its middle, slightly turned, as a hand would hold it."""
        height, width = self._empty.shape
        scale = min(_FILL * width / picture.shape[1], _FILL * height / picture.shape[0])
        size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
        card = Image.fromarray(picture).resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        mask = Image.new("L", size, 255).rotate(_TURN_DEG, expand=True)
        card = card.rotate(_TURN_DEG, expand=True, resample=Image.Resampling.BICUBIC)
        scene = Image.fromarray(np.clip(self._empty, 0, 255).astype(np.uint8))
        scene.paste(card, ((width - card.width) // 2, (height - card.height) // 2), mask)
        return np.asarray(scene, dtype=np.uint8)
