"""Which wheels a kind of machine installs: read from their names, checked against the lock."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fleet.errors import ReleaseError

OWN = "comptoir"
LOCALLY_BUILT = frozenset({OWN, "evdev", "sdnotify"})
"""Built by us: the product, and what its authors ship as source only. Not in the lock by this digest."""


@dataclass(frozen=True)
class WheelName:
    """What a wheel's name says (PEP 427)."""

    name: str
    project: str
    version: str
    python: str
    platforms: tuple[str, ...]

    def fits(self, arch: str, python: str) -> bool:
        """Whether the wheel is for this machine.

        Args:
            arch: As ``uname -m`` says.
            python: As in ``3.11``.
        """
        tag = "cp" + python.replace(".", "")
        return self._fits_python(tag) and any(
            platform == "any" or platform.endswith(f"_{arch}") for platform in self.platforms
        )

    def _fits_python(self, tag: str) -> bool:
        tags = self.python.split(".")
        if tag in tags or "py3" in tags:
            return True
        is_stable = "-abi3-" in self.name
        return is_stable and any(
            each.startswith("cp3") and int(each[3:]) <= int(tag[3:]) for each in tags if each[3:].isdigit()
        )


@dataclass(frozen=True)
class WheelFile:
    """A wheel on disk."""

    path: Path
    tags: WheelName
    sha256: str
    length: int

    @property
    def project(self) -> str:
        return self.tags.project

    @property
    def version(self) -> str:
        return self.tags.version


def read_name(name: str) -> WheelName:
    """A wheel's name, taken apart.

    Raises:
        ReleaseError: The name is none of a wheel, as with source archives.
    """
    parts = name.removesuffix(".whl").split("-")
    if not name.endswith(".whl") or len(parts) not in (5, 6):
        raise ReleaseError(f"{name} is no wheel; a device builds nothing")
    project = re.sub(r"[-_.]+", "-", parts[0]).lower()
    return WheelName(name, project, parts[1], parts[-3], tuple(parts[-1].split(".")))


def read_wheel(path: Path) -> WheelFile:
    """A wheel's name and digest.

    Raises:
        ReleaseError: It is none.
    """
    name, data = read_name(path.name), path.read_bytes()
    return WheelFile(path, name, hashlib.sha256(data).hexdigest(), len(data))


def chosen_for(wheels: Iterable[WheelFile], arch: str, python: str) -> tuple[WheelFile, ...]:
    """One wheel a project for a kind of machine, the narrower one where two fit.

    Raises:
        ReleaseError: Two of one project fit equally.
    """
    by_project: dict[str, WheelFile] = {}
    for wheel in sorted(wheels, key=lambda each: each.path.name):
        if not wheel.tags.fits(arch, python):
            continue
        other = by_project.get(wheel.project)
        if other is not None and other.version != wheel.version:
            raise ReleaseError(f"two versions of {wheel.project}: {other.version} and {wheel.version}")
        if other is None or "any" in other.tags.platforms:
            by_project[wheel.project] = wheel
    return tuple(by_project.values())


def locked_digests(lock: Path) -> Mapping[str, frozenset[str]]:
    """Project → digests that the lock allows.

    Raises:
        ReleaseError: The lock cannot be read.
    """
    found: dict[str, frozenset[str]] = {}
    for name, pin in _pins(lock):
        digests = frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", pin))
        found[name] = found.get(name, frozenset()) | digests
    return found


def downloads(lock: Path) -> str:
    """The lock without what is built by us: what is there as wheels for every machine.

    Raises:
        ReleaseError: The lock cannot be read.
    """
    return "\n".join(pin for name, pin in _pins(lock) if name not in LOCALLY_BUILT) + "\n"


def _pins(lock: Path) -> Iterator[tuple[str, str]]:
    try:
        text = lock.read_text(encoding="utf-8")
    except OSError as error:
        raise ReleaseError(f"cannot read the lock {lock}: {error.strerror}") from error
    for pin in re.split(r"\n(?=\S)", text.strip()):
        project = re.match(r"[A-Za-z0-9._-]+", pin)
        if project is not None:
            yield re.sub(r"[-_.]+", "-", project.group()).lower(), pin


def refuse_unlocked(wheels: Iterable[WheelFile], lock: Mapping[str, frozenset[str]]) -> None:
    """Nothing is shipped that was not tested.

    Raises:
        ReleaseError: A wheel is not the one that the lock names.
    """
    for wheel in wheels:
        if wheel.project in LOCALLY_BUILT:
            continue
        if wheel.sha256 not in lock.get(wheel.project, frozenset()):
            raise ReleaseError(f"{wheel.path.name} is not what the lock allows")
