"""Pictures that somebody has looked at and accepted, and how far a new one may differ from them.

What is kept is a quarter of the size in each direction: small, and without the pixels at the edges of
letters in which two versions of the graphics library differ. A missing icon or a line of text that moved
by a few pixels still changes whole areas of it.
"""

import io
from pathlib import Path

from PIL import Image, ImageChops, ImageFilter

ACCEPTED = Path("tests") / "ui" / "kiosk" / "accepted"
ACCEPTED_SIZES = ("800x480", "480x800", "1280x800")
ACCEPTED_LANGUAGES = ("fr", "ar")
_WIDTH = 240
_TONES = 16
"""Distance of the tones that are kept: what a file need not hold of gradients and soft edges."""

_MOST_APART = 28
"""Of 255, in the brightest difference of any colour after a light blur."""


def reduced(picture: bytes | Path) -> Image.Image:
    """The small form of a PNG file in which pictures are kept and compared."""
    with Image.open(io.BytesIO(picture) if isinstance(picture, bytes) else picture) as image:
        colours = image.convert("RGB")
    width = min(_WIDTH, colours.width)
    small = colours.resize((width, round(colours.height * width / colours.width)), Image.Resampling.BOX)
    return small.point(lambda tone: min(255, (tone + _TONES // 2) // _TONES * _TONES))


def difference(accepted: Image.Image, new: Image.Image) -> int:
    """How far apart two small pictures are at their worst place; 255 where their sizes differ."""
    if accepted.size != new.size:
        return 255
    blurred = [image.convert("RGB").filter(ImageFilter.GaussianBlur(1)) for image in (accepted, new)]
    return max(high for _, high in ImageChops.difference(*blurred).getextrema())  # type: ignore[misc]


def is_same(accepted: Image.Image, new: Image.Image) -> bool:
    return difference(accepted, new) <= _MOST_APART


def accept(shots: Path, size: str) -> None:
    """Keep the pictures of a size, replacing those that look different."""
    folder = ACCEPTED / size
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(shots.glob("*.png")):
        if path.stem.rpartition("-")[2] not in ACCEPTED_LANGUAGES:
            continue
        new, kept = reduced(path), folder / path.name
        if kept.is_file():
            with Image.open(kept) as old:
                if difference(old, new) <= _MOST_APART // 4:
                    continue
        new.save(kept, optimize=True)
