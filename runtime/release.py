"""The release that a process was started from, as the launcher says it in the environment."""

import os


def started_from() -> str:
    """As in ``1.5.0``; empty where no launcher started this process."""
    return os.environ.get("COMPTOIR_RELEASE", "")
