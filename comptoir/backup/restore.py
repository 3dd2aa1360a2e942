"""Restore a back-up into an empty place (``comptoir restore``): all is checked before anything is touched."""

import os
import shutil
from dataclasses import dataclass
from hashlib import sha256
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
    SQLITE,
    check_copy,
    fill_postgresql,
    kind_of,
    sqlite_file,
    why_not_empty,
)
from comptoir.backup.make import CONFIGURATION, ERASURES, KEYS
from comptoir.backup.manifest import Manifest
from comptoir.backup.placing import keys_to_put, own, place, place_files
from comptoir.backup.working_folder import only_one, working_folder
from comptoir.errors import BackupError
from loyalty.adapters.sql import migrations
from loyalty.adapters.sql.database import opened
from loyalty.adapters.sql.migrate import migrate
from loyalty.errors import StorageError
from loyalty.ports.points import LedgerReport
from loyalty.services.after_restore import hold_after_restore
from loyalty.services.context import ServiceContext
from loyalty.services.erase_person import erase_again
from loyalty.services.ledger_check import verify_ledger
from runtime.clock import Clock
from runtime.config import load_section

RESTORING, NEAR = ".restore-", ".restored-"
"""Start of the names of folders that it works in."""
_BUSY = "another restore is going on right now"
_AGAIN = "Mend that and give the same command again, before the station is started"


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
    """Bring everything back; the station must not run. One that was cut is finished by the same order.

    Raises:
        BackupError: The archive is not whole, not for this key or of a newer program, the place is not
            empty, or has no room.
    """
    try:
        beside = _nearest(order.configuration)
        with only_one(beside, _BUSY), working_folder(beside, RESTORING) as staged:
            return _restore(order, staged, clock)
    except OSError as error:
        place_of_it = error.filename2 or error.filename  # where a copy goes to, rather than whence
        where = f"{place_of_it}: " if place_of_it else ""
        raise BackupError(f"the restore stopped: {where}{error.strerror}. {_AGAIN}") from error
    except StorageError as error:
        raise BackupError(f"the restore stopped: {error.message}: is there room? {_AGAIN}") from error


def _restore(order: RestoreOrder, staged: Path, clock: Clock) -> Restored:
    manifest = read_archive(order.archive, order.identity_file, staged)
    _require_known_schema(manifest)
    if FILE_OF[manifest.database] not in {each.name for each in manifest.files}:
        raise BackupError("the archive holds no database")
    is_new = not order.configuration.exists()
    settings = load_section(
        staged / CONFIGURATION if is_new else order.configuration, "checkout", CheckoutSettings
    )
    unfinished, digest = settings.unfinished_restore, sha256(manifest.model_dump_json().encode()).hexdigest()
    is_filled = _require_empty(settings, manifest, is_again=unfinished.digest() == digest)
    keys = keys_to_put(settings, order.keys_folder, staged)
    if manifest.database == SQLITE:
        check_copy(staged / FILE_OF[SQLITE])
    own_keys = {"card_signing_key_file": staged / KEYS / "cards.key", "card_verification_keys_file": None}
    ctx = service_context(settings.model_copy(update=own_keys), clock)
    settings.messages_folder.mkdir(parents=True, exist_ok=True)
    unfinished.begin(digest)
    place_files(settings, staged, keys)
    if is_new:
        place(staged / CONFIGURATION, order.configuration)
    restored = _put_database(settings, manifest, staged, ctx, is_filled=is_filled)
    unfinished.end()
    return restored


def _put_database(
    settings: CheckoutSettings, manifest: Manifest, staged: Path, ctx: ServiceContext, *, is_filled: bool
) -> Restored:
    copy = staged / FILE_OF[manifest.database]
    if manifest.database == POSTGRESQL and not is_filled:
        fill_postgresql(settings.database_url, copy)
    if manifest.database == POSTGRESQL or is_filled:
        return _bring_up_to_date(settings, settings.database_url, manifest, staged, ctx)
    target = sqlite_file(settings.database_url)
    target.parent.mkdir(parents=True, exist_ok=True)
    with working_folder(target.parent, NEAR) as folder:
        near = folder / target.name
        shutil.copyfile(copy, near)
        near.chmod(0o600)
        restored = _bring_up_to_date(settings, f"sqlite:///{near}", manifest, staged, ctx)
        with near.open("rb") as stream:
            os.fsync(stream.fileno())
        own(near, target.parent)
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
            own(settings.file_of_erasures, settings.file_of_erasures.parent)
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


def _require_empty(settings: CheckoutSettings, manifest: Manifest, *, is_again: bool) -> bool:
    """Whether the database is filled already, by the restore of this archive that is done again.

    Raises:
        BackupError: Something is in the way that is not of it.
    """
    if kind_of(settings.database_url) != manifest.database:
        raise BackupError(f"the back-up is of {manifest.database}: set database_url to such a database")
    if settings.store != manifest.store:
        raise BackupError(f"the back-up is of store {manifest.store}, this station is {settings.store}")
    why = why_not_empty(settings.database_url)
    if is_again:
        return bool(why)
    if not why and settings.unfinished_restore.digest():
        why = f"another back-up was put into {settings.messages_folder.parent} in part"
    if not why and settings.attachments.is_dir() and any(settings.attachments.iterdir()):
        why = f"there are files already in {settings.attachments}"
    if why:
        raise BackupError(
            f"{why}; a back-up is restored into an empty place only: move it away if it is not needed. "
            "Nothing was restored"
        )
    return False


def _nearest(path: Path) -> Path:
    """The nearest folder above that is there."""
    return next(folder for folder in path.absolute().parents if folder.is_dir())
