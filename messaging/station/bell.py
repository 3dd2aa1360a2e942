"""The desk rings: look for an update."""

from typing import Annotated

from pydantic import Field

from messaging.model import Message, UtcTime, example


class BellRung(Message):
    """Retained per channel. It makes a fleet agent look; only signed metadata can make it install."""

    model_config = example(v=1, number=12, at="2026-11-24T02:00:00Z")

    number: Annotated[int, Field(ge=1)]
    at: UtcTime
