"""Frames a second through the product's decoder, and how soon a card is read, beside the plain libraries.

Frames a second are real time, through the decoder's own process as in the device, from one thread. Times to
read count what each decoder costs in CPU time, so that a busy machine loses no frames for one and not for
another.
"""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from device.decoding.agreement import FrameVotes
from device.decoding.formats import COUNTER_FORMATS
from device.decoding.looks import FrameLook
from device.decoding.process import DecoderProcess
from tests.bench.photographs.album import Grey
from tests.bench.photographs.film import CONDITIONS, MODULE_MM, empty_film, film
from tests.bench.plain_libraries import zbar, zxing

_SIZES = {"720p": (1280, 720), "1080p": (1920, 1080)}
_FPS_FRAMES, _FPS_SEED = 6, 21
_ROUNDS = 4
_FILM_FRAMES, _FRAMES_PER_S, _FILM_SEED = 18, 10, 22


def run_fps(folder: Path) -> list[dict[str, Any]]:
    """Frames a second on one thread: of an empty shop, and with a card that comes nearer."""
    lines = []
    for name, size in _SIZES.items():
        decoder = DecoderProcess(COUNTER_FORMATS, size[0] * size[1])
        decoder.start()
        try:
            scenes = {
                "idle": list(empty_film(size, _FPS_FRAMES, _FPS_SEED)),
                "reading": [grey for _, grey in film("Code128", "clean", size, _FPS_FRAMES, _FPS_SEED)],
            }
            for scene, frames in scenes.items():
                rates = {
                    "comptoir": _rate(frames, decoder.look_at_frame),
                    "zxing": _rate(frames, zxing),
                    "pyzbar": _rate(frames, zbar),
                }
                lines.append({"size": name, "scene": scene, "frames_per_s": rates})
        finally:
            decoder.close()
    return lines


def _rate(frames: list[Grey], look: Callable[[Grey], object]) -> float:
    look(frames[0])
    started_s = time.perf_counter()
    for _ in range(_ROUNDS):
        for grey in frames:
            look(grey)
    return round(_ROUNDS * len(frames) / (time.perf_counter() - started_s), 1)


def run_time_to_read(folder: Path) -> list[dict[str, Any]]:
    """By code and decoder at 720p: films in which the card was read, and after how long in the median.

    The product needs what its agreement rule needs (two frames for an unsigned card); a plain library is
    taken at its first word. A frame that comes while the last one is looked at is lost, as with a camera.
    """
    lines = []
    for name in MODULE_MM:
        films = [list(film(name, one, _SIZES["720p"], _FILM_FRAMES, _FILM_SEED)) for one in CONDITIONS]
        times = {
            "comptoir": [_seconds(one, _through_votes()) for one in films],
            "zxing": [_seconds(one, lambda grey, _: {text for _, text in zxing(grey)}) for one in films],
            "pyzbar": [_seconds(one, lambda grey, _: {text for _, text in zbar(grey)}) for one in films],
        }
        lines.append({"format": name, "films": len(films)} | {key: _summary(of) for key, of in times.items()})
    return lines


def _through_votes() -> Callable[[Grey, float], set[str]]:
    votes, eyes = FrameVotes(lambda text: False), FrameLook(COUNTER_FORMATS)

    def look(grey: Grey, at_s: float) -> set[str]:
        return {found.text or "" for found in votes.add(eyes(grey), at_s)}

    return look


def _seconds(frames: list[tuple[str, Grey]], look: Callable[[Grey, float], set[str]]) -> float | None:
    """From the first frame until its text is known; None if it never is."""
    free_s = 0.0
    for number, (text, grey) in enumerate(frames):
        at_s = number / _FRAMES_PER_S
        if at_s < free_s:
            continue
        started_s = time.process_time()
        read = look(grey, at_s)
        free_s = at_s + time.process_time() - started_s
        if text in read:
            return free_s
    return None


def _summary(times: list[float | None]) -> dict[str, Any]:
    read = [one for one in times if one is not None]
    return {"read": len(read), "median_s": round(median(read), 2) if read else None}
