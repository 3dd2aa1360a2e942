"""Child processes that end with us, whatever happens to us."""

import contextlib
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from comptoir.errors import CommandError

_STOP_S = 8.0
_POLL_S = 0.05


class DemoError(CommandError):
    """The demo cannot start or cannot go on; the message says which part and where its log is."""

    code: ClassVar[str] = "demo"


class Supervisor:
    """Starts children in order, stops them in reverse; each writes a log file of its own.

    A child is started through ``setpriv --pdeathsig``, so that the kernel ends it even when this process
    is killed outright.
    """

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, command: list[str], environment: dict[str, str] | None = None) -> None:
        """Start a child under a name."""
        wrapper = shutil.which("setpriv")
        if wrapper is None:
            raise DemoError("setpriv is missing; it is part of Debian's util-linux")
        path = self._logs / f"{name}.log"
        path.touch(mode=0o600)
        with path.open("ab") as log:
            self._children[name] = subprocess.Popen(
                [wrapper, "--pdeathsig", "TERM", "--", *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,  # Ctrl-C goes to us alone; we stop the children in order
            )

    def wait_until(self, name: str, is_ready: Callable[[], bool], timeout_s: float) -> None:
        """Wait for a child's readiness.

        Raises:
            DemoError: It ended, or was not ready in time; with the last lines of its log.
        """
        deadline = time.monotonic() + timeout_s
        while not is_ready():
            if self._children[name].poll() is not None:
                raise DemoError(f"{name} ended at start:\n{self.log_tail(name)}")
            if time.monotonic() > deadline:
                raise DemoError(f"{name} was not ready within {timeout_s:.0f} s:\n{self.log_tail(name)}")
            time.sleep(_POLL_S)

    def ended(self) -> str | None:
        """The name of a child that ended by itself, if any."""
        return next((name for name, child in self._children.items() if child.poll() is not None), None)

    def pid(self, name: str) -> int:
        return self._children[name].pid

    def kill(self, name: str) -> None:
        """End a child at once, as a crash would."""
        child = self._children.pop(name)
        child.kill()
        child.wait()

    def stop(self) -> None:
        """Ask all children to end, in reverse order, and see that they did."""
        for name in reversed(list(self._children)):
            child = self._children.pop(name)
            if child.poll() is None:
                child.terminate()
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(_STOP_S)
            if child.poll() is None:
                child.kill()
                child.wait()

    def log_tail(self, name: str, lines: int = 15) -> str:
        try:
            text = (self._logs / f"{name}.log").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return "(no log)"
        return "\n".join(text.splitlines()[-lines:])
