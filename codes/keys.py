"""Key files: base64 of the 32 raw bytes, one key a line; ``#`` starts a comment."""

import base64
import binascii
import hashlib
from pathlib import Path

from codes.errors import CardKeyError


def key_id(public_key: bytes) -> bytes:
    """The four bytes by which a code names its key."""
    return hashlib.sha256(b"comptoir-card-key|" + public_key).digest()[:4]


def read_keys(path: Path) -> tuple[bytes, ...]:
    """The raw keys of a file, in order.

    Raises:
        CardKeyError: The file cannot be read, is empty, or holds something else.
    """
    try:
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CardKeyError(f"cannot read the card keys in {path}") from error
    keys = tuple(_key(line.strip(), path) for line in lines if line.strip() and not line.startswith("#"))
    if not keys:
        raise CardKeyError(f"{path} holds no card key")
    return keys


def _key(line: str, path: Path) -> bytes:
    try:
        raw = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        raise CardKeyError(f"{path} holds a line that is no card key")
    return raw
