"""Make a back-up while the station goes on (``comptoir backup``)."""

import contextlib
import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from checkout.backup_record import LastBackup
from checkout.configuration import BackupSettings, CheckoutSettings
from comptoir.backup.archive import write_archive
from comptoir.backup.database_copy import copy_database, kind_of
from comptoir.backup.manifest import Manifest, packed
from comptoir.errors import BackupError
from runtime.clock import Clock

STAGING = ".backup-"
ATTACHMENTS, KEYS = "attachments", "keys"
CONFIGURATION, ERASURES = "comptoir.toml", "erased.txt"


def key_files(settings: CheckoutSettings) -> dict[str, Path]:
    """What the shop's cards and devices depend on, by the name in the archive."""
    files = {"seal.key": settings.seal_key_file, "cards.key": settings.card_signing_key_file}
    if settings.card_verification_keys_file is not None:
        files["card_verification.pub"] = settings.card_verification_keys_file
    return files


def make_backup(settings: CheckoutSettings, configuration: Path, clock: Clock) -> LastBackup:
    """Write one archive to the configured folder; older ones beyond the number to keep go.

    Raises:
        BackupError: There is no place for it, or something of it cannot be read; no archive is left half.
    """
    wanted, record = settings.backup, settings.backup_record
    if wanted is None or record is None:
        raise BackupError("there is no [checkout.backup] in the configuration: set folder and recipient")
    if not wanted.folder.is_dir():
        raise BackupError(f"{wanted.folder} is not there: plug the disk in, or set another folder")
    with _one_at_a_time(settings.messages_folder.parent) as staged:
        last = _make(settings, wanted, configuration, staged, clock.now())
        record.note(last)
        _drop_old(wanted, settings.store)
        return last


def _make(
    settings: CheckoutSettings,
    wanted: BackupSettings,
    configuration: Path,
    staged: Path,
    now: datetime,
) -> LastBackup:
    try:
        schema = copy_database(settings.database_url, staged)
        _copy_files(settings, configuration, staged)
    except OSError as error:
        raise BackupError(f"the back-up cannot be prepared: {error}") from error
    found = sorted(path for path in staged.rglob("*") if path.is_file())
    manifest = Manifest(
        made_at=now,
        program=version("comptoir"),
        schema_version=schema,
        store=settings.store,
        database="postgresql" if kind_of(settings.database_url) == "postgresql" else "sqlite",
        files=tuple(packed(str(path.relative_to(staged)), path) for path in found),
    )
    target = wanted.folder / f"comptoir-{settings.store}-{now:%Y%m%dT%H%M%SZ}.age"
    with contextlib.suppress(OSError):
        for left in wanted.folder.glob(f"comptoir-{settings.store}-*.age.part"):  # of one that was killed
            left.unlink()
    write_archive(staged, manifest, wanted.recipient, target)
    return LastBackup(now, target.name, target.stat().st_size)


def _copy_files(settings: CheckoutSettings, configuration: Path, staged: Path) -> None:
    (staged / KEYS).mkdir()
    for name, path in key_files(settings).items():
        shutil.copyfile(path, staged / KEYS / name)
    shutil.copyfile(configuration, staged / CONFIGURATION)
    if settings.file_of_erasures.is_file():
        shutil.copyfile(settings.file_of_erasures, staged / ERASURES)
    for path in sorted(settings.attachments.rglob("*")) if settings.attachments.is_dir() else ():
        inner = path.relative_to(settings.attachments)
        if not path.is_file() or any(step.startswith(".") for step in inner.parts):
            continue
        target = staged / ATTACHMENTS / inner
        target.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # removed by staff a moment ago
            shutil.copyfile(path, target)


def _drop_old(wanted: BackupSettings, store: str) -> None:
    """Names sort by time."""
    archives = sorted(wanted.folder.glob(f"comptoir-{store}-*.age"))
    with contextlib.suppress(OSError):
        for path in archives[: -wanted.keep]:
            path.unlink()


@contextlib.contextmanager
def _one_at_a_time(folder: Path) -> Iterator[Path]:
    """A folder nobody else reads, gone afterwards; what a killed back-up left goes first."""
    try:
        with (folder / ".backup.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            for left in folder.glob(f"{STAGING}*/"):
                shutil.rmtree(left, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=STAGING, dir=folder) as staged:
                yield Path(staged)
    except BlockingIOError as error:
        raise BackupError("another back-up is being made right now") from error
    except OSError as error:
        raise BackupError(f"the back-up cannot be prepared in {folder}: {error.strerror}") from error
