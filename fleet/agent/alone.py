"""One agent works on a device's folder at a time: two would undo each other's half-done steps."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from fleet.agent.disk import disk_errors_told
from fleet.errors import AgentRunsError
from runtime.folder_lock import FolderHeldError, folder_held


@contextlib.contextmanager
def alone_in(root: Path) -> Iterator[None]:
    """Hold the folder for this agent.

    Raises:
        AgentRunsError: Another process holds it.
        DiskError: There is no such folder and none can be made.
    """
    with disk_errors_told():
        root.mkdir(parents=True, exist_ok=True)
    try:
        with folder_held(root):
            yield
    except FolderHeldError as error:
        raise AgentRunsError(f"another update agent works in {root}; stop it first") from error
