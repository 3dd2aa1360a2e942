"""Identifiers: UUIDv7 everywhere, and the id of the current boot.

UUIDv7 (RFC 9562 §5.7) sorts by creation time, so that primary keys stay close together on disk.
"""

import uuid
from functools import cache
from pathlib import Path

import uuid_utils

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def new_id() -> uuid.UUID:
    """A fresh UUIDv7."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


@cache
def boot_id() -> uuid.UUID:
    """The kernel's id of this boot; a random one, fixed for the process, where the kernel has none."""
    try:
        return uuid.UUID(_BOOT_ID.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return uuid.uuid4()
