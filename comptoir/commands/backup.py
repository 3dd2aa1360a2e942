"""``comptoir backup``, ``restore`` and ``backup-key``: everything of a station in one encrypted archive."""

import argparse
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from runtime.clock import SystemClock
from runtime.config import DEFAULT_PATH, load_section

if TYPE_CHECKING:
    from comptoir.commands import Commands

_KEYS_FOLDER = Path("/etc/comptoir/station")


def register(commands: "Commands") -> None:
    backup = commands.add_parser("backup", help="write an encrypted back-up while the station goes on")
    backup.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="bring a back-up back into an empty place")
    restore.add_argument("archive", type=Path, metavar="ARCHIVE")
    restore.add_argument("--identity", type=Path, required=True, metavar="FILE", help="key of backup-key")
    restore.add_argument("--config", type=Path, default=DEFAULT_PATH, metavar="FILE")
    restore.add_argument(
        "--keys", type=Path, default=_KEYS_FOLDER, metavar="FOLDER", help=f"default {_KEYS_FOLDER}"
    )
    restore.set_defaults(run=_restore)
    key = commands.add_parser("backup-key", help="make the key that opens back-ups; keep it elsewhere")
    key.add_argument("file", type=Path, metavar="FILE")
    key.set_defaults(run=_make_key)


def _backup(options: argparse.Namespace) -> int:
    from checkout.configuration import CheckoutSettings
    from comptoir.backup.make import make_backup

    settings = load_section(options.config, "checkout", CheckoutSettings)
    last = make_backup(settings, options.config, SystemClock())
    print(json.dumps({"archive": last.name, "size_bytes": last.size_bytes}))
    return 0


def _restore(options: argparse.Namespace) -> int:
    from comptoir.backup.restore import RestoreOrder, restore_backup

    order = RestoreOrder(options.archive, options.identity, options.config, options.keys)
    restored = restore_backup(order, SystemClock())
    report = restored.ledger
    for fault in report.faults:
        print(f"account {fault.account_id}: {fault.what} is {fault.cached}, the entries say {fault.rebuilt}")
    summary = {
        "made_at": restored.manifest.made_at.isoformat(),
        "files": len(restored.manifest.files),
        "accounts": report.accounts,
        "entries": report.entries,
        "faults": len(report.faults),
        "messages_held": restored.messages_held,
        "erased_again": restored.erased_again,
    }
    print(json.dumps(summary))
    print("No reward is used until somebody confirms the balances on the page Shop, Back-up.")
    return 1 if report.faults else 0


def _make_key(options: argparse.Namespace) -> int:
    import pyrage

    from comptoir.errors import BackupError

    identity = pyrage.x25519.Identity.generate()
    recipient = str(identity.to_public())
    try:
        handle = os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as stream:
            stream.write(f"# opens the back-ups of {recipient}\n{identity}\n")
    except OSError as error:
        raise BackupError(f"cannot write {options.file}: {error.strerror}") from error
    print(recipient)
    return 0
