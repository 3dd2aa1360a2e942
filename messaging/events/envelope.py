"""The clear header around a sealed event body."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from messaging.codec import decode, encode
from messaging.errors import MalformedMessageError
from messaging.events.registry import EVENTS, EventBody
from messaging.model import DeviceName, Message, UtcTime, example
from messaging.seal import Opener, Sealer


class EventEnvelope(Message):
    """Who says what kind of thing, when, in which session, about which sale; the rest is sealed.

    ``wall`` is what the device's clock showed and decides nothing (X14, row 203); order within one boot
    is by ``seq`` and ``mono_ms``.
    """

    model_config = example(
        v=1,
        id="0192f3c0-0000-7000-8000-000000000001",
        type="code_read",
        device="s0001.k01",
        seq=42,
        boot="6f1c9c2e-2f7b-4a3e-9f63-0f6f4a0c1d11",
        mono_ms=123456,
        wall="2026-11-24T10:15:30.120Z",
        clock_certain=True,
        session="0192f3c0-0000-7000-8000-000000000002",
        sale="0192f3c0-0000-7000-8000-000000000003",
        sealed="c2VhbGVkIHRvIHRoZSBzdGF0aW9u",
    )

    id: UUID
    type: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{1,40}$")]
    device: DeviceName
    seq: Annotated[int, Field(ge=1)]
    boot: UUID
    mono_ms: Annotated[int, Field(ge=0)]
    wall: UtcTime
    clock_certain: bool = True
    session: UUID
    sale: UUID | None = None
    """The open sale that the device last showed; None where it showed none."""
    sealed: Annotated[str, StringConstraints(min_length=1, max_length=11_000)]

    def header(self) -> bytes:
        """What the seal binds: the fields that give the body its meaning."""
        return _header(self.id, self.type, self.device, self.session, self.sale)


def _header(event_id: UUID, kind: str, device: str, session: UUID, sale: UUID | None) -> bytes:
    return f"comptoir-event-1|{event_id}|{kind}|{device}|{session}|{sale or '-'}".encode()


def seal_event(
    body: EventBody,
    sealer: Sealer,
    *,
    event_id: UUID,
    device: str,
    seq: int,
    boot: UUID,
    mono_ms: int,
    wall: UtcTime,
    clock_certain: bool,
    session: UUID,
    sale: UUID | None,
) -> EventEnvelope:
    """The envelope for a body.

    Raises:
        OversizedMessageError: The body does not fit an event.
    """
    header = _header(event_id, body.kind, device, session, sale)
    return EventEnvelope(
        id=event_id,
        type=body.kind,
        device=device,
        seq=seq,
        boot=boot,
        mono_ms=mono_ms,
        wall=wall,
        clock_certain=clock_certain,
        session=session,
        sale=sale,
        sealed=sealer.seal(encode(body, limit_bytes=8_000), header),
    )


def open_body(envelope: EventEnvelope, opener: Opener) -> EventBody:
    """The body of an envelope.

    Raises:
        MalformedMessageError: The type is unknown, or the body is none of that type.
        UnknownVersionError: The body is of another major version.
        SealError: The seal does not open.
    """
    model = EVENTS.get(envelope.type)
    if model is None:
        raise MalformedMessageError(f"unknown event type {envelope.type}")
    return decode(opener.open(envelope.sealed, envelope.header()), model)
