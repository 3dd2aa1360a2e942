"""``comptoir fleet keys|release|verify-repo``: the tool of whoever makes and signs releases."""

import argparse
import getpass
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.errors import CommandError

if TYPE_CHECKING:
    from comptoir.commands import Commands
    from fleet.signing.keys import KeyRing
    from fleet.signing.repository import Repository

_PASSPHRASE = "COMPTOIR_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable, not a passphrase


def register(actions: "Commands") -> None:
    keys = actions.add_parser("keys", help="the keys that devices trust")
    each = keys.add_subparsers(dest="deed", required=True, metavar="deed")
    init = each.add_parser("init", help="make all keys of a new fleet, and the repository they sign")
    init.add_argument(
        "--offline", type=Path, required=True, metavar="DIR", help="a folder a holder; to sticks"
    )
    init.add_argument("--online", type=Path, required=True, metavar="DIR", help="keys that the desk uses")
    init.add_argument("--without-passphrase", action="store_true", help="for trials only")
    _repository(init)
    init.set_defaults(run=_init)
    rotate = each.add_parser("rotate", help="put a new key in the place of one, as in root-2")
    rotate.add_argument("name", metavar="KEY")
    rotate.add_argument(
        "--into", type=Path, required=True, metavar="DIR", help="where the new key is written"
    )
    _signing(rotate)
    rotate.set_defaults(run=_rotate)
    sign_root = each.add_parser("sign-root", help="add signatures to a root that waits for them")
    _signing(sign_root)
    sign_root.set_defaults(run=_sign_root)
    status = each.add_parser("status", help="how long each signature still holds")
    _repository(status)
    status.set_defaults(run=_status)
    renew = each.add_parser("renew", help="sign a role's content for another while")
    renew.add_argument("role", choices=("targets", "releases", "rollout", "snapshot", "timestamp"))
    _signing(renew)
    renew.set_defaults(run=_renew)
    _register_release(actions)
    verify = actions.add_parser("verify-repo", help="what new and old devices would refuse; before an upload")
    _repository(verify)
    verify.set_defaults(run=_verify)


def _register_release(actions: "Commands") -> None:
    release = actions.add_parser("release", help="build, sign, publish and revoke releases")
    each = release.add_subparsers(dest="deed", required=True, metavar="deed")
    downloads = each.add_parser("downloads", help="what of a lock is fetched as wheels; the rest is built")
    downloads.add_argument("--lock", type=Path, required=True, metavar="FILE")
    downloads.add_argument("--out", type=Path, required=True, metavar="FILE")
    downloads.set_defaults(run=_downloads)
    build = each.add_parser("build", help="a manifest and blobs from a folder of wheels")
    build.add_argument("id", metavar="VERSION")
    build.add_argument("--seq", type=int, required=True, help="higher than of any release before")
    build.add_argument("--min-seq", type=int, default=0, help="nothing older is installed afterwards")
    build.add_argument("--wheels", type=Path, required=True, metavar="DIR")
    build.add_argument("--lock", type=Path, metavar="FILE", help="requirements/run.txt of the same source")
    build.add_argument("--machine", action="append", metavar="ARCH/PYTHON", help="as in aarch64/3.11")
    build.add_argument("--health", type=Path, metavar="FILE", help="JSON with settle_s, timeout_s and checks")
    build.add_argument("--out", type=Path, required=True, metavar="DIR")
    build.set_defaults(run=_build)
    sign = each.add_parser("sign", help="sign a built release with the offline key, and copy its blobs")
    sign.add_argument("id", metavar="VERSION")
    sign.add_argument("--built", type=Path, required=True, metavar="DIR", help="what build wrote")
    _signing(sign)
    sign.set_defaults(run=_sign)
    publish = each.add_parser("publish", help="make visible what was signed, with the online keys")
    _signing(publish)
    publish.set_defaults(run=_publish)
    revoke = each.add_parser("revoke", help="sign a release no longer")
    revoke.add_argument("id", metavar="VERSION")
    _signing(revoke)
    revoke.set_defaults(run=_revoke)


