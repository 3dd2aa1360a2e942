"""From topic and bytes to an event, or to the reason why it cannot be one. Pure."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from messaging.codec import decode, readable_id
from messaging.errors import MessagingError
from messaging.events import EventBody, EventEnvelope, open_body
from messaging.seal import Opener
from runtime.errors import ComptoirError


@dataclass(frozen=True)
class ReadEvent:
    """An event of a device, opened. ``digest`` is the SHA-256 of the whole payload."""

    device: str
    digest: bytes
    envelope: EventEnvelope
    body: EventBody

    @property
    def event_id(self) -> UUID:
        return self.envelope.id


@dataclass(frozen=True)
class UnreadableEvent:
    """A payload that is none. With an ``event_id`` it can be answered, so that it is not sent again."""

    device: str
    digest: bytes
    reason: str
    event_id: UUID | None


def read_event(device: str, payload: bytes, opener: Opener) -> ReadEvent | UnreadableEvent:
    """The event in a payload that arrived on the device's own topic; never raises."""
    digest = hashlib.sha256(payload).digest()
    try:
        envelope = decode(payload, EventEnvelope)
    except MessagingError as error:
        return UnreadableEvent(device, digest, error.code, _id_of(payload))
    if envelope.device != device:
        # The broker vouches for the topic; a payload that names another device is refused whole.
        return UnreadableEvent(device, digest, "other_device", envelope.id)
    try:
        body = open_body(envelope, opener)
    except ComptoirError as error:
        return UnreadableEvent(device, digest, error.code, envelope.id)
    return ReadEvent(device, digest, envelope, body)


def _id_of(payload: bytes) -> UUID | None:
    text = readable_id(payload)
    try:
        return UUID(text) if text is not None else None
    except ValueError:
        return None
