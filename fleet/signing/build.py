"""Builds a release: its manifest from a folder of wheels, and the blobs by digest."""

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from fleet.documents.release import Health, Machine, Needs, OutboxFormat, Release, Wheel
from fleet.errors import ReleaseError
from fleet.signing.wheels import OWN, WheelFile, chosen_for, locked_digests, read_wheel, refuse_unlocked
from runtime.clock import Clock


@dataclass(frozen=True)
class Recipe:
    """What a release is made of.

    Attributes:
        wheels: Folder with the wheels of all machines.
        lock: ``requirements/run.txt`` of the same source; None only for trials.
        machines: ``(arch, python)`` pairs, as in ``("aarch64", "3.11")``.
    """

    id: str
    seq: int
    wheels: Path
    lock: Path | None
    machines: Sequence[tuple[str, str]]
    min_seq: int = 0
    needs: Needs = field(default_factory=Needs)
    outbox: OutboxFormat = field(default_factory=OutboxFormat)
    health: Health = field(default_factory=Health)


def build_release(recipe: Recipe, out: Path, clock: Clock) -> Release:
    """Write ``<id>.json`` and ``blobs/<sha256>`` into ``out``; nothing is signed yet.

    Raises:
        ReleaseError: A wheel is missing, of another version, or not what the lock allows.
    """
    found = [read_wheel(path) for path in sorted(recipe.wheels.iterdir()) if path.is_file()]
    if not found:
        raise ReleaseError(f"{recipe.wheels} holds no wheels")
    if recipe.lock is not None:
        refuse_unlocked(found, locked_digests(recipe.lock))
    chosen = {machine: chosen_for(found, *machine) for machine in recipe.machines}
    for (arch, python), wheels in chosen.items():
        _check_complete(wheels, arch, python, recipe)
    used = {wheel.path.name: wheel for wheels in chosen.values() for wheel in wheels}
    release = _manifest(recipe, used, chosen, clock)
    blobs = out / "blobs"
    blobs.mkdir(parents=True, exist_ok=True)
    for wheel in used.values():
        shutil.copyfile(wheel.path, blobs / wheel.sha256)
    (out / f"{recipe.id}.json").write_bytes(encoded(release))
    return release


def encoded(release: Release) -> bytes:
    """The manifest as the bytes that are signed."""
    return json.dumps(release.model_dump(mode="json"), indent=1, sort_keys=True).encode() + b"\n"


def _check_complete(wheels: Sequence[WheelFile], arch: str, python: str, recipe: Recipe) -> None:
    own = [wheel for wheel in wheels if wheel.project == OWN]
    if not own:
        raise ReleaseError(f"no wheel of {OWN} fits {arch} with Python {python}")
    if own[0].version != recipe.id:
        raise ReleaseError(f"the wheel of {OWN} is version {own[0].version}, not {recipe.id}")
    if recipe.lock is None:
        return
    missing = set(locked_digests(recipe.lock)) - {wheel.project for wheel in wheels}
    if missing:
        raise ReleaseError(f"{arch} with Python {python} lacks {', '.join(sorted(missing))}")


def _manifest(
    recipe: Recipe,
    used: dict[str, WheelFile],
    chosen: dict[tuple[str, str], tuple[WheelFile, ...]],
    clock: Clock,
) -> Release:
    try:
        return Release(
            id=recipe.id,
            seq=recipe.seq,
            min_seq=recipe.min_seq,
            built_at_s=int(clock.now().timestamp()),
            wheels=tuple(
                Wheel(name=name, sha256=wheel.sha256, length=wheel.length)
                for name, wheel in sorted(used.items())
            ),
            machines=tuple(
                Machine.model_validate(
                    {"arch": arch, "python": python, "wheels": tuple(sorted(w.path.name for w in wheels))}
                )
                for (arch, python), wheels in chosen.items()
            ),
            needs=recipe.needs,
            outbox=recipe.outbox,
            health=recipe.health,
        )
    except ValidationError as error:
        raise ReleaseError(f"the release is not consistent: {error.errors()[0]['msg']}") from error
