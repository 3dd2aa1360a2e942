"""A look at a device from afar: staff of the station ask for its screen or last lines; it answers in parts.

Not retained, and asked for again each time: nothing of it waits in the broker for a device that is away.
"""

import base64
import binascii
from collections.abc import Iterable
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from messaging.errors import MalformedMessageError
from messaging.model import Message, UtcTime, example

LookKind = Literal["picture", "log"]
LookRefusal = Literal["not_allowed", "in_use", "no_screen", "no_answer", "no_log"]
"""Nobody let the screen be seen; a customer stands at it; there is none; it did not draw; nothing to read."""

MOST_PARTS = 24
_PART_BYTES = 7_500
"""Four thirds of it in base64 stay well below the longest message."""

MOST_BYTES = MOST_PARTS * _PART_BYTES
"""The longest picture, or log, that may be answered."""


class LookAsked(Message):
    """The station asks a device for its screen, or a device's update agent for the last lines of its logs.

    A picture is given only while staff let the screen be seen, at that screen, and nobody is served there.
    """

    model_config = example(
        v=1, id="0192f3c0-0000-7000-8000-00000000000a", what="picture", at="2026-11-24T10:15:30Z"
    )

    id: UUID
    what: LookKind
    at: UtcTime


class LookAnswered(Message):
    """One part of the answer, or why there is none. ``data`` is base64: a JPEG, or text in UTF-8.

    ``allowed_s`` is for how long yet the screen may be seen.
    """

    model_config = example(
        v=1,
        id="0192f3c0-0000-7000-8000-00000000000a",
        part=1,
        parts=3,
        data="/9j/4AAQSkZJRg==",
        allowed_s=840,
    )

    id: UUID
    part: Annotated[int, Field(ge=1, le=MOST_PARTS)] = 1
    parts: Annotated[int, Field(ge=1, le=MOST_PARTS)] = 1
    data: Annotated[str, Field(max_length=11_000)] = ""
    refused: LookRefusal | None = None
    allowed_s: Annotated[int, Field(ge=0)] | None = None


def in_parts(look: UUID, content: bytes, allowed_s: int | None = None) -> list[LookAnswered]:
    """The answer that holds ``content``, of at most ``MOST_BYTES``."""
    pieces = [content[start : start + _PART_BYTES] for start in range(0, len(content), _PART_BYTES)] or [b""]
    return [
        LookAnswered(
            id=look,
            part=number,
            parts=len(pieces),
            data=base64.b64encode(piece).decode(),
            allowed_s=allowed_s,
        )
        for number, piece in enumerate(pieces, start=1)
    ]


def put_together(parts: Iterable[LookAnswered]) -> bytes | None:
    """What all parts hold, in whatever order they came; None while one is missing.

    Raises:
        MalformedMessageError: A part is no base64.
    """
    by_number = {each.part: each for each in parts}
    whole = max((each.parts for each in by_number.values()), default=0)
    if whole == 0 or any(number not in by_number for number in range(1, whole + 1)):
        return None
    try:
        return b"".join(
            base64.b64decode(by_number[number].data, validate=True) for number in range(1, whole + 1)
        )
    except binascii.Error as error:
        raise MalformedMessageError("a part of a look is no base64") from error
