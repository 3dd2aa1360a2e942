"""What use cases share besides the unit of work."""

import secrets
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from loyalty.domain.channel import Channel
from loyalty.ports.cards import CardIssue, CardVerification
from loyalty.ports.messages import MessageWording
from loyalty.ports.unit_of_work import UnitOfWork
from runtime.clock import Clock

UnitOfWorkFactory = Callable[[], UnitOfWork]
"""Opens a new unit of work; for the few use cases that must not hold a transaction all along."""


@dataclass(frozen=True, slots=True)
class ServiceContext:
    """Built once per process.

    ``public_url`` is how members reach the shop from outside: their links start with it.
    ``issuer`` is None in a process that has no signing key: its status pages then show no code.
    """

    clock: Clock
    verifier: CardVerification
    wording: MessageWording
    public_url: str
    issuer: CardIssue | None = None
    code_key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    """Of one-time codes. Of this process alone: they live five minutes, and no file can give them away."""
    open_channels: AbstractSet[Channel] = frozenset(Channel)
    """Ways by which messages to members can leave the shop."""

    def status_link(self, token: str) -> str:
        return f"{self.public_url.rstrip('/')}/s/{token}"

    def opt_out_link(self, token: str) -> str:
        return f"{self.public_url.rstrip('/')}/o/{token}"
