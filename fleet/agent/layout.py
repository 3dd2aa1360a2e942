"""Where things lie on the device's update disk; one file system for all of it."""

from dataclasses import dataclass
from pathlib import Path

MAX_TRIES = 3
"""How often a release on trial is started; the launcher knows the same number."""


@dataclass(frozen=True)
class Layout:
    """All paths below one folder.

    ``current`` and ``trial`` are links to folders in ``releases``; the size of ``tries`` is how often the
    release on trial was started.
    """

    root: Path

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def blobs(self) -> Path:
        return self.root / "blobs"

    @property
    def current(self) -> Path:
        return self.root / "current"

    @property
    def previous(self) -> Path:
        """The release before the current one: a file that holds its name."""
        return self.root / "previous"

    @property
    def trial(self) -> Path:
        return self.root / "trial"

    @property
    def tries(self) -> Path:
        return self.root / "tries"

    @property
    def excused(self) -> Path:
        """Checks that failed before the trial already."""
        return self.root / "excused.json"

    @property
    def failed(self) -> Path:
        return self.root / "failed"

    @property
    def floor(self) -> Path:
        return self.root / "floor.json"

    @property
    def reports(self) -> Path:
        return self.root / "reports.json"

    @property
    def trusted(self) -> Path:
        """Signed metadata as last verified; lost without harm."""
        return self.root / "tuf"

    def release(self, release_id: str) -> Path:
        return self.releases / release_id

    def unfinished(self, release_id: str) -> Path:
        return self.releases / f"{release_id}.tmp"

    def blob(self, sha256: str) -> Path:
        return self.blobs / sha256

    def part(self, sha256: str) -> Path:
        return self.blobs / f"{sha256}.part"
