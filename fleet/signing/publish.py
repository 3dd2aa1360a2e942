"""From a signed release to the web server's folder, and back out again."""

import hashlib
import json
import shutil
from pathlib import Path

from pydantic import ValidationError

from fleet.documents.release import Release, release_path
from fleet.documents.rollout import Rollout, rollout_path
from fleet.errors import ReleaseError
from fleet.signing.build import encoded
from fleet.signing.keys import KeyRing
from fleet.signing.repository import Repository
from fleet.signing.roles import RELEASES, ROLLOUT


def read_release(data: bytes) -> Release:
    """A manifest from its bytes.

    Raises:
        ReleaseError: They hold none.
    """
    try:
        return Release.model_validate_json(data)
    except ValidationError as error:
        raise ReleaseError(f"no valid manifest: {error.errors()[0]['msg']}") from error


def add_blobs(repository: Repository, release: Release, blobs: Path) -> int:
    """Copy what the release needs and the repository lacks; the bytes that were copied.

    Raises:
        ReleaseError: A blob is missing or is not what its name says.
    """
    copied = 0
    there = repository.targets / "blobs"
    there.mkdir(parents=True, exist_ok=True)
    for wheel in release.wheels:
        target = there / wheel.sha256
        if target.is_file() and target.stat().st_size == wheel.length:
            continue
        source = blobs / wheel.sha256
        if not source.is_file() or hashlib.sha256(source.read_bytes()).hexdigest() != wheel.sha256:
            raise ReleaseError(f"the blob of {wheel.name} is missing or damaged")
        part = there / f".{wheel.sha256}.part"
        shutil.copyfile(source, part)
        part.replace(target)
        copied += wheel.length
    return copied


def sign_release(repository: Repository, release: Release, ring: KeyRing) -> None:
    """Sign the manifest with the offline key. Devices see it after :func:`publish`.

    Raises:
        ReleaseError: A release of that name, or a newer one, is signed already.
        SigningKeyError: The key is not here or not the trusted one.
    """
    for path in repository.target_paths(RELEASES.name):
        known = read_release(repository.target(RELEASES.name, path) or b"")
        if known.id == release.id:
            raise ReleaseError(f"{release.id} is signed already; a release never changes")
        if known.seq >= release.seq:
            raise ReleaseError(f"{known.id} has the number {known.seq}; a new release needs a higher one")
    repository.put_target(RELEASES.name, release_path(release.id), encoded(release), ring)


def revoke_release(repository: Repository, release_id: str, ring: KeyRing) -> None:
    """Sign the manifest no longer: no device installs it from the next :func:`publish` on."""
    repository.drop_target(RELEASES.name, release_path(release_id), ring)


def publish(repository: Repository, ring: KeyRing) -> None:
    """Make visible what was signed."""
    repository.seal(ring)


def publish_rollout(repository: Repository, rollout: Rollout, ring: KeyRing) -> None:
    """Sign a channel's rollout with the online keys and make it visible."""
    data = json.dumps(rollout.model_dump(mode="json"), indent=1, sort_keys=True).encode() + b"\n"
    repository.put_target(ROLLOUT.name, rollout_path(rollout.channel), data, ring)
    repository.seal(ring)


def published_rollout(repository: Repository, channel: str) -> Rollout | None:
    """The rollout that is signed now."""
    data = repository.target(ROLLOUT.name, rollout_path(channel))
    return Rollout.model_validate_json(data) if data is not None else None


def published_releases(repository: Repository) -> tuple[Release, ...]:
    """All releases that are signed now, oldest first."""
    found = (repository.target(RELEASES.name, path) for path in repository.target_paths(RELEASES.name))
    return tuple(sorted((read_release(data or b"") for data in found), key=lambda each: each.seq))
