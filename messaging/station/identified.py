"""Who is at a lane, for the POS users that are named for it (row 195). No contact data."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from messaging.model import Line, Message, Part, UtcTime, Why, example
from messaging.station.show import RewardShown


class DiscountOffered(Part):
    """A discount that the member's groups bring to this sale."""

    name: Line
    percent: Annotated[str, Field(pattern=r"^\d{1,3}(\.\d{1,3})?$")]
    applies: bool
    """False: it waits for one tap of staff (X15)."""
    why: Why


class Identified(Message):
    """A member was identified at a lane, with what applies to the open sale."""

    model_config = example(
        v=1,
        id="0192f3c0-0000-7000-8000-000000000030",
        event_id="0192f3c0-0000-7000-8000-000000000001",
        sale="0192f3c0-0000-7000-8000-000000000003",
        customer="0192f3c0-0000-7000-8000-000000000040",
        trust=2,
        at="2026-11-24T10:15:30.140Z",
        points=12,
        rewards=[],
        discounts=[],
    )

    id: UUID
    event_id: UUID
    sale: UUID | None
    customer: UUID
    trust: Annotated[int, Field(ge=0, le=3)]
    at: UtcTime
    points: int
    rewards: Annotated[tuple[RewardShown, ...], Field(max_length=15)]
    discounts: Annotated[tuple[DiscountOffered, ...], Field(max_length=20)]
