"""One agent works on a device's folder at a time: two would undo each other's half-done steps."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from fleet.agent.disk import disk_errors_told
from fleet.errors import AgentRunsError


@contextlib.contextmanager
def alone_in(root: Path) -> Iterator[None]:
    """Hold the folder for this process; whoever is killed lets go of it, so that nothing stale is left.

    Raises:
        AgentRunsError: Another process holds it.
        DiskError: There is no such folder and none can be made.
    """
    with disk_errors_told():
        root.mkdir(parents=True, exist_ok=True)
        handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AgentRunsError(f"another update agent works in {root}; stop it first") from error
        yield
    finally:
        os.close(handle)
