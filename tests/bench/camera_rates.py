"""Frames a second through the product's decoder, and how soon a card is read, beside the plain libraries.

Frames a second are real time, through the decoder's own process as in the device, from one thread. Times to
read count what each decoder costs in CPU time, so that a busy machine loses no frames for one and not for
another.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
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
_FILM_FRAMES, _FRAMES_PER_S, _FILM_SEEDS = 18, 10, (22, 23, 24, 25)


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

    The product needs what its agreement rule needs; a plain library is taken at its first word. A frame that
    comes while the last one is looked at is lost, as with a camera. A film that is never read counts as
    endless in the median; ``wrong`` counts films with a text that the card has not.
    """
    decoders: dict[str, Callable[[], _Look]] = {
        "comptoir": _through_votes,
        "zxing": lambda: lambda grey, _: {text for _, text in zxing(grey)},
        "pyzbar": lambda: lambda grey, _: {text for _, text in zbar(grey)},
    }
    lines = []
    for name in MODULE_MM:
        screenings: dict[str, list[_Screening]] = {decoder: [] for decoder in decoders}
        for condition in CONDITIONS:
            for seed in _FILM_SEEDS:
                shown = [_Screening(make()) for make in decoders.values()]
                _screen(film(name, condition, _SIZES["720p"], _FILM_FRAMES, seed), shown)
                for decoder, screening in zip(decoders, shown, strict=True):
                    screenings[decoder].append(screening)
        films = len(CONDITIONS) * len(_FILM_SEEDS)
        lines.append({"format": name, "films": films} | {key: _summary(of) for key, of in screenings.items()})
    return lines


_Look = Callable[[Grey, float], set[str]]
"""A frame and its time in; the texts that are believed now."""


def _through_votes() -> _Look:
    votes, eyes = FrameVotes(lambda text: False), FrameLook(COUNTER_FORMATS)

    def look(grey: Grey, at_s: float) -> set[str]:
        return {found.text or "" for found in votes.add(eyes(grey), at_s)}

    return look


@dataclass
class _Screening:
    """One film before one decoder."""

    look: _Look
    free_s: float = 0.0
    read_s: float | None = None
    is_wrong: bool = False

    def show(self, text: str, grey: Grey, at_s: float) -> None:
        """One frame; lost where the decoder still looks at one before."""
        if at_s < self.free_s or self.read_s is not None:
            return
        started_s = time.process_time()
        read = self.look(grey, at_s)
        self.free_s = at_s + time.process_time() - started_s
        self.is_wrong |= bool(read - {text})
        if text in read:
            self.read_s = self.free_s


def _screen(frames: Iterator[tuple[str, Grey]], shown: list[_Screening]) -> None:
    """The film as far as somebody has not read it; frames are dear to draw."""
    for number, (text, grey) in enumerate(frames):
        for screening in shown:
            screening.show(text, grey, number / _FRAMES_PER_S)
        if all(screening.read_s is not None for screening in shown):
            return


def _summary(screenings: list[_Screening]) -> dict[str, Any]:
    times = [inf if one.read_s is None else one.read_s for one in screenings]
    middle = median(times)
    return {
        "read": sum(time_s < inf for time_s in times),
        "wrong": sum(one.is_wrong for one in screenings),
        "median_s": round(middle, 2) if middle < inf else None,
    }
