"""Signing keys as files: PKCS#8, with a passphrase where one is given; one folder per holder."""

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner

from fleet.errors import SigningKeyError
from fleet.signing.roles import ALL_ROLES, Role

Passphrase = Callable[[str], bytes | None]
"""Gives the passphrase for a key of that name; None for a key without one."""


def no_passphrase(_name: str) -> bytes | None:
    """For keys that a machine has to use by itself."""
    return None


class KeyRing:
    """The keys in a folder: ``<role>-<n>.pem``. A holder's stick carries a few, the desk the online ones.

    Args:
        folders: Looked through in order.
        passphrase: Opens the offline keys.
    """

    def __init__(self, *folders: Path, passphrase: Passphrase = no_passphrase) -> None:
        self.folders = folders
        self._passphrase = passphrase

    def names(self) -> tuple[str, ...]:
        """All keys that are here, as in ``root-2``."""
        return tuple(sorted({path.stem for folder in self.folders for path in folder.glob("*-*.pem")}))

    def signers(self, role: str) -> list[CryptoSigner]:
        """The role's keys that are here.

        Raises:
            SigningKeyError: There is none, or one cannot be opened.
        """
        names = [name for name in self.names() if name.rpartition("-")[0] == role]
        if not names:
            raise SigningKeyError(f"no key of the role {role} in {', '.join(map(str, self.folders))}")
        return [self.signer(name) for name in names]

    def signer(self, name: str) -> CryptoSigner:
        """One key by name.

        Raises:
            SigningKeyError: It is missing or cannot be opened.
        """
        path = next((at for folder in self.folders if (at := folder / f"{name}.pem").is_file()), None)
        if path is None:
            raise SigningKeyError(f"the key {name} is not here")
        try:
            secret = self._passphrase(name) if b"ENCRYPTED" in path.read_bytes()[:80] else None
            private = load_pem_private_key(path.read_bytes(), secret)
        except (OSError, ValueError, TypeError) as error:
            raise SigningKeyError(f"the key {path} cannot be opened: wrong passphrase, or damaged") from error
        if not isinstance(private, Ed25519PrivateKey):
            raise SigningKeyError(f"the key {path} is not of the kind Ed25519")
        return CryptoSigner(private)

    def public_keyid(self, name: str) -> str:
        """What the metadata calls a key.

        Raises:
            SigningKeyError: It is not here.
        """
        return str(self.signer(name).public_key.keyid)

    def create(self, name: str, *, is_open: bool = False) -> CryptoSigner:
        """Make a key in the first folder, readable by its owner only.

        Args:
            name: As in ``root-4``.
            is_open: Without a passphrase, for keys that a machine uses by itself.

        Raises:
            SigningKeyError: There is one of that name.
        """
        folder = self.folders[0]
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{name}.pem"
        private = Ed25519PrivateKey.generate()
        secret = None if is_open else self._passphrase(name)
        lock: KeySerializationEncryption = BestAvailableEncryption(secret) if secret else NoEncryption()
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise SigningKeyError(f"{path} exists; a key is never overwritten") from None
        with os.fdopen(handle, "wb") as file:
            file.write(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
        return CryptoSigner(private)


def create_all(offline: Path, online: Path, passphrase: Passphrase = no_passphrase) -> tuple[Path, ...]:
    """All keys of a new fleet: each root key in a folder of its own (one person, one stick).

    Returns:
        The folders, to be carried to where they belong.
    """
    made: list[Path] = []
    for role in ALL_ROLES:
        for number in range(1, role.keys + 1):
            folder = online if role.is_online else offline / _holder(role, number)
            ring = KeyRing(folder, passphrase=no_passphrase if role.is_online else passphrase)
            ring.create(f"{role.name}-{number}")
            made.append(folder)
    return tuple(dict.fromkeys(made))


def _holder(role: Role, number: int) -> str:
    return f"root-{number}" if role.name == "root" else "releases"


def next_name(taken: Iterable[str], role: str) -> str:
    """The name of a role's next key: numbers are never used twice."""
    used = [int(name.rpartition("-")[2]) for name in taken if name.rpartition("-")[0] == role]
    return f"{role}-{max(used, default=0) + 1}"
