"""Grey pictures of codes for tests, drawn by segno and zxing-cpp's writer."""

import io

import numpy as np
import segno
import zxingcpp
from PIL import Image, ImageFilter

_FORMATS = {name: getattr(zxingcpp.BarcodeFormat, name) for name in (
    "Code128", "Code39", "Code93", "Codabar", "ITF", "EAN8", "EAN13", "UPCA", "UPCE", "DataMatrix", "Aztec", "PDF417"
)}  # fmt: skip


def qr(content, scale=4, encoding=None, eci=False):
    """A QR code of a text or of raw bytes."""
    drawn = io.BytesIO()
    code = segno.make_qr(
        content,
        error="m",
        mode="byte" if encoding or isinstance(content, bytes) else None,
        encoding=encoding,
        eci=eci,
    )
    code.save(drawn, kind="png", scale=scale, border=4)
    drawn.seek(0)
    return np.array(Image.open(drawn).convert("L"))


def barcode(name, text, scale=3):
    """Any other code."""
    pixels = np.array(zxingcpp.create_barcode(text, _FORMATS[name]).to_image(scale=scale))
    if name not in {"DataMatrix", "Aztec", "PDF417"}:
        pixels = np.repeat(pixels[pixels.shape[0] // 2][None], 140, axis=0)
    return np.pad(pixels, 30, constant_values=255)


def placed(code, size=(640, 480), turn_deg=0.0, blur_px=0.0, noise=0.0, brightness=1.0, seed=1):
    """The code on a grey scene: turned, out of focus, noisy, dim."""
    width, height = size
    scene = Image.new("L", size, 120)
    card = Image.fromarray(code)
    mask = Image.new("L", card.size, 255).rotate(turn_deg, expand=True)
    card = card.rotate(turn_deg, expand=True, resample=Image.Resampling.BICUBIC)
    scene.paste(card, ((width - card.width) // 2, (height - card.height) // 2), mask)
    if blur_px:
        scene = scene.filter(ImageFilter.GaussianBlur(blur_px))
    pixels = np.asarray(scene, dtype=np.float64) * brightness
    pixels += np.random.default_rng(seed).normal(0, noise, pixels.shape) if noise else 0
    return np.clip(pixels, 0, 255).astype(np.uint8)
