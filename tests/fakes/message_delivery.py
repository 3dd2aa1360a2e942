"""Messages on their way, in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from loyalty.domain.contact.delivery import WAITED_FOR, MessageDecision, Suppression
from loyalty.domain.contact.one_time_code import OneTimeCode
from loyalty.domain.contact.sms_limits import SmsUsage
from loyalty.domain.message import MemberMessage, MessageKind, MessageState
from loyalty.ports.message_delivery import OptOutLink

_WENT_OUT = frozenset({MessageState.SENDING, MessageState.SENT, MessageState.UNKNOWN})


@dataclass(frozen=True)
class Handed:
    """Who handed a message over, when, and at what price."""

    courier: str
    at: datetime
    cost_minor: int


@dataclass
class DeliveryTables:
    """What is stored besides the messages themselves."""

    handed: dict[UUID, Handed] = field(default_factory=dict)
    decisions: list[MessageDecision] = field(default_factory=list)
    suppressions: dict[str, Suppression] = field(default_factory=dict)
    links: dict[bytes, OptOutLink] = field(default_factory=dict)
    codes: dict[UUID, OneTimeCode] = field(default_factory=dict)

    def copy(self) -> "DeliveryTables":
        return DeliveryTables(
            self.handed.copy(),
            self.decisions.copy(),
            self.suppressions.copy(),
            self.links.copy(),
            self.codes.copy(),
        )


class _Tables(Protocol):
    messages: dict[UUID, MemberMessage]
    delivery: DeliveryTables


class InMemoryDeliveries:
    """See ``loyalty.ports.message_delivery.DeliveryRepository``."""

    def __init__(self, tables: _Tables) -> None:
        self._messages, self._tables = tables.messages, tables.delivery

    def due(self, now: datetime, limit: int) -> Sequence[MemberMessage]:
        found = [m for m in self._queued() if m.due_at is None or m.due_at <= now]
        return sorted(found, key=lambda m: (m.kind not in WAITED_FOR, m.due_at or m.queued_at, m.id))[:limit]

    def next_due_at(self) -> datetime | None:
        return min((m.due_at or m.queued_at for m in self._queued()), default=None)

    def get(self, message_id: UUID) -> MemberMessage | None:
        return self._messages.get(message_id)

    def claim(self, message_id: UUID, courier: str, at: datetime, cost_minor: int) -> bool:
        message = self._messages[message_id]
        if message.state is not MessageState.QUEUED:
            return False
        self._change(message_id, {"state": MessageState.SENDING, "attempts": message.attempts + 1})
        self._tables.handed[message_id] = Handed(courier, at, cost_minor)
        return True

    def settle(self, message_id: UUID, state: MessageState, at: datetime, detail: str) -> None:
        self._change(message_id, {"state": state, "settled_at": at, "detail": detail})
        is_code = self._messages[message_id].kind is MessageKind.ONE_TIME_CODE
        if is_code and state is not MessageState.UNKNOWN:
            self._change(message_id, {"body": ""})

    def put_back(self, message_id: UUID, due_at: datetime | None, detail: str) -> None:
        queued = {"state": MessageState.QUEUED, "due_at": due_at, "settled_at": None, "detail": detail}
        self._change(message_id, queued)

    def release(self, reasons: Collection[str]) -> int:
        found = [m for m in self._queued() if m.detail in reasons]
        for message in found:
            self._messages[message.id] = replace(message, due_at=None)
        return len(found)

    def held(self, limit: int) -> Sequence[MemberMessage]:
        waiting = [(m.due_at, m.id, m) for m in self._queued() if m.due_at is not None]
        return [m for _, _, m in sorted(waiting, key=lambda each: each[:2])][:limit]

    def unsent(self, limit: int) -> Sequence[MemberMessage]:
        states = (MessageState.REFUSED, MessageState.DROPPED)
        found = [m for m in self._messages.values() if m.state in states]
        return sorted(found, key=lambda message: message.id, reverse=True)[:limit]

    def interrupted(self, courier: str, at: datetime) -> int:
        found = [
            message.id
            for message in self._messages.values()
            if message.state is MessageState.SENDING and self._tables.handed[message.id].courier == courier
        ]
        for message_id in found:
            self.settle(message_id, MessageState.UNKNOWN, at, "interrupted")
        return len(found)

    def hold_all(self, at: datetime, detail: str) -> int:
        states = {MessageState.QUEUED, MessageState.SENDING}
        found = [message.id for message in self._messages.values() if message.state in states]
        for message_id in found:
            self.settle(message_id, MessageState.UNKNOWN, at, detail)
        return len(found)

    def undecided(self, limit: int) -> Sequence[MemberMessage]:
        found = [m for m in self._messages.values() if m.state is MessageState.UNKNOWN]
        return sorted(found, key=lambda message: message.id)[:limit]

    def usage(self, *, to: str, device: str | None, hour_start: datetime, day_start: datetime) -> SmsUsage:
        went = [
            (message, self._tables.handed[message.id])
            for message in self._messages.values()
            if message.state in _WENT_OUT and message.id in self._tables.handed
        ]
        this_hour = [(message, handed) for message, handed in went if handed.at >= hour_start]
        today = [(message, handed) for message, handed in went if handed.at >= day_start]
        return SmsUsage(
            to_number_this_hour=sum(message.to == to for message, _ in this_hour),
            to_number_today=sum(message.to == to for message, _ in today),
            by_device_this_hour=sum(
                device is not None and message.device == device for message, _ in this_hour
            ),
            by_shop_today=sum(message.to.startswith("+") for message, _ in today),
            cost_today_minor=sum(handed.cost_minor for _, handed in today),
        )

    def add_decision(self, decision: MessageDecision) -> None:
        self._tables.decisions.append(decision)

    def decisions_of(self, message_id: UUID) -> Sequence[MessageDecision]:
        return [decision for decision in self._tables.decisions if decision.message_id == message_id]

    def _queued(self) -> list[MemberMessage]:
        return [m for m in self._messages.values() if m.state is MessageState.QUEUED]

    def _change(self, message_id: UUID, values: Mapping[str, object]) -> None:
        self._messages[message_id] = replace(self._messages[message_id], **values)  # type: ignore[arg-type]


class InMemoryOneTimeCodes:
    """See ``loyalty.ports.message_delivery.OneTimeCodeRepository``."""

    def __init__(self, tables: _Tables) -> None:
        self._codes = tables.delivery.codes

    def add(self, code: OneTimeCode) -> None:
        self._codes[code.id] = code

    def save(self, code: OneTimeCode) -> None:
        self._codes[code.id] = replace(self._codes[code.id], tries=code.tries, used_at=code.used_at)

    def lock(self, code_id: UUID) -> OneTimeCode | None:
        return self._codes.get(code_id)

    def newest(self, session_id: UUID, action: str) -> OneTimeCode | None:
        found = [
            code for code in self._codes.values() if (code.session_id, code.action) == (session_id, action)
        ]
        return max(found, key=lambda code: (code.sent_at, code.id), default=None)

    def count_of_session(self, session_id: UUID) -> int:
        return sum(code.session_id == session_id for code in self._codes.values())

    def count_for(self, customer_id: UUID, since: datetime) -> int:
        return sum(code.customer_id == customer_id and code.sent_at >= since for code in self._codes.values())

    def forget(self, customer_id: UUID) -> None:
        self._delete([code.id for code in self._codes.values() if code.customer_id == customer_id])

    def purge(self, before: datetime) -> int:
        return self._delete([code.id for code in self._codes.values() if code.sent_at < before])

    def _delete(self, code_ids: list[UUID]) -> int:
        for code_id in code_ids:
            del self._codes[code_id]
        return len(code_ids)


class InMemorySuppressions:
    """See ``loyalty.ports.message_delivery.SuppressionRepository``."""

    def __init__(self, tables: _Tables) -> None:
        self._suppressions = tables.delivery.suppressions

    def put(self, suppression: Suppression) -> None:
        self._suppressions[suppression.address] = suppression

    def of(self, address: str) -> Suppression | None:
        return self._suppressions.get(address)

    def recent(self, limit: int) -> Sequence[Suppression]:
        known = sorted(self._tables.suppressions.values(), key=lambda each: each.address)
        return sorted(known, key=lambda each: each.since, reverse=True)[:limit]

    def lift(self, address: str) -> None:
        self._suppressions.pop(address, None)


class InMemoryOptOutLinks:
    """See ``loyalty.ports.message_delivery.OptOutLinkRepository``."""

    def __init__(self, tables: _Tables) -> None:
        self._links = tables.delivery.links

    def add(self, token_hash: bytes, link: OptOutLink, at: datetime) -> None:
        self._links[token_hash] = link

    def find(self, token_hash: bytes) -> OptOutLink | None:
        return self._links.get(token_hash)

    def forget(self, customer_id: UUID) -> None:
        for token_hash, link in list(self._links.items()):
            if link.customer_id == customer_id:
                del self._links[token_hash]
