"""Looks at a repository as a new device would, and as one that saw its last state, before an upload."""

import contextlib
import hashlib
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from fleet.agent.http import WebServer
from fleet.agent.signed_source import SignedSource
from fleet.documents.release import Release
from fleet.errors import FleetError
from fleet.signing.publish import published_releases
from fleet.signing.repository import Repository
from fleet.signing.roles import ALL_ROLES, ROLLOUT
from fleet.signing.wheels import read_name
from runtime.clock import Clock


@dataclass(frozen=True)
class Finding:
    """One thing to know; ``is_fault`` where devices would refuse or get stuck."""

    text: str
    is_fault: bool = True


def verify_repository(repository: Repository, clock: Clock, work: Path) -> list[Finding]:
    """All faults and warnings; nothing but warnings means it may be uploaded.

    Args:
        repository: Looked at from outside, over a real web server on loopback.
        clock: Says what is about to end.
        work: Keeps what the last look saw, as an old device would.
    """
    try:
        findings = [*_ends(repository, clock), *_blobs(repository)]
        first_root = (repository.metadata / "1.root.json").read_bytes()
    except (FleetError, OSError) as error:
        return [Finding(str(error))]
    channels = _channels(repository)
    shutil.rmtree(work / "fresh", ignore_errors=True)
    with _served(repository.folder) as base:
        for who, cache in (
            ("a new device", work / "fresh"),
            ("a device that saw the last state", work / "seen"),
        ):
            source = SignedSource(WebServer(base, clock), cache, first_root)
            findings += _as_device(who, source, channels, repository)
    return findings


def _as_device(
    who: str, source: SignedSource, channels: list[str], repository: Repository
) -> Iterator[Finding]:
    try:
        look = source.look()
        for release in published_releases(repository):
            look.release(release.id)
        for channel in channels:
            rollout = look.rollout(channel)
            if rollout is None:
                yield Finding(f"{who} finds no rollout of the channel {channel}")
                continue
            named = {rollout.release, rollout.base, *rollout.pins.values()} - {None}
            for release_id in sorted(str(name) for name in named):
                if look.release(release_id) is None:
                    yield Finding(f"{channel} names {release_id}, which is not signed")
    except FleetError as error:
        yield Finding(f"{who} refuses it: {error.message}")


def _ends(repository: Repository, clock: Clock) -> Iterator[Finding]:
    for role in ALL_ROLES:
        left = repository.ends_at(role.name) - clock.now()
        if left <= timedelta():
            yield Finding(f"the signature of {role.name} ended on {repository.ends_at(role.name):%Y-%m-%d}")
        elif left < role.holds / 3:
            hours = int(left.total_seconds() // 3600)
            yield Finding(f"the signature of {role.name} ends in {hours} h", is_fault=False)


def _blobs(repository: Repository) -> Iterator[Finding]:
    for release in published_releases(repository):
        yield from _wheels(release)
        for wheel in release.wheels:
            path = repository.targets / "blobs" / wheel.sha256
            if not path.is_file():
                yield Finding(f"{release.id}: the blob of {wheel.name} is missing")
                continue
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            if digest != wheel.sha256 or path.stat().st_size != wheel.length:
                yield Finding(f"{release.id}: the blob of {wheel.name} is damaged")


def _wheels(release: Release) -> Iterator[Finding]:
    for machine in release.machines:
        for name in machine.wheels:
            if not read_name(name).fits(machine.arch, machine.python):
                yield Finding(f"{release.id}: {name} is not for {machine.arch} with Python {machine.python}")


def _channels(repository: Repository) -> list[str]:
    paths = repository.target_paths(ROLLOUT.name)
    return [path.partition("/")[2].removesuffix(".json") for path in paths]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        del format, args  # nobody reads a log of our own questions


@contextlib.contextmanager
def _served(folder: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join(5)
