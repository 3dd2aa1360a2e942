"""Which release runs: arm a trial, commit it by one rename, or go back to what ran before.

``current`` never points at a release that was not proved by a trial.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from fleet.agent.disk import Disk, write_durably
from fleet.agent.layout import MAX_TRIES, Layout

_LONGEST_LOG = 4096


@dataclass(frozen=True)
class Failure:
    """Why a release was given up on this device."""

    release: str
    reason: str
    tries: int
    log: str = ""


class Switch:
    """The links ``current`` and ``trial`` and what belongs to them. One thread."""

    def __init__(self, disk: Disk, layout: Layout) -> None:
        self._disk = disk
        self._layout = layout

    @property
    def current(self) -> str | None:
        """The release that runs when nothing is on trial."""
        return _name(self._disk.link(self._layout.current))

    @property
    def trial(self) -> str | None:
        """The release on trial."""
        return _name(self._disk.link(self._layout.trial))

    @property
    def previous(self) -> str | None:
        """The release that ran before the current one."""
        try:
            return self._disk.read(self._layout.previous).decode("ascii", "replace").strip() or None
        except OSError:
            return None

    @property
    def tries(self) -> int:
        """How often the release on trial was started."""
        try:
            return self._disk.size(self._layout.tries)
        except OSError:
            return 0

    @property
    def is_exhausted(self) -> bool:
        return self.tries >= MAX_TRIES

    def first(self, release_id: str) -> None:
        """Make a release current on a device that has none."""
        self._point(self._layout.current, release_id)

    def arm(self, release_id: str) -> None:
        """Let the next start be a trial of this release. Durable when it returns."""
        self._disk.write(self._layout.tries, b"")
        self._disk.sync_file(self._layout.tries)
        self._point(self._layout.trial, release_id)

    def give_back_try(self) -> None:
        """A clean stop in the middle of a trial is no failure of the release."""
        if self.tries:
            self._disk.write(self._layout.tries, b"." * (self.tries - 1))
            self._disk.sync_file(self._layout.tries)

    def commit(self) -> None:
        """The release on trial becomes the current one. Durable when it returns; only then is it told."""
        before = self.current
        if before is not None and before != self.trial:
            write_durably(self._disk, self._layout.previous, before.encode())
        self._disk.rename(self._layout.trial, self._layout.current)
        self._disk.sync_dir(self._layout.root)

    def roll_back(self, failure: Failure) -> None:
        """End the trial and remember why, so that it is not tried again."""
        self.remember(failure)
        self._disk.remove(self._layout.trial)
        self._disk.sync_dir(self._layout.root)

    def remember(self, failure: Failure) -> None:
        """Write down why a release does not run here."""
        self._disk.make_folder(self._layout.failed)
        record = {
            "release": failure.release,
            "reason": failure.reason,
            "tries": failure.tries,
            "log": failure.log[-_LONGEST_LOG:],
        }
        write_durably(
            self._disk, self._layout.failed / f"{failure.release}.json", json.dumps(record).encode()
        )

    def failure(self, release_id: str) -> Failure | None:
        """Why a release was given up; None where it was not."""
        path = self._layout.failed / f"{release_id}.json"
        if not self._disk.exists(path):
            return None
        try:
            return Failure(**json.loads(self._disk.read(path)))
        except (ValueError, TypeError, OSError):
            return Failure(release_id, "unreadable record", MAX_TRIES)

    def failures(self) -> list[Failure]:
        """Every release that was given up on this device."""
        names = [name for name in self._disk.names(self._layout.failed) if name.endswith(".json")]
        found = (self.failure(name.removesuffix(".json")) for name in names)
        return [each for each in found if each is not None]

    def forgive(self, release_id: str) -> None:
        """Let a release be tried again."""
        self._disk.remove(self._layout.failed / f"{release_id}.json")

    def fall_back(self) -> str | None:
        """Point ``current`` at the release before; its name, or None where there is none."""
        before = self.previous
        if before is None or before == self.current:
            return None
        self._point(self._layout.current, before)
        return before

    def _point(self, link: Path, release_id: str) -> None:
        fresh = link.with_name(f"{link.name}.new")
        self._disk.remove(fresh)
        self._disk.make_link(fresh, f"{self._layout.releases.name}/{release_id}")
        self._disk.rename(fresh, link)
        self._disk.sync_dir(self._layout.root)


def _name(link: str | None) -> str | None:
    return link.rpartition("/")[2] if link is not None else None
