"""Verifying membership codes, with public keys only and without a network."""

from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from codes.card import CardCode, Rejected, parse_card
from codes.errors import CardKeyError
from codes.keys import key_id, read_keys


class CardVerifier:
    """Knows the keys whose codes are good: the current one and, after a rotation, earlier ones. Any thread.

    Args:
        public_keys: 32 raw bytes each. A revoked key is left out; its cards are then ``other_shop``.
    """

    def __init__(self, public_keys: Iterable[bytes]) -> None:
        self._keys: dict[bytes, Ed25519PublicKey] = {}
        for raw in public_keys:
            try:
                self._keys[key_id(raw)] = Ed25519PublicKey.from_public_bytes(raw)
            except ValueError as error:
                raise CardKeyError("a verification key is not 32 bytes of Ed25519") from error

    @classmethod
    def from_file(cls, path: Path) -> "CardVerifier":
        """The verifier for all keys of a file.

        Raises:
            CardKeyError: See :func:`codes.keys.read_keys`.
        """
        return cls(read_keys(path))

    def verify(self, text: str) -> CardCode | Rejected:
        """The code, if one of our keys signed it; else why not.

        That the card exists and is not revoked is for the station to say.
        """
        code = parse_card(text)
        if isinstance(code, Rejected):
            return code
        key = self._keys.get(code.key_id)
        if key is None:
            return Rejected("other_shop")
        try:
            key.verify(code.signature, code.signed_bytes)
        except InvalidSignature:
            return Rejected("bad_signature")
        return code
