"""All pictures of a size on one: a row for each scene, a column for each language."""

from pathlib import Path

from PIL import Image, ImageDraw

_CELL_WIDTH = {True: 400, False: 240}
_GAP = 10
_CAPTION = 20


def contact_sheet(folder: Path, out: Path) -> None:
    """Paste ``<scene>-<language>.png`` of a folder into one picture; nothing where there are none."""
    found: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.glob("*.png")):
        scene, _, language = path.stem.rpartition("-")
        found.setdefault(scene, {})[language] = path
    if not found:
        return
    languages = sorted({language for paths in found.values() for language in paths}, key=_order)
    with Image.open(next(iter(next(iter(found.values())).values()))) as first:
        width = _CELL_WIDTH[first.width > first.height]
        cell = (width, round(first.height * width / first.width))
    sheet = Image.new(
        "RGB",
        (len(languages) * (cell[0] + _GAP) + _GAP, len(found) * (cell[1] + _GAP + _CAPTION) + _GAP),
        "#888888",
    )
    draw = ImageDraw.Draw(sheet)
    for row, (scene, paths) in enumerate(found.items()):
        y = _GAP + row * (cell[1] + _GAP + _CAPTION)
        for language, path in paths.items():
            x = _GAP + languages.index(language) * (cell[0] + _GAP)
            with Image.open(path) as picture:
                sheet.paste(picture.convert("RGB").resize(cell, Image.Resampling.LANCZOS), (x, y))
            draw.text((x, y + cell[1] + 4), f"{scene} {language}", fill="white")
    sheet.save(out)


def _order(language: str) -> tuple[int, str]:
    usual = ("fr", "en", "es", "ar")
    return (usual.index(language) if language in usual else len(usual), language)
