"""Messages to bytes and back: JSON, UTF-8, a size limit that is checked before anything is queued.

A message over the broker's ``max_packet_size`` would be sent again at every reconnect for ever, so the
limit stands here, below the broker's.
"""

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from messaging.errors import (
    CardNumberError,
    MalformedMessageError,
    OversizedMessageError,
    UnknownVersionError,
)

MAX_PAYLOAD_BYTES = 12 * 1024
"""Of any MQTT message; the broker takes 16 KiB with topic and properties."""

_MAX_PACKET_BYTES = 16 * 1024

MAX_LOCAL_BYTES = 4 * 1024 * 1024
"""Of a message on the local socket, which also carries pictures of the screen."""

ModelT = TypeVar("ModelT", bound=BaseModel)


def encode(message: BaseModel, limit_bytes: int = MAX_PAYLOAD_BYTES) -> bytes:
    """The message as compact JSON.

    Raises:
        OversizedMessageError: It is longer than ``limit_bytes``.
    """
    payload = message.model_dump_json().encode()
    if len(payload) > limit_bytes:
        raise OversizedMessageError(
            f"{type(message).__name__} of {len(payload)} bytes is over the limit of {limit_bytes}"
        )
    return payload


def decode(payload: bytes, model: type[ModelT], limit_bytes: int = MAX_PAYLOAD_BYTES) -> ModelT:
    """The message that the bytes hold.

    Raises:
        OversizedMessageError: The payload is longer than ``limit_bytes``.
        UnknownVersionError: It is JSON of another major version.
        CardNumberError: It has a payment card's number where a token belongs.
        MalformedMessageError: It is anything else than a valid ``model``; ``fields["at"]`` says where.
    """
    if len(payload) > limit_bytes:
        raise OversizedMessageError(f"payload of {len(payload)} bytes is over the limit of {limit_bytes}")
    try:
        return model.model_validate_json(payload)
    except ValidationError as error:
        if any(fault["loc"] == ("v",) and fault["type"] == "literal_error" for fault in error.errors()):
            raise UnknownVersionError(f"{model.__name__} of an unknown version") from None
        if any(fault["type"] == CardNumberError.code for fault in error.errors()):
            raise CardNumberError(f"{model.__name__} with what could be a card number") from None
        places = ", ".join(sorted({".".join(map(str, fault["loc"])) or "body" for fault in error.errors()}))
        raise MalformedMessageError(
            f"not a valid {model.__name__}: {places[:300]}", at=places[:300]
        ) from None


def readable_id(payload: bytes) -> str | None:
    """The ``id`` of a message that cannot be decoded otherwise, so that it can be answered; else None.

    It is looked for in whatever the broker lets through, also in what is too long for a message.
    """
    if len(payload) > _MAX_PACKET_BYTES:
        return None
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    found = document.get("id") if isinstance(document, dict) else None
    return found if isinstance(found, str) and len(found) <= 36 else None
