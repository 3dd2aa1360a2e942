"""Making membership codes: only where the signing key is, never on a device (row 210)."""

from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from codes.card import CardCode, CardKind
from codes.keys import key_id, read_keys


class CardSigner:
    """Signs codes with one key. Any thread.

    Args:
        private_key: 32 raw bytes of an Ed25519 key.
    """

    def __init__(self, private_key: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private_key)
        self.public_key = self._key.public_key().public_bytes_raw()
        self._key_id = key_id(self.public_key)

    @classmethod
    def from_file(cls, path: Path) -> "CardSigner":
        """The signer for the first key of a file, which is the current one.

        Raises:
            CardKeyError: See :func:`codes.keys.read_keys`.
        """
        return cls(read_keys(path)[0])

    def static(self, card_id: UUID) -> str:
        """The text of a code to print."""
        return self._sign(CardKind.STATIC, card_id, None)

    def rotating(self, card_id: UUID, step: int) -> str:
        """The text of the code for one time step (:data:`codes.card.STEP_S` seconds of Unix time)."""
        return self._sign(CardKind.ROTATING, card_id, step)

    def _sign(self, kind: CardKind, card_id: UUID, step: int | None) -> str:
        unsigned = CardCode(kind, self._key_id, card_id, step, b"")
        signature = self._key.sign(unsigned.signed_bytes)
        return CardCode(kind, self._key_id, card_id, step, signature).text
