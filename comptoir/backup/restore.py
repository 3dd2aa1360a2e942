"""Restore a back-up into an empty place (``comptoir restore``): all is checked before anything is touched."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError as UnknownRevisionError

from checkout.assembly import service_context
from checkout.configuration import CheckoutSettings
from checkout.erasure_file import ErasureFile
from comptoir.backup.archive import read_archive, sync_folder
from comptoir.backup.database_copy import (
    FILE_OF,
    POSTGRESQL,
    check_copy,
    fill_postgresql,
    kind_of,
    sqlite_file,
    why_not_empty,
)
from comptoir.backup.make import ATTACHMENTS, CONFIGURATION, ERASURES, KEYS, key_files
from comptoir.backup.manifest import Manifest
from comptoir.errors import BackupError
from loyalty.adapters.sql import migrations
from loyalty.adapters.sql.database import opened
from loyalty.adapters.sql.migrate import migrate
from loyalty.ports.points import LedgerReport
from loyalty.services.after_restore import hold_after_restore
from loyalty.services.context import ServiceContext
from loyalty.services.erase_person import erase_again
from loyalty.services.ledger_check import verify_ledger
from runtime.clock import Clock
from runtime.config import load_section

_CREDENTIALS = "CREDENTIALS_DIRECTORY"


@dataclass(frozen=True)
class Restored:
    """What a restore did."""

    manifest: Manifest
    messages_held: int
    erased_again: int
    ledger: LedgerReport


@dataclass(frozen=True)
class RestoreOrder:
    """What to restore, and whereto.

    ``configuration`` is written from the archive where it is not there. Keys that the service takes from
    systemd's credentials go to ``keys_folder``.
    """

    archive: Path
    identity_file: Path
    configuration: Path
    keys_folder: Path


def restore_backup(order: RestoreOrder, clock: Clock) -> Restored:
    """Bring everything back; the station must not run.

    Raises:
        BackupError: The archive is not whole, not for this key or of a newer program, or the place is not
            empty.
    """
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=_nearest(order.configuration)) as folder:
        staged = Path(folder)
        manifest = read_archive(order.archive, order.identity_file, staged)
        _require_known_schema(manifest)
        if FILE_OF[manifest.database] not in {each.name for each in manifest.files}:
            raise BackupError("the archive holds no database")
        is_new = not order.configuration.exists()
        settings = load_section(
            staged / CONFIGURATION if is_new else order.configuration, "checkout", CheckoutSettings
        )
        _require_empty(settings, manifest)
        keys = _keys_to_put(settings, order.keys_folder, staged)
        restored = _put_everything(settings, manifest, staged, keys, clock)
        if is_new:
            _place(staged / CONFIGURATION, order.configuration)
        return restored


def _put_everything(
    settings: CheckoutSettings, manifest: Manifest, staged: Path, keys: dict[Path, Path], clock: Clock
) -> Restored:
    own_keys = {"card_signing_key_file": staged / KEYS / "cards.key", "card_verification_keys_file": None}
    ctx = service_context(settings.model_copy(update=own_keys), clock)
    settings.messages_folder.mkdir(parents=True, exist_ok=True)
    copy = staged / FILE_OF[manifest.database]
    if manifest.database == POSTGRESQL:
        _place_all(settings, staged, keys)
        fill_postgresql(settings.database_url, copy)
        return _bring_up_to_date(settings, settings.database_url, manifest, staged, ctx)
    check_copy(copy)
    target = sqlite_file(settings.database_url)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _beside(target, copy) as near:
        restored = _bring_up_to_date(settings, f"sqlite:///{near}", manifest, staged, ctx)
        _place_all(settings, staged, keys)
        _own(near, target.parent)
        os.link(near, target)  # last, and never over another one
        sync_folder(target.parent)
    return restored


def _bring_up_to_date(
    settings: CheckoutSettings, url: str, manifest: Manifest, staged: Path, ctx: ServiceContext
) -> Restored:
    migrate(url)
    with opened(url) as database:
        outliving = ErasureFile(settings.file_of_erasures, database.reading)
        known_then = ErasureFile(staged / ERASURES, database.reading)
        with database.unit_of_work() as unit:
            done = {each.customer_id for each in unit.people.erased()}
            missing = [each for each in {*outliving.ids(), *known_then.ids()} if each not in done]
            erased = erase_again(unit, ctx, missing)
            held = hold_after_restore(unit, ctx)
            unit.commit()
        outliving.add_new()
        if settings.file_of_erasures.exists():
            _own(settings.file_of_erasures, settings.file_of_erasures.parent)
        with database.reading() as unit:
            return Restored(manifest, held, erased, verify_ledger(unit))


def _require_known_schema(manifest: Manifest) -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    try:
        known = scripts.get_revision(manifest.schema_version)
    except UnknownRevisionError:
        known = None
    if known is None:
        raise BackupError(
            f"the back-up was made by version {manifest.program}, whose database this one does not know: "
            "install that version or a later one"
        )


def _require_empty(settings: CheckoutSettings, manifest: Manifest) -> None:
    if kind_of(settings.database_url) != manifest.database:
        raise BackupError(f"the back-up is of {manifest.database}: set database_url to such a database")
    if settings.store != manifest.store:
        raise BackupError(f"the back-up is of store {manifest.store}, this station is {settings.store}")
    why = why_not_empty(settings.database_url)
    if not why and settings.attachments.is_dir() and any(settings.attachments.iterdir()):
        why = f"there are files already in {settings.attachments}"
    if why:
        raise BackupError(f"{why}; a back-up is restored into an empty place only")


def _keys_to_put(settings: CheckoutSettings, keys_folder: Path, staged: Path) -> dict[Path, Path]:
    """Where each key belongs; those that are there already are left out."""
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


def _place_all(settings: CheckoutSettings, staged: Path, keys: dict[Path, Path]) -> None:
    for target, source in keys.items():
        _place(source, target)
    files = staged / ATTACHMENTS
    for path in sorted(files.rglob("*")) if files.is_dir() else ():
        if path.is_file():
            _place(path, settings.attachments / path.relative_to(files))
    if settings.attachments.is_dir():
        for path in (settings.attachments, *settings.attachments.rglob("*")):
            _own(path, settings.messages_folder.parent)
    _own(settings.messages_folder, settings.messages_folder.parent)


def _place(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    try:
        shutil.copyfile(source, part)
        part.chmod(0o600)
        with part.open("rb") as stream:
            os.fsync(stream.fileno())
        _own(part, target.parent)
        part.replace(target)
    except OSError as error:
        raise BackupError(f"cannot write {target}: {error.strerror}") from error


def _own(path: Path, folder: Path) -> None:
    """Root restores, the station's own user reads: a file belongs to whoever its folder belongs to."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


@contextmanager
def _beside(target: Path, copy: Path) -> Iterator[Path]:
    """The copy on the file system of its target, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=target.parent) as folder:
        near = Path(folder) / target.name
        shutil.copyfile(copy, near)
        near.chmod(0o600)
        yield near
        with near.open("rb") as stream:
            os.fsync(stream.fileno())


def _nearest(path: Path) -> Path:
    """The nearest folder above that is there."""
    return next(folder for folder in path.absolute().parents if folder.is_dir())
