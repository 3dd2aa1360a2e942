"""Every scene in every language and size: nothing cut off or out of reach, and as it was accepted.

``make accept`` takes the pictures as they are now, after somebody has looked at them (``make shots``).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tools.accepted import ACCEPTED, ACCEPTED_LANGUAGES, ACCEPTED_SIZES, difference, is_same, reduced
from tools.scenes import SCENES
from tools.shots import SIZES
from tools.shots_window import LANGUAGES

_LONGEST_S = 580


@pytest.mark.timeout(600)
@pytest.mark.parametrize("size", SIZES)
def test_every_state_is_laid_out_in_every_language_and_looks_as_accepted(size: str, tmp_path: Path) -> None:
    # part of rows 189, 190
    drawn = ",".join(ACCEPTED_LANGUAGES if size in ACCEPTED_SIZES else ())
    done = subprocess.run(
        [sys.executable, "-m", "tools.shots_window", size, f"--into={tmp_path}", f"--drawn={drawn}"],
        env={**os.environ, "SDL_VIDEODRIVER": "offscreen"},
        capture_output=True,
        text=True,
        timeout=_LONGEST_S,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert len(LANGUAGES) == 4
    if size in ACCEPTED_SIZES:
        assert told_by_colour_alone(tmp_path, "fr") == []
        assert apart_from_accepted(size, tmp_path) == {}, (
            "look at make shots; run make accept if it is as wanted"
        )


def apart_from_accepted(size: str, drawn: Path) -> dict[str, int]:
    """The names of the pictures that look otherwise than they were accepted, with how far."""
    names = {f"{scene.name}-{language}.png" for scene in SCENES for language in ACCEPTED_LANGUAGES}
    kept = {path.name for path in (ACCEPTED / size).glob("*.png")}
    assert kept <= names, "a scene has gone: delete its pictures"
    # A new scene is compared once somebody has looked at it and accepted it.
    assert len(kept) > 0.9 * len(names), "run make accept, and look at what it adds"
    apart: dict[str, int] = {}
    for name in sorted(kept):
        new = reduced(drawn / name)
        with Image.open(ACCEPTED / size / name) as accepted:
            if not is_same(accepted, new):
                apart[name] = difference(accepted, new)
    return apart


TOLD_APART = (
    ("consent", "consent-ticked"), ("consent", "consent-storing"), ("phone-part", "phone-wrong"),
    ("idle", "idle-offline"), ("idle", "idle-paused"), ("idle", "training"), ("welcome", "welcome-used"),
    ("welcome", "welcome-pending"), ("welcome", "welcome-refused"), ("scan", "scan-reading"),
    ("thanks", "problem"), ("recognised", "not-recognised"), ("code", "code-wrong"), ("code", "code-locked"),
    ("languages", "languages-eased"), ("staff-code", "staff-code-closed"), ("staff", "staff-layout"),
    ("pairing-accepted", "pairing-refused"), ("sale", "sale-discount"), ("paid", "paid-plain"),
)  # fmt: skip
"""States of which one must not be taken for the other."""

# Linear mixes of red, green and blue as they look without the cones for middle waves (Viénot 1999, rounded).
DEUTERANOPIA = (0.29, 0.71, 0, 0, 0.29, 0.71, 0, 0, -0.02, 0.02, 1, 0)


def told_by_colour_alone(drawn: Path, language: str) -> list[str]:
    """Pairs of states that have the same words and icons, or look alike in grey or without red and green."""
    signs = json.loads((drawn / "signs.json").read_text(encoding="utf-8"))
    found = []
    for one, other in TOLD_APART:
        names = [f"{name}-{language}" for name in (one, other)]
        looks = [reduced(drawn / f"{name}.png") for name in names]
        same = signs[names[0]] == signs[names[1]]
        for seen in (
            [look.convert("L") for look in looks],
            [look.convert("RGB", DEUTERANOPIA) for look in looks],
        ):
            same = same or is_same(*seen)
        if same:
            found.append(f"{one} and {other}")
    return found


def picture(*, moved_px: int = 0, icon: bool = True, soft: bool = False) -> bytes:
    """A screen with a button, a line of text as bars, and an icon; ``soft`` as another library smooths edges."""
    import io

    scale = 4 if soft else 1
    image = Image.new("RGB", (800 * scale, 480 * scale), "#FAF6EE")
    draw = ImageDraw.Draw(image)
    box = (40, 380, 260, 440)
    draw.rounded_rectangle([side * scale for side in box], 30 * scale, fill="#0C4A3E")
    for at in range(12):
        left = 44 + at * 22 + moved_px
        draw.rectangle([side * scale for side in (left, 100, left + 12, 124)], fill="#17211E")
    if icon:
        draw.ellipse([side * scale for side in (700, 40, 722, 62)], outline="#17211E", width=2 * scale)
    file = io.BytesIO()
    (image.resize((800, 480), Image.Resampling.BOX) if soft else image).save(file, "PNG")
    return file.getvalue()


def test_smoother_edges_are_the_same_picture_and_a_moved_or_missing_thing_is_not() -> None:
    accepted = reduced(picture())

    assert is_same(accepted, reduced(picture(soft=True)))
    assert not is_same(accepted, reduced(picture(moved_px=4)))
    assert not is_same(accepted, reduced(picture(icon=False)))
