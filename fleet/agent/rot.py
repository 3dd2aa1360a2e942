"""The weekly look at the running release: cards of memory lose bits without a word.

READY says that a release was whole once. The digests that each wheel carries in its RECORD say whether it
still is.
"""

import base64
import csv
import hashlib
import logging
from pathlib import Path

from fleet.agent.layout import Layout
from fleet.agent.updater import Updater
from runtime.clock import Clock

_log = logging.getLogger(__name__)

EVERY_S = 7 * 24 * 3600.0


class RotWatch:
    """Looks once a week of running, and first an hour after the start. One thread."""

    def __init__(
        self, layout: Layout, clock: Clock, every_s: float = EVERY_S, first_s: float = 3600.0
    ) -> None:
        self._layout = layout
        self._clock = clock
        self._every_s = every_s
        self._due_s = clock.monotonic_s() + first_s

    def is_due(self) -> bool:
        return self._clock.monotonic_s() >= self._due_s

    def is_sound(self, updater: Updater) -> bool:
        """Whether the running release is as its wheels were; the next look is a week away."""
        self._due_s = self._clock.monotonic_s() + self._every_s
        if updater.running is None:
            return True
        changed = changed_files(self._layout.release(updater.running))
        if changed:
            _log.error("installed files changed", extra={"count": len(changed), "first": changed[0]})
        return not changed


def changed_files(release: Path) -> list[str]:
    """Files below a release's environment that are not what their wheel's RECORD says."""
    changed: list[str] = []
    for record in sorted(release.glob("venv/lib/python3.*/site-packages/*.dist-info/RECORD")):
        site = record.parent.parent
        try:
            rows = list(csv.reader(record.read_text(encoding="utf-8").splitlines()))
        except (OSError, UnicodeDecodeError, csv.Error):
            changed.append(record.name)
            continue
        changed += [
            row[0] for row in rows if len(row) == 3 and row[1] and not _is_same(site / row[0], row[1])
        ]
    return changed


def _is_same(path: Path, recorded: str) -> bool:
    kind, _, digest = recorded.partition("=")
    if kind != "sha256":
        return True
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").digest()
    except OSError:
        return False
    return base64.urlsafe_b64encode(found).decode("ascii").rstrip("=") == digest
