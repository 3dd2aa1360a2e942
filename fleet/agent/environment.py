"""Makes a release's Python environment from its wheels, by uv, without a network."""

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from fleet.agent.layout import Layout
from fleet.documents.release import Wheel
from fleet.errors import InstallError

_LONGEST_S = 900
_ALIVE_S = 5
_SMOKE = "import comptoir.__main__"


class UvEnvironments:
    """Builds ``venv`` in a release's folder. Copies, so that two releases share no block of the disk.

    Args:
        layout: Where the blobs lie.
        uv: Belongs to the machine.
        interpreter: The system's Python.
        smoke: What the new environment must be able to run.
        is_compiled: Whether bytecode is made at once.
        alive: Called every few seconds meanwhile.
    """

    def __init__(
        self,
        layout: Layout,
        uv: Path,
        interpreter: Path,
        smoke: str = _SMOKE,
        *,
        is_compiled: bool = True,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self._alive = alive
        self._layout = layout
        self._uv = uv
        self._interpreter = interpreter
        self._smoke = smoke
        self._compile = ("--compile-bytecode",) if is_compiled else ()

    def build(self, folder: Path, wheels: Sequence[Wheel]) -> None:
        """Fill ``folder`` with an environment of exactly these wheels.

        Raises:
            InstallError: uv refuses, or the environment cannot import the product.
        """
        venv, wheelhouse = folder / "venv", folder / "wheelhouse"
        self._run(str(self._uv), "venv", "--quiet", "--no-project", "--relocatable", "--python",
                  str(self._interpreter), str(venv))  # fmt: skip
        wheelhouse.mkdir()
        for wheel in wheels:
            # uv reads a wheel's name from the file; the blob is named by its digest.
            (wheelhouse / wheel.name).symlink_to(self._layout.blob(wheel.sha256).resolve())
        lines = (f"{_requirement(wheel.name)} --hash=sha256:{wheel.sha256}" for wheel in wheels)
        requirements = folder / "requirements.txt"
        requirements.write_text("\n".join(lines) + "\n", encoding="ascii")
        self._run(
            str(self._uv), "pip", "install", "--quiet", "--no-cache", "--offline", "--no-index",
            "--find-links", str(wheelhouse), "--no-build", "--require-hashes", "--no-deps",
            "--link-mode", "copy", *self._compile, "--python", str(venv / "bin" / "python"), "-r",
            str(requirements),
        )  # fmt: skip
        for link in wheelhouse.iterdir():
            link.unlink()
        wheelhouse.rmdir()
        self._run(str(venv / "bin" / "python"), "-P", "-c", self._smoke)

    def _run(self, *command: str) -> None:
        environment = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(self._layout.root)}
        # A RAM disk may be too small for what is unpacked.
        environment["TMPDIR"] = str(self._layout.root)
        try:
            started = subprocess.Popen(  # noqa: S603 - fixed commands over checked names
                command, env=environment, cwd=self._layout.root, stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE, text=True, errors="replace",
            )  # fmt: skip
        except OSError as error:
            raise InstallError(f"{Path(command[0]).name} did not run: {error}") from error
        with started:
            said = self._waited_for(started)
        if started.returncode != 0:
            raise InstallError(f"{Path(command[0]).name} failed: {said.strip()[-400:]}")

    def _waited_for(self, started: "subprocess.Popen[str]") -> str:
        """What it wrote to standard error."""
        for _ in range(_LONGEST_S // _ALIVE_S):
            try:
                return started.communicate(timeout=_ALIVE_S)[1]
            except subprocess.TimeoutExpired:
                self._alive()
        started.kill()
        raise InstallError(f"{Path(str(started.args[0])).name} did not end within {_LONGEST_S} s")  # type: ignore[index]


def _requirement(wheel_name: str) -> str:
    project, version = wheel_name.split("-")[:2]
    return f"{project}=={version}"
