"""Where the files of an archive belong on this machine: keys, what profiles hold, configuration."""

import os
import shutil
from pathlib import Path

from checkout.configuration import CheckoutSettings
from comptoir.backup.archive import sync_folder
from comptoir.backup.make import ATTACHMENTS, KEYS, key_files
from comptoir.errors import BackupError

_CREDENTIALS = "CREDENTIALS_DIRECTORY"
_PART = ".restoring"


def keys_to_put(settings: CheckoutSettings, keys_folder: Path, staged: Path) -> dict[Path, Path]:
    """Where each key belongs; those that are there already are left out.

    Raises:
        BackupError: The archive lacks one, or another is there.
    """
    found: dict[Path, Path] = {}
    credentials = Path(os.environ.get(_CREDENTIALS, "/run/credentials/none"))
    for name, configured in key_files(settings).items():
        source = staged / KEYS / name
        inside = configured.is_relative_to(credentials)
        target = keys_folder / configured.name.removeprefix("station_") if inside else configured
        if not source.exists():
            raise BackupError(f"the archive holds no {name}")
        if not target.exists():
            found[target] = source
        elif target.read_bytes() != source.read_bytes():
            raise BackupError(f"{target} is another key than the back-up's: move it away")
    return found


def place_files(settings: CheckoutSettings, staged: Path, keys: dict[Path, Path]) -> None:
    """Put keys and the files of profiles in their places, safely on the disk.

    Raises:
        OSError: One cannot be written.
    """
    for target, source in keys.items():
        place(source, target)
    files = staged / ATTACHMENTS
    for path in sorted(files.rglob("*")) if files.is_dir() else ():
        if path.is_file():
            place(path, settings.attachments / path.relative_to(files))
    if settings.attachments.is_dir():
        for path in (settings.attachments, *settings.attachments.rglob("*")):
            own(path, settings.messages_folder.parent)
    own(settings.messages_folder, settings.messages_folder.parent)


def place(source: Path, target: Path) -> None:
    """Put one file in its place, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}{_PART}")
    try:
        shutil.copyfile(source, part)
        part.chmod(0o600)
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        own(part, target.parent)
        part.replace(target)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    sync_folder(target.parent)


def own(path: Path, folder: Path) -> None:
    """Root restores, the station's own user reads: a file belongs to whoever its folder belongs to."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(path, owner.st_uid, owner.st_gid)
