"""Messages to members: the queue, their words, the way out, and the links they carry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from loyalty.domain.message import MemberMessage, MessageKind, MessageParams, MessageState


class MessageRepository(Protocol):
    """The queue of messages to members."""

    def queue(self, message: MemberMessage) -> bool:
        """False, and nothing happens, where a message of the same ``event_key`` was queued before."""

    def knows(self, event_key: str) -> bool:
        """Whether a message of this event was ever queued."""

    def queued(self, limit: int) -> Sequence[MemberMessage]:
        """Oldest first."""

    def recent(self, limit: int) -> Sequence[MemberMessage]:
        """Newest first, in any state."""

    def forget(self, customer_id: UUID) -> None:
        """Blank numbers and texts of all messages to the customer; what is queued is dropped (row 176)."""

    def settle(self, message_id: UUID, state: MessageState, attempts: int, at: datetime) -> None: ...


class StatusLinkRepository(Protocol):
    """Links to status pages, by the SHA-256 of their token."""

    def add(self, token_hash: bytes, customer_id: UUID, at: datetime) -> None: ...

    def customer_of(self, token_hash: bytes) -> UUID | None:
        """None for an unknown or revoked link."""

    def revoke_all_of(self, customer_id: UUID, at: datetime) -> None: ...


class MessageWording(Protocol):
    """The words of a message. Any thread."""

    def body(self, kind: MessageKind, language: str, params: MessageParams) -> str:
        """The text in the language, or in the nearest one there is; free of control characters (row 209)."""

    def html(self, kind: MessageKind, language: str, params: MessageParams) -> str:
        """The text of an e-mail as HTML, with its links to follow."""


class GatewayOutcome(StrEnum):
    """What a gateway did with a message."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    """Surely not sent; it may be tried again."""
    UNKNOWN = "unknown"
    """It may have gone out: never sent again by itself."""


@dataclass(frozen=True, slots=True)
class GatewayAnswer:
    """The outcome, and the provider's own words for the log (no contact data)."""

    outcome: GatewayOutcome
    detail: str = ""
    is_final: bool = False
    """Of a refusal: trying again is useless, the message or its address is what is wrong."""
    retry_after_s: float | None = None
    """Of a refusal: how long the provider asks to be left alone."""


class MessageGateway(Protocol):
    """The way out to members' phones. Called on the sender's thread, outside any transaction."""

    def send(self, message: MemberMessage) -> GatewayAnswer: ...
