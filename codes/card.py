"""The format of a signed membership code (row 169, ADR 0004).

``CM1`` and upper-case base32 without padding of ``body || signature``: letters and digits only, so that a
QR code takes the compact alphanumeric mode and a scanner in any keyboard layout can type it. The body is
kind (1 byte), key id (4), card id (16) and, for a rotating code, the time step (4, big-endian); the
signature is Ed25519 over the text ``comptoir-card-1|`` and the body. A code holds no personal data.
"""

import base64
import binascii
import struct
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

PREFIX = "CM1"
STEP_S = 60
"""Seconds that one rotating code is shown."""

_CONTEXT = b"comptoir-card-1|"
_STATIC = struct.Struct(">B4s16s")
_ROTATING = struct.Struct(">B4s16sI")
_SIGNATURE_BYTES = 64


class CardKind(Enum):
    """How a code is carried: printed for years, or drawn anew on a phone."""

    STATIC = 1
    ROTATING = 2


@dataclass(frozen=True)
class Rejected:
    """Why a text is no code of ours: ``malformed``, ``other_shop`` or ``bad_signature``."""

    reason: str


@dataclass(frozen=True)
class CardCode:
    """A code taken apart; nothing of it is believed before the signature was verified."""

    kind: CardKind
    key_id: bytes
    card_id: UUID
    step: int | None
    signature: bytes

    @property
    def signed_bytes(self) -> bytes:
        return _CONTEXT + self.body

    @property
    def body(self) -> bytes:
        if self.step is None:
            return _STATIC.pack(self.kind.value, self.key_id, self.card_id.bytes)
        return _ROTATING.pack(self.kind.value, self.key_id, self.card_id.bytes, self.step)

    @property
    def text(self) -> str:
        return PREFIX + base64.b32encode(self.body + self.signature).decode().rstrip("=")


def parse_card(text: str) -> CardCode | Rejected:
    """The code that a text claims to be. Lower case is taken too; nothing else is forgiven."""
    text = text.upper()
    if not text.startswith(PREFIX) or len(text) > 200:
        return Rejected("malformed")
    encoded = text[len(PREFIX) :]
    try:
        raw = base64.b32decode(encoded + "=" * (-len(encoded) % 8))
    except (binascii.Error, ValueError):
        return Rejected("malformed")
    if base64.b32encode(raw).decode().rstrip("=") != encoded:
        return Rejected("malformed")  # one code has one spelling only
    body, signature = raw[:-_SIGNATURE_BYTES], raw[-_SIGNATURE_BYTES:]
    if len(body) == _STATIC.size and body[0] == CardKind.STATIC.value:
        _, key_id, card = _STATIC.unpack(body)
        return CardCode(CardKind.STATIC, key_id, UUID(bytes=card), None, signature)
    if len(body) == _ROTATING.size and body[0] == CardKind.ROTATING.value:
        _, key_id, card, step = _ROTATING.unpack(body)
        return CardCode(CardKind.ROTATING, key_id, UUID(bytes=card), step, signature)
    return Rejected("malformed")
