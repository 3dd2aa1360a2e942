"""Finds duplicates among made-up people: recall at a precision of 0.995, seconds of processor time, peak memory.

Baseline: Splink with the comparisons its documentation recommends, trained by expectation and maximisation
on the same file, run by the Python that ``COMPTOIR_SPLINK_PYTHON`` names (or this one, where it has Splink).
Without Splink there are no ``baseline_…`` figures.
"""

import csv
import importlib.util
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.people import tables

_PERSONS = 5000
_SEED = 2026
_PRECISION = 0.995
_STYLES = {
    "australian": tables.AUSTRALIAN,
    "australian_without_id": tables.without(tables.AUSTRALIAN, "soc_sec_id"),
    "french": tables.FRENCH,
    "french_without_id": tables.without(tables.FRENCH, "reference"),
    "quebec_without_id": tables.without(tables.QUEBEC, "reference"),
    "scrambled": tables.SCRAMBLED,
}
Pairs = Sequence[tuple[int, int, float]]
"""Rows from 0 and a score, best first."""


def run(folder: Path) -> dict[str, Any]:
    """Measure; the figures of the line that is printed."""
    figures: dict[str, Any] = {"n": _PERSONS}
    for name, style in _STYLES.items():
        rows, truth = tables.table(replace(style, persons=min(_PERSONS, style.persons * 3)), _SEED)
        path = _written(folder / f"{name}.csv", rows)
        figures |= {f"{name}_{key}": value for key, value in _ours(path, truth).items()}
        python = _splink_python()
        if python is not None:
            theirs = _splink(python, path, truth, folder)
            figures |= {f"baseline_{name}_{key}": value for key, value in theirs.items()}
    return figures


def _ours(path: Path, truth: list[int]) -> dict[str, float]:
    command = [sys.executable, "-m", "comptoir", "duplicates", str(path), "--json"]
    told, _, _ = _measured([*command])
    everything, cpu_s, peak_mib = _measured([*command, "--threshold", "0.001"])
    right = sum(truth[one] == truth[other] for one, other, _ in _read(told))
    return {
        "recall": recall_at(_read(everything), truth),
        "told_precision": round(right / max(len(told), 1), 4),
        "told_recall": round(right / _true_pairs(truth), 4),
        "cpu_s": cpu_s,
        "peak_mib": peak_mib,
    }


def _splink(python: str, path: Path, truth: list[int], folder: Path) -> dict[str, float]:
    script = Path(__file__).with_name("splink_run.py")
    lines, cpu_s, peak_mib = _measured([python, str(script), str(path)], cwd=folder)
    return {"recall": recall_at(_read(lines), truth), "cpu_s": cpu_s, "peak_mib": peak_mib}


def recall_at(pairs: Pairs, truth: list[int], precision: float = _PRECISION) -> float:
    """The highest recall of any threshold that keeps the precision."""
    right, best = 0, 0
    for count, (one, other, score) in enumerate(pairs, 1):
        right += truth[one] == truth[other]
        is_last_of_score = count == len(pairs) or pairs[count][2] < score
        if is_last_of_score and right >= precision * count:
            best = right
    return round(best / _true_pairs(truth), 4)


def _true_pairs(truth: list[int]) -> int:
    return sum(count * (count - 1) // 2 for count in Counter(truth).values())


def _read(lines: list[str]) -> Pairs:
    pairs = []
    for line in lines:
        pair = json.loads(line)
        pairs.append((pair["rows"][0] - 1, pair["rows"][1] - 1, pair["score"]))
    return pairs


def _measured(command: list[str], cwd: Path | None = None) -> tuple[list[str], float, int]:
    """Lines of its output, processor seconds and peak memory of a command."""
    wrapped = [sys.executable, "-c", _WRAPPER, *command]
    done = subprocess.run(wrapped, capture_output=True, text=True, check=True, timeout=1800, cwd=cwd)
    *lines, last = done.stdout.splitlines()
    cpu_s, peak_kib = json.loads(last)
    return lines, round(cpu_s, 2), peak_kib // 1024


_WRAPPER = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stderr=subprocess.DEVNULL, check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss]), flush=True)
"""


def _splink_python() -> str | None:
    named = os.environ.get("COMPTOIR_SPLINK_PYTHON")
    if named:
        return named
    return sys.executable if importlib.util.find_spec("splink") is not None else None


def _written(path: Path, rows: list[tables.Row]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path
