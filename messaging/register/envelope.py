"""How questions of a register and their answers travel by MQTT."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from messaging.model import Message, UtcTime, Why, example
from messaging.register.answered import Answer
from messaging.register.asked import Asked


class RegisterAsked(Message):
    """One question or order of a register. The same ``id`` again gets the same answer, byte for byte."""

    model_config = example(
        v=1,
        id="0192f3c0-0000-7000-8000-000000000060",
        lane=1,
        ask={"kind": "state_sale", "reference": "2026-000123", "total_minor": 3000},
    )

    id: UUID
    lane: Annotated[int, Field(ge=1, le=999)]
    ask: Annotated[Asked, Field(discriminator="kind")]


class RegisterAnswered(Message):
    """The answer to one question; also a question that could not be understood gets one, if its id could."""

    model_config = example(
        v=1,
        to="0192f3c0-0000-7000-8000-000000000060",
        outcome="refused",
        why={"code": "lane_not_bound", "params": {}},
        at="2026-11-24T10:15:30.140Z",
        answer=None,
    )

    to: UUID
    outcome: Literal["done", "refused"]
    why: Why | None = None
    at: UtcTime
    answer: Annotated[Answer, Field(discriminator="kind")] | None = None
