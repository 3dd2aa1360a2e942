"""The releases on the disk: which are complete, making one so, taking old ones away."""

from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from fleet.agent.disk import Disk
from fleet.agent.layout import Layout
from fleet.documents.release import Release

READY = "READY"
MANIFEST = "manifest.json"


class InstalledReleases:
    """The folder ``releases``. One thread."""

    def __init__(self, disk: Disk, layout: Layout) -> None:
        self._disk = disk
        self._layout = layout

    def ready(self) -> list[str]:
        """The complete releases, sorted by name."""
        return [name for name in self._disk.names(self._layout.releases) if self.is_ready(name)]

    def is_ready(self, release_id: str) -> bool:
        folder = self._layout.release(release_id)
        return not release_id.endswith(".tmp") and self._disk.exists(folder / READY)

    def unfinished(self) -> list[str]:
        """Releases whose installation was cut off."""
        names = self._disk.names(self._layout.releases)
        return [name.removesuffix(".tmp") for name in names if name.endswith(".tmp")]

    def manifest(self, release_id: str) -> Release | None:
        """A complete release's manifest; None where it is not there or not readable."""
        try:
            return Release.model_validate_json(self._disk.read(self._layout.release(release_id) / MANIFEST))
        except (OSError, ValidationError):
            return None

    def install(self, release: Release, manifest: bytes, build: Callable[[Path], None]) -> None:
        """Build a release and make it complete, or leave nothing that looks complete.

        Args:
            release: What is installed.
            manifest: Its signed bytes.
            build: Fills the folder it is given; its writes need not be durable.
        """
        unfinished, folder = self._layout.unfinished(release.id), self._layout.release(release.id)
        self._disk.remove_tree(unfinished)
        self._disk.remove_tree(folder)  # without READY, or it would not be built again
        self._disk.make_folder(unfinished)
        build(unfinished)
        self._disk.write(unfinished / MANIFEST, manifest)
        # Nothing below has reached the disk for sure: uv syncs nothing. Only then may it be called ready.
        self._disk.sync_all(unfinished)
        self._disk.write(unfinished / READY, release.id.encode())
        self._disk.sync_file(unfinished / READY)
        self._disk.sync_dir(unfinished)
        self._disk.rename(unfinished, folder)
        self._disk.sync_dir(self._layout.releases)

    def clean(self) -> None:
        """Take away what a cut-off installation left."""
        for name in self.unfinished():
            self._disk.remove_tree(self._layout.unfinished(name))

    def discard(self, release_id: str) -> None:
        """Take a release away that is no longer what it was."""
        folder = self._layout.release(release_id)
        # READY goes first and for sure: half a release must never look whole.
        self._disk.remove(folder / READY)
        self._disk.sync_dir(folder)
        self._disk.remove_tree(folder)

    def collect(self, keep: set[str], blobs: set[str]) -> list[str]:
        """Take away releases and blobs that nobody needs; the names of the releases that went."""
        gone = [name for name in self.ready() if name not in keep]
        for name in gone:
            self.discard(name)
        for name in self._disk.names(self._layout.releases):
            if name not in keep and not self.is_ready(name):
                self._disk.remove_tree(self._layout.releases / name)
        for name in self._disk.names(self._layout.blobs):
            if name.removesuffix(".part") not in blobs:
                self._disk.remove(self._layout.blobs / name)
        return gone
