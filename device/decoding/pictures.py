"""Still pictures from files, through the product's own decoder: what ``comptoir decode`` prints."""

import json
import time
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, TextIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from device.decoding.formats import ALL_FORMATS, COUNTER_FORMATS
from device.decoding.process import DecoderProcess
from device.decoding.zxing import Grey
from device.errors import DecoderError, PictureError

MOST_PIXELS = 50_000_000
_MOST_BYTES = 100 * 1024 * 1024


def decode_files(paths: Iterable[str | Path], all_formats: bool, out: TextIO) -> int:
    """Print one JSON line per picture: its codes, or why it could not be opened.

    Args:
        paths: Pictures of any kind that Pillow reads.
        all_formats: Read every format, not only ``formats.COUNTER_FORMATS``.
        out: Where the lines go.

    Returns:
        The exit status: 1 if any picture gave an error, else 0.
    """
    status = 0
    decoder = DecoderProcess(ALL_FORMATS if all_formats else COUNTER_FORMATS, MOST_PIXELS)
    try:
        decoder.start()
        for path in paths:
            line: dict[str, object] = {"file": str(path)}
            try:
                line |= _decode(decoder, Path(path))
            except (PictureError, DecoderError) as error:
                line["error"] = error.message
                status = 1
            print(json.dumps(line, ensure_ascii=False), file=out, flush=True)
    finally:
        decoder.close()
    return status


def _decode(decoder: DecoderProcess, path: Path) -> dict[str, object]:
    grey = open_grey(path)
    started_s = time.perf_counter()
    finds = decoder.look_at_still(grey)
    spent_ms = round((time.perf_counter() - started_s) * 1000, 1)
    codes = [{"format": found.format, "text": found.text} for found in finds if found.text is not None]
    refused = [{"format": found.format, "reason": "not_utf8"} for found in finds if found.text is None]
    return {"codes": codes, **({"refused": refused} if refused else {}), "ms": spent_ms}


def open_grey(path: Path) -> Grey:
    """The picture in a file as grey.

    Raises:
        PictureError: It cannot be read, is no picture, is damaged, or is too large.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise PictureError(f"the file has more than {_MOST_BYTES // 1024**2} MiB")
        with path.open("rb") as file:
            return grey_of(file)
    except OSError as error:
        raise PictureError(f"cannot be opened: {error.strerror or error}") from error


def grey_of(file: BinaryIO) -> Grey:
    """A picture as grey, upright as its EXIF data say, transparent parts white.

    Raises:
        PictureError: It is no picture, is damaged, or is too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata; the limits here are our own
            with Image.open(file) as picture:
                if not 0 < picture.width * picture.height <= MOST_PIXELS:
                    raise PictureError(f"{picture.width}x{picture.height} are too many pixels")
                picture.draft("L", None)  # of a JPEG file the brightness alone, in half the time
                return _to_grey(picture)
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        raise PictureError("no picture of a kind that is known") from error
    except Image.DecompressionBombError as error:
        raise PictureError("far too many pixels") from error
    except Exception as error:
        # OSError, ValueError, SyntaxError, struct's and zlib's: plug-ins do not promise a set of exceptions.
        raise PictureError(f"damaged picture: {error or type(error).__name__}") from error


def _to_grey(picture: Image.Image) -> Grey:
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith(("I", "F")):
        values = np.asarray(upright, dtype=np.float64)
        low, high = float(values.min()), float(values.max())
        return np.ascontiguousarray(((values - low) * (255.0 / ((high - low) or 1.0))).astype(np.uint8))
    if "A" in upright.getbands() or "transparency" in upright.info:
        upright = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    return np.ascontiguousarray(np.asarray(upright.convert("L"), dtype=np.uint8))
