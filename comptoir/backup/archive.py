"""An archive: a tar of the files behind their manifest, encrypted as a whole to one key (age)."""

import io
import os
import shutil
import tarfile
from pathlib import Path

import pyrage
from pydantic import ValidationError

from comptoir.backup.manifest import MANIFEST, MAX_MANIFEST_BYTES, Manifest, packed
from comptoir.errors import BackupError


def write_archive(staged: Path, manifest: Manifest, recipient: str, target: Path) -> None:
    """Pack what the manifest names below ``staged``; ``target`` is whole on the disk, or not there at all.

    Raises:
        BackupError: The recipient is none, or the place takes no more.
    """
    part = target.with_name(f"{target.name}.part")
    tar = staged / ".tar"
    try:
        key = pyrage.x25519.Recipient.from_str(recipient)
        _write_tar(staged, manifest, tar)
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
        part.unlink(missing_ok=True)
        raise BackupError(f"the back-up cannot be written to {target.parent}: {error}") from error


def read_archive(archive: Path, identity_file: Path, into: Path) -> Manifest:
    """Decrypt and unpack into an empty folder; every file was compared with the manifest.

    Raises:
        BackupError: The key is another one, the archive is cut or altered, or of a later format.
    """
    tar = into / ".tar"
    try:
        identity = pyrage.x25519.Identity.from_str(_identity_in(identity_file))
    except pyrage.IdentityError as error:
        raise BackupError(f"{identity_file} holds no key of comptoir backup-key") from error
    try:
        with archive.open("rb") as sealed, tar.open("xb") as plain:
            tar.chmod(0o600)
            pyrage.decrypt_io(sealed, plain, [identity])
    except FileNotFoundError as error:
        raise BackupError(f"there is no archive {archive}") from error
    except (OSError, pyrage.DecryptError) as error:
        raise BackupError(
            f"{archive} cannot be opened: the key is another one, or the file is cut or altered ({error})"
        ) from error
    try:
        with tarfile.open(tar, "r:") as members:
            manifest = _manifest_of(members)
            _unpack(members, manifest, into)
    except (tarfile.TarError, OSError) as error:
        raise BackupError(f"{archive} cannot be unpacked: {error}") from error
    tar.unlink()
    return manifest


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
