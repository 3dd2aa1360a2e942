"""Personal data sealed to the station's key (row 210).

A device holds only the public key: what lies in its outbox, and what a broker's disk keeps, can be
opened by the station alone. HPKE base mode (RFC 9180) with X25519, HKDF-SHA256 and ChaCha20-Poly1305;
the event's header is bound as ``info``, so that a body cannot be moved to another event.
"""

import base64
import binascii
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from messaging.errors import SealError
from runtime.config import read_secret

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class Sealer:
    """Seals to a station. Any thread.

    Args:
        public_key: 32 raw bytes.
    """

    def __init__(self, public_key: bytes) -> None:
        self._key = X25519PublicKey.from_public_bytes(public_key)

    @classmethod
    def from_file(cls, path: Path) -> "Sealer":
        """The sealer for the base64 public key in a file."""
        return cls(_raw_key(path))

    def seal(self, plain: bytes, header: bytes) -> str:
        """The sealed text (base64) that opens only together with ``header``."""
        return base64.b64encode(_SUITE.encrypt(plain, self._key, info=header)).decode()


class Opener:
    """Opens what was sealed to this station. Any thread.

    Args:
        private_key: 32 raw bytes.
    """

    def __init__(self, private_key: bytes) -> None:
        self._key = X25519PrivateKey.from_private_bytes(private_key)

    @classmethod
    def from_file(cls, path: Path) -> "Opener":
        """The opener for the base64 private key in a file."""
        return cls(_raw_key(path))

    def open(self, sealed: str, header: bytes) -> bytes:
        """The plain bytes.

        Raises:
            SealError: Another key, another header, or tampered text.
        """
        try:
            return bytes(_SUITE.decrypt(base64.b64decode(sealed, validate=True), self._key, info=header))
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise SealError("the sealed body cannot be opened") from error


def _raw_key(path: Path) -> bytes:
    try:
        raw = base64.b64decode(read_secret(path), validate=True)
    except (ValueError, binascii.Error):
        raise SealError(f"{path} holds no base64 key") from None
    if len(raw) != 32:
        raise SealError(f"{path} holds a key of {len(raw)} bytes instead of 32")
    return raw