def _repository(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--repository", type=Path, required=True, metavar="DIR")


def _signing(parser: argparse.ArgumentParser) -> None:
    _repository(parser)
    parser.add_argument(
        "--keys", type=Path, action="append", required=True, metavar="DIR", help="folder of keys; may repeat"
    )


def _opened(options: argparse.Namespace) -> "tuple[Repository, KeyRing]":
    from fleet.signing.keys import KeyRing
    from fleet.signing.repository import Repository
    from runtime.clock import SystemClock

    return Repository(options.repository, SystemClock()), KeyRing(*options.keys, passphrase=_passphrase)


def _passphrase(name: str) -> bytes | None:
    given = os.environ.get(_PASSPHRASE)
    if given is None and sys.stdin.isatty():
        given = getpass.getpass(f"Passphrase of {name}: ")
    if not given:
        raise CommandError(f"the key {name} needs a passphrase; none was given")
    return given.encode()


def _init(options: argparse.Namespace) -> int:
    from fleet.signing.keys import KeyRing, create_all, no_passphrase
    from fleet.signing.repository import Repository
    from runtime.clock import SystemClock

    passphrase = no_passphrase if options.without_passphrase else _passphrase
    folders = create_all(options.offline, options.online, passphrase)
    repository = Repository(options.repository, SystemClock())
    with repository.locked():
        repository.create(KeyRing(*folders, passphrase=passphrase))
    for folder in folders:
        print(folder)
    print(f"{repository.metadata / '1.root.json'} belongs into the image of every device")
    return 0


def _rotate(options: argparse.Namespace) -> int:
    from fleet.signing.keys import KeyRing, next_name
    from fleet.signing.rotation import rotate

    repository, ring = _opened(options)
    role = options.name.rpartition("-")[0]
    fresh = KeyRing(options.into, passphrase=_passphrase)
    with repository.locked():
        old = ring.public_keyid(options.name)
        name = next_name((*ring.names(), *fresh.names()), role)
        new = fresh.create(name, is_open=role in ("rollout", "snapshot", "timestamp"))
        both = KeyRing(*options.keys, options.into, passphrase=_passphrase)
        is_done = rotate(repository, role, old, new.public_key, both)
    print(f"{name} takes the place of {options.name}")
    if not is_done:
        print("not signed by enough root keys yet: comptoir fleet keys sign-root with the next stick")
    return 0


def _sign_root(options: argparse.Namespace) -> int:
    from fleet.signing.rotation import add_signatures

    repository, ring = _opened(options)
    with repository.locked():
        is_done = add_signatures(repository, ring)
    print("the new root is published" if is_done else "another root key has to sign")
    return 0


def _status(options: argparse.Namespace) -> int:
    from fleet.signing.repository import Repository
    from fleet.signing.roles import ALL_ROLES
    from runtime.clock import SystemClock

    clock = SystemClock()
    repository = Repository(options.repository, clock)
    is_late = False
    for role in ALL_ROLES:
        left = repository.ends_at(role.name) - clock.now()
        is_late |= left < role.holds / 3
        where = "online" if role.is_online else "offline"
        hours = left.total_seconds() / 3600
        print(f"{role.name:10} {where:8} {role.threshold} of {role.keys} keys   {hours:8.1f} h left")
    return 1 if is_late else 0


def _renew(options: argparse.Namespace) -> int:
    repository, ring = _opened(options)
    with repository.locked():
        if options.role == "timestamp":
            repository.stamp(ring)
        elif options.role == "snapshot":
            repository.seal(ring)
        else:
            repository.renew(options.role, ring)
    return 0


def _downloads(options: argparse.Namespace) -> int:
    from fleet.signing.wheels import downloads

    text = downloads(options.lock)
    try:
        options.out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"cannot write {options.out}: {error.strerror}") from error
    return 0


def _build(options: argparse.Namespace) -> int:
    from pydantic import ValidationError

    from fleet.documents.release import Health
    from fleet.signing.build import Recipe, build_release
    from runtime.clock import SystemClock

    here = f"{platform.machine()}/{sys.version_info.major}.{sys.version_info.minor}"
    pairs = [each.partition("/") for each in options.machine or [here]]
    try:
        health = Health.model_validate_json(options.health.read_bytes()) if options.health else Health()
    except (OSError, ValidationError) as error:
        raise CommandError(f"{options.health} is no description of the health checks: {error}") from error
    recipe = Recipe(
        id=options.id,
        seq=options.seq,
        min_seq=options.min_seq,
        wheels=options.wheels,
        lock=options.lock,
        machines=[(arch, python) for arch, _, python in pairs],
        health=health,
    )
    release = build_release(recipe, options.out, SystemClock())
    size = sum(wheel.length for wheel in release.wheels)
    print(
        f"{release.id}: {len(release.wheels)} wheels, {size} bytes,"
        f" for {', '.join(options.machine or [here])}"
    )
    return 0


def _sign(options: argparse.Namespace) -> int:
    from fleet.signing.publish import add_blobs, read_release, sign_release

    repository, ring = _opened(options)
    try:
        release = read_release((options.built / f"{options.id}.json").read_bytes())
    except OSError as error:
        raise CommandError(f"{options.id} was not built in {options.built}: {error.strerror}") from error
    with repository.locked():
        copied = add_blobs(repository, release, options.built / "blobs")
        sign_release(repository, release, ring)
    print(f"{release.id} is signed; {copied} bytes of blobs are new. Next: comptoir fleet release publish")
    return 0


def _publish(options: argparse.Namespace) -> int:
    from fleet.signing.publish import publish

    repository, ring = _opened(options)
    with repository.locked():
        publish(repository, ring)
    print("published; comptoir fleet verify-repo before the upload")
    return 0


def _revoke(options: argparse.Namespace) -> int:
    from fleet.signing.publish import revoke_release

    repository, ring = _opened(options)
    with repository.locked():
        revoke_release(repository, options.id, ring)
    print(f"{options.id} is signed no longer; devices learn it after comptoir fleet release publish")
    return 0


def _verify(options: argparse.Namespace) -> int:
    from fleet.signing.repository import Repository
    from fleet.signing.verify import verify_repository
    from runtime.clock import SystemClock

    clock = SystemClock()
    work = options.repository / ".seen"
    findings = verify_repository(Repository(options.repository, clock), clock, work)
    for finding in findings:
        print(f"{'BAD ' if finding.is_fault else 'note'}  {finding.text}")
    is_bad = any(finding.is_fault for finding in findings)
    print("devices would refuse this" if is_bad else "new and old devices accept this")
    return 1 if is_bad else 0
