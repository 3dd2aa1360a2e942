"""The short code that a new device and the station both show, and why nobody between them can fake it.

The device first sends a commitment to its key and a random number, then the station sends its own random
number, and only then the device shows what it was committed to. So whoever stands between has to choose
before knowing what the code will be: one chance in a million for each try, and five tries.
"""

import hashlib
import hmac
import secrets
from uuid import UUID

NONCE_BYTES = 16
CODE_DIGITS = 6
DEVICES_PATH = "/devices"
"""Of the station's page where staff let devices in."""


def new_nonce() -> str:
    """A random number in hexadecimal."""
    return secrets.token_hex(NONCE_BYTES)


def commitment(pairing: UUID, public_key_der: bytes, nonce: str) -> str:
    """What the device sends before anything else, in hexadecimal."""
    return _digest("commit", pairing, hashlib.sha256(public_key_der).hexdigest(), nonce)


def opens(committed: str, pairing: UUID, public_key_der: bytes, nonce: str) -> bool:
    """Whether key and random number are those that were committed to."""
    return hmac.compare_digest(committed, commitment(pairing, public_key_der, nonce))


def short_code(
    pairing: UUID, *, public_key_der: bytes, ca_der: bytes, device_nonce: str, station_nonce: str
) -> str:
    """Six digits from both keys and both random numbers: the same on both sides, or somebody is between."""
    digest = _digest(
        "code",
        pairing,
        hashlib.sha256(public_key_der).hexdigest(),
        hashlib.sha256(ca_der).hexdigest(),
        device_nonce,
        station_nonce,
    )
    return f"{int(digest, 16) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def page_for(pages: str, code: str) -> str:
    """Where a phone opens the station's page of devices with the digits filled in.

    Args:
        pages: As in ``https://comptoir.local:8443``.
        code: Six digits.
    """
    return f"{pages}{DEVICES_PATH}?code={code}"


def _digest(what: str, pairing: UUID, *parts: str) -> str:
    return hashlib.sha256("|".join(("comptoir-pairing-1", what, str(pairing), *parts)).encode()).hexdigest()
