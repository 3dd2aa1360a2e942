"""A folder of signed metadata and targets that any web server can serve as it is.

New files are written beside the old ones and the timestamp is replaced last, so that a reader sees either
the state before or the state after. One writer at a time holds the folder.
"""

import contextlib
import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import JSONSerializer

from fleet.errors import ReleaseError, SigningKeyError
from fleet.signing.keys import KeyRing
from fleet.signing.roles import ALL_ROLES, DELEGATED_PATHS, RELEASES, ROLES, ROLLOUT, ROOT, TARGETS
from runtime.clock import Clock
from runtime.folder_lock import folder_held

_SERIALIZER = JSONSerializer(compact=True)
_TOP = (ROOT.name, TARGETS.name, "snapshot", "timestamp")
_BACK_AT_MOST = timedelta(days=30)
"""A clock that ran fast by days and was set right goes on at once; one without a battery begins years ago."""


class Repository:
    """One repository.

    Args:
        folder: Has ``metadata/`` and ``targets/``; below it is what the web server serves.
        clock: Reckons when signatures end.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        self.folder = folder
        self._clock = clock
        self.metadata = folder / "metadata"
        self.targets = folder / "targets"

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keeps other writers out; on this machine."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with folder_held(self.folder, waits=True):
            yield

    def create(self, ring: KeyRing) -> None:
        """The first version of everything; the ring holds the keys of all roles.

        Raises:
            ReleaseError: There is a repository already.
            SigningKeyError: A key is missing.
        """
        if self._newest(ROOT.name):
            raise ReleaseError(f"{self.folder} holds a repository already")
        root = Root(consistent_snapshot=True)
        for role in ALL_ROLES:
            if role.name in _TOP:
                for signer in ring.signers(role.name):
                    root.add_key(signer.public_key, role.name)
                root.roles[role.name].threshold = role.threshold
        roles: dict[str, DelegatedRole] = {}
        targets = Targets(delegations=Delegations(keys={}, roles=roles))
        for name in (ROLLOUT.name, RELEASES.name):
            paths = [DELEGATED_PATHS[name]]
            delegated = DelegatedRole(name, [], ROLES[name].threshold, terminating=True, paths=paths)
            roles[name] = delegated
            for signer in ring.signers(name):
                targets.add_key(signer.public_key, name)
        self._publish_root(Metadata(root), ring)
        self._write(TARGETS.name, Metadata(targets), ring)
        for name in (RELEASES.name, ROLLOUT.name):
            self._write(name, Metadata(Targets()), ring)
        self.seal(ring)

    def role(self, name: str) -> Metadata[Any]:
        """The newest metadata of a role.

        Raises:
            ReleaseError: There is none, or it is damaged.
        """
        version = self._newest(name)
        if version == 0:
            raise ReleaseError(f"{self.folder} has no metadata of the role {name}")
        try:
            return Metadata.from_file(str(self._path(name, version)))
        except (OSError, DeserializationError, RepositoryError) as error:
            raise ReleaseError(f"the metadata of the role {name} is damaged: {error}") from error

    def put_target(self, role: str, path: str, data: bytes, ring: KeyRing) -> None:
        """Sign a document under a delegated role. :meth:`seal` makes it visible."""
        wanted = self._changeable(role)
        target = TargetFile.from_data(path, data, ["sha256"])
        folder, _, name = path.rpartition("/")
        _write_whole(self.targets / folder / f"{target.hashes['sha256']}.{name}", data)
        wanted.signed.targets[path] = target
        self._write(role, wanted, ring)

    def drop_target(self, role: str, path: str, ring: KeyRing) -> None:
        """Sign a document no longer.

        Raises:
            ReleaseError: It is not signed now.
        """
        wanted = self._changeable(role)
        if wanted.signed.targets.pop(path, None) is None:
            raise ReleaseError(f"{path} is not published")
        self._write(role, wanted, ring)

    def target(self, role: str, path: str) -> bytes | None:
        """The bytes of a document as signed now; None where it is not signed."""
        found = cast(TargetFile | None, self.role(role).signed.targets.get(path))
        if found is None:
            return None
        folder, _, name = path.rpartition("/")
        return (self.targets / folder / f"{found.hashes['sha256']}.{name}").read_bytes()

    def target_paths(self, role: str) -> tuple[str, ...]:
        """All documents that a role signs now."""
        return tuple(sorted(self.role(role).signed.targets))

    def renew(self, role: str, ring: KeyRing) -> None:
        """Sign the same content for another while. :meth:`seal` makes it visible."""
        self._write(role, self._changeable(role), ring)

    def seal(self, ring: KeyRing) -> None:
        """Sign snapshot and timestamp over what is there now: from here on, devices see it."""
        snapshot = self._changeable("snapshot") if self._newest("snapshot") else Metadata(Snapshot())
        snapshot.signed.meta = {
            f"{name}.json": MetaFile(self._newest(name)) for name in (TARGETS.name, *DELEGATED_PATHS)
        }
        self._write("snapshot", snapshot, ring)
        self.stamp(ring)

    def stamp(self, ring: KeyRing) -> None:
        """Sign the timestamp anew: the proof that what devices see is recent."""
        current = self._newest("timestamp")
        stamp = self._changeable("timestamp") if current else Metadata(Timestamp())
        stamp.signed.snapshot_meta = MetaFile(self._newest("snapshot"))
        self._write("timestamp", stamp, ring)

    def change_root(self, root: Metadata[Root], ring: KeyRing) -> bool:
        """Sign a changed root, with what keys the ring has, beside what signed it before.

        Returns:
            Whether it is published; False while signatures are missing and it waits in ``staged/``.
        """
        self._require_likely_clock(ROOT.name)
        root.signed.expires = self._clock.now().replace(microsecond=0) + ROOT.holds
        return self._publish_root(root, ring)

    def sign_root(self, staged: Metadata[Root], ring: KeyRing) -> bool:
        """Add signatures to a root that waits; whether it is published now."""
        return self._publish_root(staged, ring)

    def write_changed(self, role: str, metadata: Metadata[Any], ring: KeyRing) -> None:
        """Sign changed metadata of a role as its next version. :meth:`seal` makes it visible."""
        metadata.signed.version += 1
        self._write(role, metadata, ring)

    def staged_root(self) -> Metadata[Root] | None:
        """A root that waits for more signatures."""
        path = self.folder / "staged" / "root.json"
        return cast("Metadata[Root]", Metadata.from_file(str(path))) if path.is_file() else None

    def _publish_root(self, root: Metadata[Root], ring: KeyRing) -> bool:
        before = self.role(ROOT.name) if self._newest(ROOT.name) else None
        if before is None:
            root.signed.expires = self._clock.now().replace(microsecond=0) + ROOT.holds
        allowed = set(root.signed.roles[ROOT.name].keyids)
        allowed |= set(before.signed.roles[ROOT.name].keyids) if before is not None else set()
        for signer in ring.signers(ROOT.name):
            if signer.public_key.keyid in allowed:
                root.sign(signer, append=True)
        data = root.to_bytes(_SERIALIZER)
        is_enough = root.signed.get_verification_result(
            ROOT.name, root.signed_bytes, root.signatures
        ).verified and (
            before is None
            or before.signed.get_verification_result(ROOT.name, root.signed_bytes, root.signatures).verified
        )
        if not is_enough:
            _write_whole(self.folder / "staged" / "root.json", data)
            return False
        _write_whole(self._path(ROOT.name, root.signed.version), data)
        (self.folder / "staged" / "root.json").unlink(missing_ok=True)
        return True

    def _changeable(self, role: str) -> Metadata[Any]:
        found = self.role(role)
        found.signed.version += 1
        return found

    def _write(self, role: str, metadata: Metadata[Any], ring: KeyRing) -> None:
        self._require_likely_clock(role)
        metadata.signed.expires = self._clock.now().replace(microsecond=0) + ROLES[role].holds
        metadata.signatures.clear()
        allowed = self._keys_of(role)
        for signer in ring.signers(role):
            if not allowed or signer.public_key.keyid in allowed:
                metadata.sign(signer, append=True)
        if len(metadata.signatures) < ROLES[role].threshold:
            raise SigningKeyError(f"the keys of the role {role} that are here are not the trusted ones")
        data = metadata.to_bytes(_SERIALIZER)
        _write_whole(self._path(role, metadata.signed.version), data)
        if role == "timestamp":
            _write_whole(self.metadata / "timestamp.json", data)

    def _require_likely_clock(self, role: str) -> None:
        """A machine that starts in 1970 would sign what each device refuses as ended long ago.

        Raises:
            ReleaseError: The clock stands far before the last signature.
        """
        now = self._clock.now()
        if not self._newest(role) or now >= self.ends_at(role) - ROLES[role].holds - _BACK_AT_MOST:
            return
        raise ReleaseError(
            f"the clock of this machine says {now:%Y-%m-%d %H:%M}, long before the last signature of {role}: "
            "set it, then try again"
        )

    def _keys_of(self, role: str) -> set[str]:
        if role in _TOP:
            return set(self.role(ROOT.name).signed.roles[role].keyids)
        delegations = self.role(TARGETS.name).signed.delegations
        return set(delegations.roles[role].keyids)

    def _path(self, role: str, version: int) -> Path:
        return self.metadata / f"{version}.{role}.json"

    def _newest(self, role: str) -> int:
        found = (path.name.split(".", 1)[0] for path in self.metadata.glob(f"*.{role}.json"))
        return max((int(number) for number in found if number.isdigit()), default=0)

    def ends_at(self, role: str) -> datetime:
        """When the newest signature of a role is no longer good."""
        return cast(datetime, self.role(role).signed.expires)


def _write_whole(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
