"""Still pictures from files, through the product's own decoder: what ``comptoir decode`` prints."""

import json
import stat
import time
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, TextIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from device.decoding.formats import ALL_FORMATS, COUNTER_FORMATS
from device.decoding.picture_kinds import HEAD_BYTES, opened_kinds, why_not_opened
from device.decoding.process import DecoderProcess
from device.decoding.zxing import Grey
from device.errors import DecoderError, PictureError

MOST_PIXELS = 50_000_000
_MOST_BYTES = 100 * 1024 * 1024
_BAND_PX = 512
"""So many rows at a time are converted where several copies of them are needed: memory stays bounded."""


def decode_files(paths: Iterable[str | Path], all_formats: bool, out: TextIO) -> int:
    """Print one JSON line per picture: its codes, or why it could not be opened.

    Args:
        paths: Pictures of the kinds in ``picture_kinds``.
        all_formats: Read every format, not only ``formats.COUNTER_FORMATS``.
        out: Where the lines go.

    Returns:
        The exit status: 1 if any picture gave an error, else 0.

    Raises:
        OSError: A line could not be written.
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
            print(_written(line, out.encoding), file=out, flush=True)
    finally:
        decoder.close()
    return status


def _written(line: dict[str, object], encoding: str | None) -> str:
    """The line as JSON; all that is not ASCII escaped where the reader's character set lacks some of it."""
    text = json.dumps(line, ensure_ascii=False)
    try:
        text.encode(encoding or "utf-8")
    except UnicodeEncodeError:  # or a file's name is no text at all
        return json.dumps(line)
    return text


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
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise PictureError("no file: a folder, a pipe or a device")
        if status.st_size > _MOST_BYTES:
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
            with Image.open(file, formats=opened_kinds()) as picture:
                if not 0 < picture.width * picture.height <= MOST_PIXELS:
                    raise PictureError(f"{picture.width}x{picture.height} are too many pixels")
                picture.draft("L", None)  # of a JPEG file the brightness alone, in half the time
                return _to_grey(picture)
    except PictureError:
        raise
    except UnidentifiedImageError as error:
        file.seek(0)
        raise PictureError(why_not_opened(file.read(HEAD_BYTES))) from error
    except Image.DecompressionBombError as error:
        raise PictureError("far too many pixels") from error
    except Exception as error:
        # OSError, ValueError, SyntaxError, struct's and zlib's: plug-ins do not promise a set of exceptions.
        raise PictureError(f"damaged picture: {error or type(error).__name__}") from error


def _to_grey(picture: Image.Image) -> Grey:
    ImageOps.exif_transpose(picture, in_place=True)
    if picture.mode.startswith(("I", "F")):
        low, high = (float(value) for value in picture.getextrema())  # type: ignore[arg-type]
        scale = 255.0 / ((high - low) or 1.0)

        def grey_of_band(band: Image.Image) -> Image.Image:
            values = (np.asarray(band, dtype=np.float64) - low) * scale
            return Image.fromarray(np.nan_to_num(values).clip(0, 255).astype(np.uint8))

    elif "A" in picture.getbands() or "transparency" in picture.info:

        def grey_of_band(band: Image.Image) -> Image.Image:
            clear = band.convert("RGBA")
            return Image.alpha_composite(Image.new("RGBA", clear.size, "white"), clear).convert("L")

    else:
        return np.ascontiguousarray(np.asarray(picture.convert("L"), dtype=np.uint8))
    grey = np.empty((picture.height, picture.width), dtype=np.uint8)
    for top in range(0, picture.height, _BAND_PX):
        bottom = min(top + _BAND_PX, picture.height)
        grey[top:bottom] = np.asarray(grey_of_band(picture.crop((0, top, picture.width, bottom))))
    return grey
