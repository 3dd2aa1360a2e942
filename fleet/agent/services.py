"""Starts the processes of a release anew, and reads what they last wrote, by commands of the machine."""

import logging
import subprocess
from collections.abc import Sequence
from pathlib import Path

_log = logging.getLogger(__name__)

_RESTART_S = 60.0
_TAIL_CHARACTERS = 4096
_MORE_CHARACTERS = 200_000


class CommandServices:
    """Services behind two commands; ``systemctl`` and ``journalctl`` on a real machine.

    Args:
        restart: Starts the device's processes anew and returns once they are asked to.
        logs: Prints their last lines.
    """

    def __init__(self, restart: Sequence[str], logs: Sequence[str]) -> None:
        self._restart = tuple(restart)
        self._logs = tuple(logs)

    def restart(self) -> None:
        """A failure is logged: the checks will say what does not run."""
        if self._restart:
            self._run(self._restart)

    def log_tail(self) -> str:
        """The last 4 KiB; empty where they cannot be read."""
        return self.last_lines()[-_TAIL_CHARACTERS:]

    def last_lines(self) -> str:
        """All that the command prints, within reason; empty where it cannot be run."""
        return self._run(self._logs)[-_MORE_CHARACTERS:] if self._logs else ""

    def _run(self, command: Sequence[str]) -> str:
        try:
            ended = subprocess.run(  # noqa: S603 - from the machine's own configuration
                command, capture_output=True, text=True, errors="replace", timeout=_RESTART_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            _log.error("a command did not run", extra={"program": Path(command[0]).name, "why": str(error)})
            return ""
        if ended.returncode != 0:
            _log.error(
                "a command failed", extra={"program": Path(command[0]).name, "why": ended.stderr[-300:]}
            )
        return ended.stdout
