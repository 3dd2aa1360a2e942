"""The bytes that answer an event, and the records that make the answer the same for ever."""

from datetime import datetime
from uuid import UUID

from loyalty.domain.delivery import MAX_DEAD_PAYLOAD_BYTES, DeadLetter, ProcessedEvent
from loyalty.ports.unit_of_work import UnitOfWork
from messaging.codec import encode
from messaging.model import Why
from messaging.station.result import Result
from messaging.station.show import Noted, Show
from runtime.ids import new_id


def result_bytes(
    event_id: UUID, session: UUID | None, at: datetime, show: Show, refused: Why | None
) -> bytes:
    """The result message, encoded."""
    return encode(
        Result(
            event_id=event_id,
            outcome="accepted" if refused is None else "refused",
            why=refused,
            session=session,
            at=at,
            show=show,
        )
    )


def refusal_bytes(event_id: UUID, at: datetime, reason: str) -> bytes:
    """The result for an event that could not be understood: nothing for the customer, a code for the log."""
    return result_bytes(event_id, None, at, Noted(), Why(code=reason))


def remember(
    unit: UnitOfWork, device: str, event_id: UUID, *, digest: bytes, answer: bytes, at: datetime
) -> None:
    """Store the answer in the transaction of the effect, to be given again byte for byte."""
    unit.inbox.add(
        ProcessedEvent(
            source=device, event_id=event_id, digest=digest, result=answer.decode(), processed_at=at
        )
    )


def bury(unit: UnitOfWork, *, reason: str, source: str, topic: str, payload: bytes, at: datetime) -> None:
    """Keep a payload that could not be taken, for a person to look at."""
    unit.dead_letters.add(
        DeadLetter(
            id=new_id(),
            reason=reason,
            source=source[:100],
            topic=topic[:200],
            payload=payload[:MAX_DEAD_PAYLOAD_BYTES],
            received_at=at,
        )
    )
