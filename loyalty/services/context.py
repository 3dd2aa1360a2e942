"""What use cases share besides the unit of work."""

from collections.abc import Callable
from dataclasses import dataclass

from loyalty.ports.cards import CardIssue, CardVerification
from loyalty.ports.messages import MessageWording
from loyalty.ports.unit_of_work import UnitOfWork
from runtime.clock import Clock

UnitOfWorkFactory = Callable[[], UnitOfWork]
"""Opens a new unit of work; for the few use cases that must not hold a transaction all along."""


@dataclass(frozen=True, slots=True)
class ServiceContext:
    """Built once per process.

    ``status_address`` is the start of a status page's address; a token follows it after a slash.
    ``issuer`` is None in a process that has no signing key: its status pages then show no code.
    """

    clock: Clock
    verifier: CardVerification
    wording: MessageWording
    status_address: str
    issuer: CardIssue | None = None

    def status_link(self, token: str) -> str:
        return f"{self.status_address.rstrip('/')}/{token}"
