"""An archive: a tar of the files behind their manifest, encrypted as a whole to one key (age)."""

import contextlib
import io
import os
import shutil
import tarfile
from pathlib import Path
from typing import BinaryIO

import pyrage
from pydantic import ValidationError

from comptoir.backup.manifest import MANIFEST, MAX_MANIFEST_BYTES, Manifest, packed
from comptoir.errors import BackupError

_OTHER_KEY = "No matching keys found"
"""What age says of an archive for somebody else; a flipped bit where it names its key looks the same."""


class _Source:
    """A file that is read, which remembers whether reading is what failed."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.fault: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        try:
            return self._stream.read(size)
        except OSError as error:
            self.fault = error
            raise


def write_archive(staged: Path, manifest: Manifest, recipient: str, target: Path) -> None:
    """Pack what the manifest names below ``staged``; ``target`` is whole on the disk, or not there at all.

    Raises:
        BackupError: The recipient is none, or the place takes no more.
    """
    part = target.with_name(f"{target.name}.part")
    tar = staged / ".tar"
    try:
        _write_tar(staged, manifest, tar)
    except OSError as error:
        raise BackupError(f"the back-up cannot be prepared in {staged.parent}: {error.strerror}") from error
    try:
        key = pyrage.x25519.Recipient.from_str(recipient)
        with tar.open("rb") as plain, part.open("xb") as sealed:
            part.chmod(0o600)
            pyrage.encrypt_io(plain, sealed, [key])
            sealed.flush()
            os.fsync(sealed.fileno())
        part.replace(target)
        sync_folder(target.parent)
    except pyrage.RecipientError as error:
        raise BackupError("[checkout.backup] recipient is no key of comptoir backup-key") from error
    except (OSError, pyrage.EncryptError) as error:
        with contextlib.suppress(OSError):  # the disk may be away
            part.unlink()
        why = getattr(error, "strerror", None) or str(error).removeprefix("OSError: ")
        raise BackupError(
            f"the back-up cannot be written to {target.parent}: {why}. Is the disk plugged in, has it room? "
            "keep in [checkout.backup] says how many archives stay"
        ) from error


def read_archive(archive: Path, identity_file: Path, into: Path) -> Manifest:
    """Decrypt and unpack into an empty folder; every file was compared with the manifest.

    Raises:
        BackupError: The key is another one, the archive cannot be read, is cut or altered, or of a later
            format, or there is no room.
    """
    tar = into / ".tar"
    try:
        identity = pyrage.x25519.Identity.from_str(_identity_in(identity_file))
    except pyrage.IdentityError as error:
        raise BackupError(f"{identity_file} holds no key of comptoir backup-key") from error
    _decrypt(archive, identity, identity_file, tar)
    try:
        with tarfile.open(tar, "r:") as members:
            manifest = _manifest_of(members)
            _unpack(members, manifest, into)
    except tarfile.TarError as error:
        raise BackupError(f"{archive} cannot be unpacked: {error}") from error
    except OSError as error:
        raise _no_room(archive, into, error) from error
    tar.unlink()
    return manifest


def _decrypt(archive: Path, identity: pyrage.x25519.Identity, identity_file: Path, tar: Path) -> None:
    source: _Source | None = None
    try:
        with archive.open("rb") as sealed, tar.open("xb") as plain:
            tar.chmod(0o600)
            source = _Source(sealed)
            pyrage.decrypt_io(source, plain, [identity])
    except FileNotFoundError as error:
        raise BackupError(f"there is no archive {archive}: is the disk plugged in?") from error
    except IsADirectoryError as error:
        raise BackupError(f"{archive} is a folder: name one of the archives in it") from error
    except (OSError, pyrage.DecryptError) as error:
        fault = error if source is None else source.fault
        if isinstance(fault, OSError):
            raise BackupError(
                f"{archive} cannot be read to its end: {fault.strerror}. Is the disk still plugged in? "
                "Nothing was restored"
            ) from error
        if str(error) == _OTHER_KEY:
            raise BackupError(
                f"{identity_file} does not open {archive}: the key is another one. "
                "The recovery sheet says which key opens the back-ups. Nothing was restored"
            ) from error
        if isinstance(error, OSError) and error.errno is not None:
            raise _no_room(archive, tar.parent, error) from error
        raise BackupError(
            f"{archive} is cut, altered, or no back-up at all: copy it from its disk again, or take another "
            "one. Nothing was restored"
        ) from error


def _no_room(archive: Path, into: Path, error: OSError) -> BackupError:
    needed_mb = 2 * archive.stat().st_size // 1_000_000 + 1
    return BackupError(
        f"{archive} cannot be unpacked in {into.parent}: {error.strerror}. {needed_mb} MB are needed there. "
        "Nothing was restored"
    )


def sync_folder(folder: Path) -> None:
    """What was named, renamed or removed in it survives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_tar(staged: Path, manifest: Manifest, tar: Path) -> None:
    text = manifest.model_dump_json().encode()
    with tarfile.open(tar, "x:", format=tarfile.PAX_FORMAT) as members:
        first = tarfile.TarInfo(MANIFEST)
        first.size = len(text)
        members.addfile(first, io.BytesIO(text))
        for each in manifest.files:
            entry = tarfile.TarInfo(each.name)
            entry.size = each.size_bytes
            with (staged / each.name).open("rb") as stream:
                members.addfile(entry, stream)


def _identity_in(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError as error:
        raise BackupError(f"cannot read the key {path}: {error.strerror}") from error
    return next((line.strip() for line in lines if line.strip() and not line.startswith("#")), "")


def _manifest_of(members: tarfile.TarFile) -> Manifest:
    first = members.next()
    if first is None or first.name != MANIFEST or not first.isfile() or first.size > MAX_MANIFEST_BYTES:
        raise BackupError("this is no archive of comptoir backup")
    stream = members.extractfile(first)
    try:
        return Manifest.model_validate_json(stream.read() if stream is not None else b"")
    except ValidationError as error:
        fault = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in fault["loc"])
        raise BackupError(
            f"the manifest cannot be read by this version of the program: {where}: {fault['msg']}"
        ) from error


def _unpack(members: tarfile.TarFile, manifest: Manifest, into: Path) -> None:
    expected = {each.name: each for each in manifest.files}
    while (member := members.next()) is not None:
        entry = expected.pop(member.name, None)
        stream = members.extractfile(member) if entry is not None and member.isfile() else None
        if entry is None or stream is None:
            raise BackupError(f"the archive holds {member.name}, which its manifest does not name")
        target = into / entry.name
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with target.open("xb") as plain:
            target.chmod(0o600)
            shutil.copyfileobj(stream, plain)
        if packed(entry.name, target) != entry:
            raise BackupError(f"{entry.name} in the archive is not what its manifest says")
    if expected:
        raise BackupError(f"the archive lacks {next(iter(expected))}")
