"""The station's receipt for an event, and what to show for it."""

from typing import Literal
from uuid import UUID

from messaging.model import Message, UtcTime, Why, example
from messaging.station.show import Noted, Show


class Result(Message):
    """The one receipt that lets an event leave the outbox; a refused event gets one too.

    A repeated event gets the stored result again, byte for byte. ``at`` is the station's time, which a
    device without a clock takes over (row 203).
    """

    model_config = example(
        v=1,
        event_id="0192f3c0-0000-7000-8000-000000000001",
        outcome="accepted",
        why=None,
        session="0192f3c0-0000-7000-8000-000000000002",
        at="2026-11-24T10:15:30.140Z",
        show={"kind": "noted"},
    )

    event_id: UUID
    outcome: Literal["accepted", "refused"]
    why: Why | None = None
    """Of a refusal, for the log and the health page; what the customer may read stands in ``show``."""
    session: UUID | None = None
    at: UtcTime
    show: Show = Noted()
