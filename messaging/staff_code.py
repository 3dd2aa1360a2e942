"""The code that opens the staff corner of a customer's screen, and what devices keep of it.

A device checks it without the station: the corner is wanted most when the network is down. What it keeps is
slow to try (scrypt), and the code opens nothing but the device's own state.
"""

import base64
import binascii
import hashlib
import hmac
import os
import re

from messaging.errors import MalformedMessageError

CODE = re.compile(r"[0-9]{6,10}")
"""Six digits at least: five tries every five minutes leave no way to guess them."""

_COST, _BLOCK, _LANES = 1 << 14, 8, 1
_MEMORY_BYTES = 64 * 1024 * 1024
_VERIFIER = re.compile(r"scrypt-1:([A-Za-z0-9+/=]{24}):([A-Za-z0-9+/=]{44})")


def verifier_of(code: str) -> str:
    """What devices get: salt and digest.

    Raises:
        MalformedMessageError: It is no code of six to ten digits.
    """
    if not CODE.fullmatch(code):
        raise MalformedMessageError("a staff code has six to ten digits")
    salt = os.urandom(16)
    return f"scrypt-1:{_text(salt)}:{_text(_digest(code, salt))}"


def is_right(code: str, verifier: str) -> bool:
    """Whether this is the code; False also for a verifier that is none. Takes some 50 ms."""
    parts = _VERIFIER.fullmatch(verifier)
    if parts is None or not CODE.fullmatch(code):
        return False
    try:
        salt, wanted = (base64.b64decode(part, validate=True) for part in parts.groups())
    except binascii.Error:
        return False
    return hmac.compare_digest(_digest(code, salt), wanted)


def _digest(code: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        code.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=_MEMORY_BYTES, dklen=32
    )


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
