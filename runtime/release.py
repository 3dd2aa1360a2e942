"""Which release is installed, and which one a process was started from."""

import os
from importlib import metadata


def installed() -> str:
    """As in ``1.5.0``; ``0+source`` when run from a source tree that is not installed."""
    try:
        return metadata.version("comptoir")
    except metadata.PackageNotFoundError:
        return "0+source"


def started_from() -> str:
    """As the launcher says it in the environment; empty where none started this process."""
    return os.environ.get("COMPTOIR_RELEASE", "")
