"""Starts the reading process for one piece of work and waits for what it found."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import checkout
from checkout.errors import ImportFileError
from checkout.imports.prepared import SUMMARY_FILE

LIMIT_S = 20 * 60.0
"""So long a sheet of the largest size takes on a small machine, several times over."""
_LOOKED_EVERY_S = 0.1
NO_ROOM = {"fault": "no_room"}


def run_child(
    kind: str, folder: Path, order: bytes, stopping: threading.Event, limit_s: float = LIMIT_S
) -> dict[str, Any] | None:
    """The answer of one piece of work; None where the station stops meanwhile.

    Args:
        kind: ``read`` or ``check``.
        folder: The import's.
        order: What the process is told on its standard input.
        stopping: Ends the process.
        limit_s: After so long the file counts as one that cannot be read.

    Raises:
        ImportFileError: The process found no file, died or took too long.
    """
    child = subprocess.Popen(  # noqa: S603 - our own module, fixed arguments
        [sys.executable, "-m", "checkout.imports.child", kind, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": _search_path()},
    )
    with child:
        try:
            if not _feed(child, order) or not _wait(child, stopping, limit_s):
                return None
        finally:
            if child.poll() is None:
                child.kill()
    return _answer(child.returncode, folder)


def _feed(child: "subprocess.Popen[bytes]", order: bytes) -> bool:
    if child.stdin is None:
        return False
    try:
        child.stdin.write(order)
        child.stdin.close()
    except BrokenPipeError:  # it died; its exit status tells
        pass
    return True


def _wait(child: "subprocess.Popen[bytes]", stopping: threading.Event, limit_s: float) -> bool:
    waited_s = 0.0
    while child.poll() is None:
        if stopping.wait(_LOOKED_EVERY_S):
            return False
        waited_s += _LOOKED_EVERY_S
        if waited_s > limit_s:
            raise ImportFileError("reading the sheet took too long", limit_s=limit_s)
    return True


def _answer(status: int, folder: Path) -> dict[str, Any]:
    if status == os.EX_CANTCREAT:
        return NO_ROOM
    if status != 0:
        raise ImportFileError("the process that reads sheets failed", status=status)
    try:
        answer: dict[str, Any] = json.loads((folder / SUMMARY_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ImportFileError("the process that reads sheets left no answer") from error
    return answer


def _search_path() -> str:
    """Where the child finds this package, also when it runs from a source tree elsewhere."""
    here = str(Path(checkout.__file__).resolve().parents[1])
    return os.pathsep.join(part for part in (here, os.environ.get("PYTHONPATH", "")) if part)
