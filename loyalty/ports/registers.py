"""Registers beside the lanes, and the hashes of their keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.register import Register


class RegisterRepository(Protocol):
    """Which registers may speak for which lanes. A key's hash leaves it to be compared only."""

    def save(self, register: Register) -> None:
        """Add or replace it; its key's hash and its last use stay as they are.

        Raises:
            ConflictError: Another one that is not revoked has the same certificate.
        """

    def put_key_hash(self, register_id: UUID, key_hash: bytes | None) -> None:
        """Replace the key; None takes it away."""

    def get(self, register_id: UUID) -> Register | None: ...

    def key_hash_of(self, register_id: UUID) -> bytes | None:
        """None where it has no key."""

    def by_certificate(self, name: str) -> Register | None:
        """The one of this certificate that is not revoked."""

    def all(self) -> Sequence[Register]:
        """Oldest first, revoked ones too."""

    def note_use(self, register_id: UUID, at: datetime) -> None: ...
