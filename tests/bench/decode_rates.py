"""How many drawn hard pictures are read, beside plain pyzbar and plain zxing-cpp on the same ones.

The product's decoder is the one behind ``comptoir decode --all-formats``, here in this process. Pictures
in which nothing is written count towards ``wrong`` only.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from device.decoding.formats import ALL_FORMATS
from device.decoding.looks import StillLook
from tests.bench.photographs.album import Grey, Photograph, empty_photographs, photographs
from tests.bench.plain_libraries import Reads, zbar, zxing

_EACH = int(os.environ.get("COMPTOIR_BENCH_PICTURES", "20"))
_SEED = 3
"""Of pictures that nothing was developed on."""


def run(folder: Path) -> dict[str, Any]:
    """Measure; by format: pictures, and read, wrong and mean process CPU ms by decoder."""
    look = StillLook(ALL_FORMATS)
    decoders: dict[str, Callable[[Grey], Reads]] = {
        "comptoir": lambda grey: {(found.format, found.text or "") for found in look(grey)},
        "zxing": zxing,
        "pyzbar": zbar,
    }
    figures: dict[str, dict[str, Any]] = {}
    look(np.full((480, 640), 128, dtype=np.uint8))
    pictures = [*photographs(_EACH, _SEED), *empty_photographs(2 * _EACH, _SEED)]
    for picture in pictures:
        of_format = figures.setdefault(picture.format, {"pictures": 0})
        of_format["pictures"] += 1
        for name, decoder in decoders.items():
            tally = of_format.setdefault(name, {"read": 0, "wrong": 0, "cpu_ms": 0.0})
            started_s = time.process_time()
            reads = decoder(picture.grey)
            tally["cpu_ms"] += (time.process_time() - started_s) * 1000
            _count(picture, reads, tally)
    for of_format in figures.values():
        for name in decoders:
            of_format[name]["cpu_ms"] = round(of_format[name]["cpu_ms"] / of_format["pictures"], 1)
    total_ms = {
        name: round(sum(one[name]["cpu_ms"] * one["pictures"] for one in figures.values()) / len(pictures), 1)
        for name in decoders
    }
    return {"mean_cpu_ms": total_ms, "by_format": figures}


def _count(picture: Photograph, reads: Reads, tally: dict[str, Any]) -> None:
    """Texts count, whatever a library calls the format; a UPC-A with its leading 0 is right too."""
    right = {picture.text, "0" + picture.text} if picture.format == "UPCA" else {picture.text}
    texts = {text for _, text in reads}
    tally["read"] += int(bool(texts & right) and picture.text != "")
    tally["wrong"] += int(bool(texts - right))
