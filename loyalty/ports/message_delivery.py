"""Messages on their way: handing over, limits, decisions of a person, and who wants none."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.contact.delivery import MessageDecision, Suppression
from loyalty.domain.contact.one_time_code import OneTimeCode
from loyalty.domain.contact.sms_limits import SmsUsage
from loyalty.domain.message import MemberMessage, MessageState


class DeliveryRepository(Protocol):
    """The queue as the courier sees it."""

    def due(self, now: datetime, limit: int) -> Sequence[MemberMessage]:
        """Queued messages whose time has come: what members wait for first, then the oldest."""

    def next_due_at(self) -> datetime | None:
        """The earliest time at which a queued message is due; None where none is queued."""

    def get(self, message_id: UUID) -> MemberMessage | None: ...

    def claim(self, message_id: UUID, courier: str, at: datetime, cost_minor: int) -> bool:
        """Turn a queued message into one that is being sent, and count the attempt.

        False, and nothing happens, where it is not queued any more: another courier has it.
        """

    def settle(self, message_id: UUID, state: MessageState, at: datetime, detail: str) -> None:
        """Store what became of it; the digits of a one-time code are forgotten once it is decided."""

    def put_back(self, message_id: UUID, due_at: datetime | None, detail: str) -> None:
        """Queue it again for ``due_at``; None is at once."""

    def release(self, reasons: Collection[str]) -> int:
        """Let queued messages that wait for one of these reasons be judged again at once; how many."""

    def held(self, limit: int) -> Sequence[MemberMessage]:
        """Queued messages that wait for their time, the next one first."""

    def unsent(self, limit: int) -> Sequence[MemberMessage]:
        """Of the newest few thousand those that were refused for good or dropped, newest first."""

    def interrupted(self, courier: str, at: datetime) -> int:
        """Turn what this courier was sending into unknown; how many there were."""

    def hold_all(self, at: datetime, detail: str) -> int:
        """Turn whatever is queued or being sent into what waits for a person; how many there were."""

    def undecided(self, limit: int) -> Sequence[MemberMessage]:
        """Messages that wait for a person, oldest first."""

    def usage(self, *, to: str, device: str | None, hour_start: datetime, day_start: datetime) -> SmsUsage:
        """What went out, or may have gone out, since."""

    def add_decision(self, decision: MessageDecision) -> None: ...

    def decisions_of(self, message_id: UUID) -> Sequence[MessageDecision]:
        """Oldest first."""


class OneTimeCodeRepository(Protocol):
    """Codes that were sent, as keyed digests."""

    def add(self, code: OneTimeCode) -> None: ...

    def save(self, code: OneTimeCode) -> None:
        """Store tries and use."""

    def lock(self, code_id: UUID) -> OneTimeCode | None:
        """The code, which nobody else tries until this transaction ends."""

    def newest(self, session_id: UUID, action: str) -> OneTimeCode | None: ...

    def count_of_session(self, session_id: UUID) -> int: ...

    def count_for(self, customer_id: UUID, since: datetime) -> int: ...

    def forget(self, customer_id: UUID) -> None:
        """Delete the codes of a customer (row 176)."""

    def purge(self, before: datetime) -> int:
        """Delete what was sent before; how many there were."""


class SuppressionRepository(Protocol):
    """Addresses that get nothing."""

    def put(self, suppression: Suppression) -> None:
        """Add, or replace the one of the same address."""

    def of(self, address: str) -> Suppression | None: ...

    def recent(self, limit: int) -> Sequence[Suppression]:
        """Newest first."""

    def lift(self, address: str) -> None: ...


@dataclass(frozen=True, slots=True)
class OptOutLink:
    """What an opt-out link is about."""

    customer_id: UUID | None
    """None where the address was given for one receipt and is no member's."""
    address: str


class OptOutLinkRepository(Protocol):
    """Opt-out links by the SHA-256 of their token. They never expire: an old message must still let go."""

    def add(self, token_hash: bytes, link: OptOutLink, at: datetime) -> None: ...

    def find(self, token_hash: bytes) -> OptOutLink | None: ...

    def forget(self, customer_id: UUID) -> None:
        """Delete the links of a customer, and with them the addresses (row 176)."""
