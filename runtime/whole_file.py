"""A file is replaced whole or not at all, whatever happens meanwhile."""

import os
from pathlib import Path


def replace_file(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Replace a file in one step, on the disk before this returns.

    From its first byte on the new file has this mode, whatever the umask says; its folder has to be there.

    Raises:
        OSError: Nothing was changed.
    """
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    fresh.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def replace_if_other(path: Path, content: bytes, mode: int = 0o600) -> bool:
    """As :func:`replace_file`, only where the file is missing or holds something else.

    Returns:
        Whether it was written.

    Raises:
        OSError: Nothing was changed.
    """
    if path.exists() and path.read_bytes() == content:
        return False
    replace_file(path, content, mode)
    return True
