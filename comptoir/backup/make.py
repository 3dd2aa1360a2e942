"""Make a back-up while the station goes on (``comptoir backup``)."""

import contextlib
import shutil
from datetime import datetime
from pathlib import Path

from checkout.backup_record import LastBackup
from checkout.configuration import BackupSettings, CheckoutSettings
from comptoir.backup.archive import write_archive
from comptoir.backup.database_copy import copy_database, kind_of
from comptoir.backup.manifest import Manifest, packed
from comptoir.backup.working_folder import only_one, working_folder
from comptoir.errors import BackupError
from runtime.clock import Clock
from runtime.release import installed

STAGING = ".backup-"
_BUSY = "another back-up is being made right now"
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
    data = settings.messages_folder.parent
    try:
        with only_one(data, _BUSY), working_folder(data, STAGING) as staged:
            _drop_old(wanted, settings.store)  # to as many as stay, so that a lower number makes room
            last = _make(settings, wanted, configuration, staged, clock.now())
            _drop_old(wanted, settings.store)
    except OSError as error:
        where = error.filename2 or error.filename or data
        raise BackupError(f"the back-up cannot be prepared: {where}: {error.strerror}") from error
    try:
        record.note(last)
    except OSError as error:
        raise BackupError(
            f"{wanted.folder / last.name} is whole, but {data} cannot take a note of it: {error.strerror}"
        ) from error
    return last


def _make(
    settings: CheckoutSettings,
    wanted: BackupSettings,
    configuration: Path,
    staged: Path,
    now: datetime,
) -> LastBackup:
    schema = copy_database(settings.database_url, staged)
    _copy_files(settings, configuration, staged)
    found = sorted(path for path in staged.rglob("*") if path.is_file())
    manifest = Manifest(
        made_at=now,
        program=installed(),
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
    with contextlib.suppress(OSError):
        for path in sorted(wanted.folder.glob(f"comptoir-{store}-*.age"))[: -wanted.keep]:
            path.unlink()
