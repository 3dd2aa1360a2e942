"""Replaces a key: the root says whose keys count, so its own keys must agree to it."""

from typing import Any

from securesystemslib.signer import Key
from tuf.api.metadata import Metadata, Root

from fleet.errors import SigningKeyError
from fleet.signing.keys import KeyRing
from fleet.signing.repository import Repository
from fleet.signing.roles import DELEGATED_PATHS, ROOT, TARGETS


def rotate(repository: Repository, role: str, old_keyid: str, new: Key, ring: KeyRing) -> bool:
    """Put ``new`` in the place of one of a role's keys.

    Args:
        repository: Where.
        role: Any role; delegated ones are named by ``targets``, the others by ``root``.
        old_keyid: Of the key that no longer counts.
        new: The public half of its successor.
        ring: Root keys of two holders, or the targets key.

    Returns:
        Whether it is signed by enough; False while a root waits for more signatures (:func:`add_signatures`).

    Raises:
        SigningKeyError: The role has no such key, or a key to sign with is missing.
    """
    if role in DELEGATED_PATHS:
        targets: Metadata[Any] = repository.role(TARGETS.name)
        _replace(targets.signed, role, targets.signed.delegations.roles[role].keyids, old_keyid, new)
        repository.write_changed(TARGETS.name, targets, ring)
        repository.renew(role, ring)
        return True
    root: Metadata[Root] = repository.staged_root() or repository.role(ROOT.name)
    if repository.staged_root() is None:
        root.signed.version += 1
    root.signatures.clear()
    _replace(root.signed, role, root.signed.roles[role].keyids, old_keyid, new)
    return repository.change_root(root, ring)


def add_signatures(repository: Repository, ring: KeyRing) -> bool:
    """Sign the waiting root with what keys are here; whether that is enough now.

    Raises:
        SigningKeyError: No root waits.
    """
    staged = repository.staged_root()
    if staged is None:
        raise SigningKeyError("no root waits for signatures")
    return repository.sign_root(staged, ring)


def _replace(signed: Any, role: str, keyids: list[str], old_keyid: str, new: Key) -> None:
    if old_keyid not in keyids:
        raise SigningKeyError(f"the role {role} has no key {old_keyid[:12]}")
    signed.add_key(new, role)
    signed.revoke_key(old_keyid, role)
