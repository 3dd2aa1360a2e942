"""Checking and drawing signed membership codes. ``codes.CardVerifier`` and ``codes.CardSigner`` are such."""

from typing import Protocol
from uuid import UUID

from codes import CardCode, Rejected


class CardVerification(Protocol):
    """Knows the public keys. Any thread."""

    def verify(self, text: str) -> CardCode | Rejected: ...


class CardIssue(Protocol):
    """Holds the signing key. Any thread."""

    def static(self, card_id: UUID) -> str: ...

    def rotating(self, card_id: UUID, step: int) -> str: ...
