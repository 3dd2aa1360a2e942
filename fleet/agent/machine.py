"""What this machine is and has: asked before anything is fetched."""

import ctypes
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Machine:
    """What a release is compared with.

    Attributes:
        arch: As ``uname -m`` says.
        python: As in ``3.11``.
        interpreter: Makes the environment of a release; of the system, not of a release.
    """

    arch: str
    python: str
    interpreter: Path

    def lacks(self, libraries: tuple[str, ...]) -> list[str]:
        """Which of the system's libraries are not there."""
        return [name for name in libraries if not _has_library(name)]


def this_machine() -> Machine:
    """The machine we run on."""
    system = shutil.which("python3", path="/usr/bin:/usr/local/bin") or sys.executable
    return Machine(
        arch=platform.machine(),
        python=f"{sys.version_info.major}.{sys.version_info.minor}",
        interpreter=Path(system).resolve(),
    )


def _has_library(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True
